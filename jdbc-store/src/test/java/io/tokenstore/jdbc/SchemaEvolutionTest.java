package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenState;
import io.tokenstore.TokenStore;
import io.tokenstore.service.Caller;
import io.tokenstore.service.IssuedToken;
import io.tokenstore.service.PageRequest;
import io.tokenstore.service.Status;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenServices;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A later release, whose tables have one more column, beside this one. */
class SchemaEvolutionTest {

    private static final Owner ALICE = new Owner("alice");
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final List<Dialect.Script> NEXT = Stream.concat(
                    Dialect.SCRIPTS.stream(),
                    Stream.of(new Dialect.Script("next/%s/V2__one_more_column.sql", "kept_for")))
            .toList();

    @ParameterizedTest
    @EnumSource
    void a_node_of_this_release_goes_on_while_the_next_one_adds_a_column(FreshDatabase database) throws SQLException {
        DataSource dataSource = database.create();
        JdbcTokenStore.createSchema(dataSource);
        try (Connection held = dataSource.getConnection()) {
            // On one connection, so that the driver has prepared the statements before the column is there.
            JdbcTokenStore running = JdbcTokenStore.create(new DriverCalls(held).dataSource());
            for (int i = 0; i < 10; i++) {
                doEverything(running);
            }
            running.add(token("kept"));
            createNext(dataSource::getConnection);
            doEverything(running);
            doEverything(JdbcTokenStore.create(dataSource));
            assertThat(keptFor(dataSource)).containsExactly("everybody");
            assertThat(running.find(new TokenId("kept"))).contains(token("kept"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_token_that_a_newer_release_restricts_authenticates_nobody_on_an_older_node(FreshDatabase database)
            throws SQLException {
        DataSource dataSource = database.create();
        JdbcTokenStore.createSchema(dataSource);
        JdbcTokenStore running = JdbcTokenStore.create(dataSource);
        createNext(dataSource::getConnection);
        assertAuthenticatesNobodyOnceRestricted(
                running,
                version -> Unpooled.execute(
                        dataSource, "UPDATE access_tokens SET kept_for = 'bob', min_reader_version = " + version));
    }

    private interface NextRelease {
        void restrict(int readerVersion) throws SQLException;
    }

    private static void assertAuthenticatesNobodyOnceRestricted(TokenStore store, NextRelease next)
            throws SQLException {
        TokenServices tokens = TokenServices.builder(store).build();
        Caller carol = Caller.user(new Owner("carol"));
        TokenRequest request = TokenRequest.named("laptop").withTtl(Duration.ofDays(1));
        for (int version : new int[] {Token.READER_VERSION + 1, 7, Integer.MAX_VALUE}) {
            IssuedToken issued =
                    tokens.issuance().issue(carol, "carol", request).orElseThrow();
            String id = issued.id().value();
            assertThat(tokens.authenticator().authenticateToken(issued.secret()))
                    .hasToString("user carol");
            next.restrict(version);
            assertThat(tokens.authenticator().authenticateToken(issued.secret()).isAnonymous())
                    .isTrue();
            assertThat(tokens.authenticator().isLive(id)).isFalse();
            assertThat(tokens.query()
                            .list(carol, "carol", PageRequest.first(100))
                            .value()
                            .tokens())
                    .anyMatch(token -> token.id().equals(id) && token.state() == TokenState.UNREADABLE);
            assertThat(tokens.revocation().revoke(carol, "carol", id).status()).isEqualTo(Status.OK);
        }
    }

    @ParameterizedTest
    @EnumSource
    void running_the_scripts_again_changes_nothing(FreshDatabase database) throws SQLException {
        DataSource dataSource = database.create();
        createNext(dataSource::getConnection);
        JdbcTokenStore.create(dataSource).add(token("kept"));
        Unpooled.execute(dataSource, "UPDATE access_tokens SET kept_for = 'bob'");
        createNext(dataSource::getConnection);
        JdbcTokenStore.createSchema(dataSource);
        assertThat(keptFor(dataSource)).containsExactly("bob");
        doEverything(JdbcTokenStore.create(dataSource));
    }

    @ParameterizedTest
    // H2 copies the table to add a column. If two nodes do so at once, it may lose the rows.
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "H2")
    void nodes_of_the_next_release_that_start_together_all_find_its_column(FreshDatabase database) throws Exception {
        DataSource dataSource = database.create();
        for (int round = 0; round < 10; round++) {
            JdbcOptions options = JdbcOptions.defaults().withTable("together_" + round);
            if (round % 2 == 0) {
                JdbcTokenStore.createSchema(dataSource, options);
            }
            CreateSchemaTest.assertStartTogether(dataSource, options, NEXT);
        }
    }

    @Test
    void an_embedded_file_of_this_release_is_opened_by_the_next_one_and_by_this_one_again(@TempDir Path folder)
            throws IOException, SQLException {
        Path file = folder.resolve("tokens");
        try (EmbeddedTokenStore store = EmbeddedTokenStore.open(file)) {
            store.add(token("kept"));
            doEverything(store);
        }
        for (int opening = 0; opening < 2; opening++) {
            try (EmbeddedDatabase next = new EmbeddedDatabase(EmbeddedFile.prepare(file))) {
                createNext(next);
                TokenStore store = JdbcTokenStore.create(next, () -> false, JdbcOptions.defaults(), connection -> {});
                assertThat(store.find(new TokenId("kept"))).contains(token("kept"));
                doEverything(store);
                assertAuthenticatesNobodyOnceRestricted(store, version -> restrictCarols(next, version));
            }
        }
        try (EmbeddedTokenStore store = EmbeddedTokenStore.open(file)) {
            assertThat(store.find(new TokenId("kept"))).contains(token("kept"));
            doEverything(store);
        }
    }

    private static void restrictCarols(ConnectionFactory next, int readerVersion) throws SQLException {
        Connection connection = next.openConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "UPDATE access_tokens SET min_reader_version = " + readerVersion + " WHERE owner = 'carol'");
        } finally {
            next.closeConnection(connection);
        }
    }

    static void createNext(ConnectionFactory connections) {
        JdbcTokenStore.createSchema(connections, JdbcOptions.defaults(), NEXT);
    }

    /** With tokens of its own, all of which are gone in the end. */
    private static void doEverything(TokenStore store) {
        Owner bob = new Owner("bob");
        Token one = Token.builder(new TokenId("one"), bob, "laptop", NOW).build();
        Token two = Token.builder(new TokenId("two"), bob, "laptop", NOW)
                .predecessor(one.id())
                .build();
        Revocation revocation = new Revocation(UUID.randomUUID(), NOW, Actor.user("bob"), null);
        store.add(one);
        store.addAll(List.of(two));
        assertThat(store.find(one.id())).contains(one);
        assertThat(store.findAll(List.of(one.id(), two.id()))).containsValues(one, two);
        assertThat(store.list(bob, null, 10).tokens()).containsExactly(one, two);
        assertThat(store.scan(null, 10).tokens()).contains(one, two);
        assertThat(store.activate(bob, two.id())).isTrue();
        assertThat(store.revoke(bob, one.id(), revocation)).isTrue();
        assertThat(store.revokeAll(bob, revocation)).isEqualTo(2);
        assertThat(store.purge(NOW.plusSeconds(1), null, 100)).isEqualTo(new PurgePage(2, null));
    }

    private static List<String> keptFor(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT kept_for FROM access_tokens")) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    private static Token token(String id) {
        return Token.builder(new TokenId(id), ALICE, "laptop", NOW).build();
    }
}
