package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.jdbc.database.DatabaseServer;
import io.tokenstore.jdbc.database.Servers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who asks for another's token learns nothing of it, not even by waiting, and makes nobody wait. */
@Timeout(60)
class ForeignRowTest {

    private static final String DATABASE = "foreign_rows";
    private static final Owner ALICE = new Owner("alice");
    private static final Owner MALLORY = new Owner("mallory");
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");

    /** Between those of the other. */
    private static final TokenId OF_ALICE = new TokenId("t2");

    private static final List<TokenId> OF_MALLORY = List.of(new TokenId("t1"), new TokenId("t3"));

    @Nested
    class OnH2 extends Contract {
        @Override
        String url() {
            return H2.memoryUrl() + ";DB_CLOSE_DELAY=-1";
        }
    }

    @Nested
    class OnPostgres extends Contract {
        @Override
        String url() {
            return of(Servers.postgres());
        }
    }

    @Nested
    class OnMariaDb extends Contract {
        @Override
        String url() {
            return of(Servers.mariaDb());
        }
    }

    @Nested
    @Tag("mysql")
    class OnMySql extends Contract {
        @Override
        String url() {
            return of(Servers.mySql());
        }
    }

    private static String of(DatabaseServer server) {
        server.createDatabase(DATABASE);
        return server.url(DATABASE);
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class Contract {

        private String url;

        abstract String url();

        static Stream<String> isolations() {
            return Stream.of("TRANSACTION_READ_COMMITTED", "TRANSACTION_REPEATABLE_READ");
        }

        @ParameterizedTest
        @MethodSource("isolations")
        void whoever_asks_for_another_s_token_does_not_wait_for_its_row(String isolation) throws SQLException {
            try (HikariDataSource pool = pool(isolation)) {
                JdbcTokenStore store = store(pool);
                try (Connection busy = pool.getConnection()) {
                    busy.setAutoCommit(false);
                    try (PreparedStatement lock =
                            busy.prepareStatement("SELECT id FROM access_tokens WHERE id = ? FOR UPDATE")) {
                        lock.setString(1, OF_ALICE.value());
                        lock.executeQuery();
                    }
                    assertThat(store.revoke(MALLORY, OF_ALICE, revocation(MALLORY)))
                            .isFalse();
                    assertThat(store.activate(MALLORY, OF_ALICE)).isFalse();
                    assertThat(store.revokeAll(MALLORY, revocation(MALLORY))).isEqualTo(OF_MALLORY.size());
                    busy.rollback();
                }
            }
        }

        @ParameterizedTest
        @MethodSource("isolations")
        void nobody_waits_for_whoever_asked_for_another_s_token(String isolation) throws SQLException {
            try (HikariDataSource pool = pool(isolation)) {
                JdbcTokenStore store = store(pool);
                try (Connection host = pool.getConnection()) {
                    host.setAutoCommit(false);
                    TokenStore joining = JdbcTokenStore.joining(host);
                    assertThat(joining.revoke(MALLORY, OF_ALICE, revocation(MALLORY)))
                            .isFalse();
                    assertThat(joining.activate(MALLORY, OF_ALICE)).isFalse();
                    assertThat(joining.revokeAll(MALLORY, revocation(MALLORY))).isEqualTo(OF_MALLORY.size());
                    assertThat(store.activate(ALICE, OF_ALICE)).isTrue();
                    assertThat(store.revoke(ALICE, OF_ALICE, revocation(ALICE))).isTrue();
                    host.rollback();
                }
            }
        }

        private HikariDataSource pool(String isolation) {
            url = url == null ? url() : url;
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(url);
            config.setTransactionIsolation(isolation);
            config.setMaximumPoolSize(2);
            return new HikariDataSource(config);
        }

        private static JdbcTokenStore store(HikariDataSource pool) throws SQLException {
            Unpooled.execute(pool, "DROP TABLE IF EXISTS access_tokens");
            JdbcTokenStore.createSchema(pool);
            JdbcTokenStore store = JdbcTokenStore.create(
                    pool, () -> false, JdbcOptions.defaults().withDeadline(Duration.ofSeconds(5)));
            store.add(token(OF_ALICE, ALICE));
            for (TokenId id : OF_MALLORY) {
                store.add(token(id, MALLORY));
            }
            return store;
        }
    }

    private static Token token(TokenId id, Owner owner) {
        return Token.builder(id, owner, "laptop", NOW).build();
    }

    private static Revocation revocation(Owner by) {
        return new Revocation(UUID.randomUUID(), NOW, Actor.user(by.value()), null);
    }
}
