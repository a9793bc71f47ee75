package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.jdbc.database.Servers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PostgreSQL tells by a warning alone that a standby may lack a commit: nothing is acknowledged where that is hidden. */
class MutedWarningsTest {

    private static final String DATABASE = "muted";
    private static final String MUTE = "SET client_min_messages = error";
    private static final Owner ALICE = new Owner("alice");
    private static final TokenId LAPTOP = new TokenId("laptop");
    private static final String WORDS = "client_min_messages hides PostgreSQL's warning";

    private static final String URL = url();

    private final DataSource database = Unpooled.at(URL);

    private static String url() {
        Servers.postgres().createDatabase(DATABASE);
        return Servers.postgres().url(DATABASE);
    }

    @BeforeEach
    void startOver() throws SQLException {
        Unpooled.execute(database, "DROP TABLE IF EXISTS access_tokens");
        JdbcTokenStore.createSchema(database);
        JdbcTokenStore.create(database).add(token(LAPTOP));
    }

    @Test
    void a_connection_that_hides_warnings_is_refused() throws SQLException {
        assertRefused(Unpooled.at(URL + "&options=-c%20client_min_messages=error"));
        assertRefused(Unpooled.at(URL, MUTE));
        Unpooled.execute(database, "ALTER DATABASE muted SET client_min_messages = error");
        try {
            assertRefused(database);
        } finally {
            Unpooled.execute(database, "ALTER DATABASE muted RESET client_min_messages");
        }
        Unpooled.execute(
                database, "CREATE ROLE quiet LOGIN SUPERUSER", "ALTER ROLE quiet SET client_min_messages = error");
        assertRefused(Unpooled.as("quiet", URL));
    }

    @ParameterizedTest
    @ValueSource(strings = {"BEFORE INSERT", "AFTER INSERT", "AFTER UPDATE", "BEFORE DELETE"})
    void a_trigger_that_hides_the_warning_of_its_own_commit_is_refused(String when) throws SQLException {
        Unpooled.execute(
                database,
                "CREATE OR REPLACE FUNCTION mute() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " SET LOCAL client_min_messages = error; RETURN COALESCE(NEW, OLD); END $$",
                "CREATE TRIGGER mute " + when + " ON access_tokens FOR EACH ROW EXECUTE FUNCTION mute()");
        assertRefused(database);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_session_that_comes_to_hide_warnings_after_the_check_writes_nothing(boolean autocommit) throws SQLException {
        AtomicReference<String> statement = new AtomicReference<>("SET client_min_messages = warning");
        JdbcTokenStore store = JdbcTokenStore.create(Unpooled.of(() -> {
            Connection connection = Unpooled.at(URL, statement.get()).getConnection();
            connection.setAutoCommit(autocommit);
            return connection;
        }));
        statement.set(MUTE);
        assertWritesNothing(store);
        assertThat(store.find(LAPTOP)).contains(token(LAPTOP));
        statement.set("SET client_min_messages = notice");
        assertThat(store.revoke(ALICE, LAPTOP, revocation())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_connection_of_the_host_that_hides_warnings_writes_nothing(boolean autocommit) throws SQLException {
        try (Connection connection = DriverManager.getConnection(URL)) {
            Unpooled.execute(
                    Unpooled.of(() -> StandIn.of(
                            Connection.class,
                            (proxy, method, arguments) -> method.getName().equals("close")
                                    ? null
                                    : StandIn.call(connection, method, arguments))),
                    MUTE);
            connection.setAutoCommit(autocommit);
            assertThatWriteFails(() -> JdbcTokenStore.joining(connection).revoke(ALICE, LAPTOP, revocation()));
        }
    }

    private static void assertWritesNothing(JdbcTokenStore store) {
        assertThatWriteFails(() -> store.add(token(new TokenId("phone"))));
        assertThatWriteFails(() -> store.revoke(ALICE, LAPTOP, revocation()));
        assertThatWriteFails(() -> store.revokeAll(ALICE, revocation()));
        assertThat(store.find(new TokenId("phone"))).isEmpty();
        assertThatWriteFails(() -> store.record(Map.of(LAPTOP, Instant.EPOCH)));
        assertThat(store.lastUses(List.of(LAPTOP))).isEmpty();
    }

    private static void assertThatWriteFails(Runnable write) {
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(write::run)
                .returns(Applied.NO, TokenStoreException::applied)
                .withStackTraceContaining(WORDS);
    }

    private static void assertRefused(DataSource dataSource) {
        assertThatIllegalStateException()
                .isThrownBy(() -> JdbcTokenStore.create(dataSource))
                .withMessageContaining(WORDS)
                .withMessageContaining("set it to warning, or lower");
    }

    private static Token token(TokenId id) {
        return Token.builder(id, ALICE, "a name", Instant.EPOCH).build();
    }

    private static Revocation revocation() {
        return new Revocation(UUID.randomUUID(), Instant.EPOCH, Actor.user("alice"), null);
    }
}
