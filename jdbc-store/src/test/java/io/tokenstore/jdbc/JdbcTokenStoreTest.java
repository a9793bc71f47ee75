package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.tokenstore.Actor;
import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JdbcTokenStoreTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Owner ALICE = new Owner("alice");
    private static final byte[] HASH = HexFormat.of().parseHex("ab".repeat(32));

    private final JdbcConnectionPool pool = H2.memory();

    @AfterEach
    void dropTheDatabase() {
        pool.dispose();
    }

    @Test
    void without_the_table_there_is_no_store() {
        assertThatIllegalStateException()
                .isThrownBy(() -> JdbcTokenStore.create(pool))
                .withMessageContaining("access_tokens")
                .withMessageContaining("JdbcTokenStore.createSchema");
    }

    @Test
    void another_table_by_that_name_is_not_taken() throws SQLException {
        execute("CREATE TABLE access_tokens (id VARCHAR(255) PRIMARY KEY, owner VARCHAR(255))");
        JdbcTokenStore.createSchema(pool);
        assertThatIllegalStateException()
                .isThrownBy(() -> JdbcTokenStore.create(pool))
                .withMessageContaining("is not the token store's");
    }

    @Test
    void the_schema_can_be_created_again_and_keeps_what_is_there() {
        JdbcTokenStore.createSchema(pool);
        JdbcTokenStore.create(pool).add(token("t1"));
        JdbcTokenStore.createSchema(pool);
        assertThat(JdbcTokenStore.create(pool).find(new TokenId("t1"))).contains(token("t1"));
    }

    @Test
    void a_check_in_the_host_s_transaction_asks_once_and_takes_nothing_of_the_host_s_back() throws SQLException {
        JdbcTokenStore.createSchema(pool);
        try (Connection host = pool.getConnection()) {
            host.setAutoCommit(false);
            JdbcTokenStore.joining(host).add(token("t1"));
            DataSource ofTheHost = Unpooled.of(() -> StandIn.of(
                    Connection.class,
                    (proxy, method, arguments) ->
                            method.getName().equals("close") ? null : method.invoke(host, arguments)));
            AtomicInteger asked = new AtomicInteger();
            JdbcTokenStore.create(ofTheHost, () -> asked.getAndIncrement() == 0);
            assertThat(JdbcTokenStore.joining(host).find(new TokenId("t1"))).contains(token("t1"));
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void a_repeated_revocation_is_a_write_again() throws SQLException {
        JdbcTokenStore.createSchema(pool);
        JdbcTokenStore store = JdbcTokenStore.create(pool);
        Revocation revocation = new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
        store.add(token("t1"));
        store.revoke(ALICE, new TokenId("t1"), revocation);
        int once = writeParity();
        store.revoke(ALICE, new TokenId("t1"), revocation);
        assertThat(writeParity()).isNotEqualTo(once);
        store.revokeAll(ALICE, revocation);
        assertThat(writeParity()).isEqualTo(once);
    }

    @Test
    void a_database_that_is_gone_is_a_failure_that_was_surely_not_applied() {
        JdbcTokenStore.createSchema(pool);
        JdbcTokenStore store = JdbcTokenStore.create(pool);
        pool.dispose();
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> store.revoke(ALICE, new TokenId("t1"), revocation()))
                .returns(Applied.NO, TokenStoreException::applied)
                .withMessage("the database failed to revoke a token");
        assertThatExceptionOfType(TokenStoreException.class).isThrownBy(() -> store.find(new TokenId("t1")));
        assertThatExceptionOfType(TokenStoreException.class).isThrownBy(() -> JdbcTokenStore.create(pool));
    }

    @Test
    void a_write_that_the_database_refuses_is_a_failure_and_never_an_answer() throws SQLException {
        JdbcTokenStore.createSchema(pool);
        JdbcTokenStore store = JdbcTokenStore.create(pool);
        store.add(token("t1"));
        execute("ALTER TABLE access_tokens DROP COLUMN revoked_reason");
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> store.revoke(ALICE, new TokenId("t1"), revocation()));
        assertThatExceptionOfType(TokenStoreException.class).isThrownBy(() -> store.revokeAll(ALICE, revocation()));
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> store.list(ALICE, null, 10))
                .returns(Applied.NO, TokenStoreException::applied);
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> store.add(token("t2")))
                .isNotInstanceOf(DuplicateTokenException.class);
    }

    @Test
    void no_exception_shows_a_hash() throws SQLException {
        JdbcTokenStore.createSchema(pool);
        JdbcTokenStore store = JdbcTokenStore.create(pool);
        store.add(token("t1"));
        StringWriter everything = new StringWriter();
        try {
            store.add(token("t1"));
        } catch (DuplicateTokenException e) {
            e.printStackTrace(new PrintWriter(everything, true));
        }
        execute("ALTER TABLE access_tokens ADD CHECK (id = 't1')");
        try {
            store.add(token("t2"));
        } catch (TokenStoreException e) {
            assertThat(e).isNotInstanceOf(DuplicateTokenException.class);
            e.printStackTrace(new PrintWriter(everything, true));
        }
        assertThat(everything.toString())
                .contains("DuplicateTokenException", "the database failed to add a token")
                .doesNotContainIgnoringCase("abababab");
    }

    @Test
    void a_connection_that_can_t_be_given_back_takes_no_answer_back() {
        JdbcTokenStore.createSchema(pool);
        DataSource grudging = connections(connection -> {
            connection.close();
            throw new SQLException("still in a transaction", "40001");
        });
        JdbcTokenStore store = JdbcTokenStore.create(grudging);
        Revocation revocation = revocation();
        store.add(token("t1"));
        assertThat(store.revoke(ALICE, new TokenId("t1"), revocation)).isTrue();
        assertThat(store.find(new TokenId("t1")).map(Token::revocation)).contains(revocation);
    }

    @Test
    void a_call_that_waited_too_long_for_its_connection_sends_nothing() {
        JdbcTokenStore.createSchema(pool);
        JdbcTokenStore.create(pool).add(token("t1"));
        ConnectionRecorder recorder = new ConnectionRecorder();
        JdbcTokenStore hurried = JdbcTokenStore.create(
                recorder.recorded((DataSource) pool),
                () -> false,
                JdbcOptions.defaults().withDeadline(Duration.ofMillis(1_500)));
        recorder.startOver();
        pool.setMaxConnections(1);
        try (Connection taken = pool.getConnection()) {
            pool.setLoginTimeout(2);
            assertThatExceptionOfType(TokenStoreException.class)
                    .isThrownBy(() -> hurried.revoke(ALICE, new TokenId("t1"), revocation()))
                    .returns(Applied.NO, TokenStoreException::applied);
            assertThat(taken.isClosed()).isFalse();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        assertThat(recorder.executions()).isEmpty();
    }

    @Test
    void null_is_refused() {
        assertThatNullPointerException().isThrownBy(() -> JdbcTokenStore.create(null));
        assertThatNullPointerException().isThrownBy(() -> JdbcTokenStore.createSchema(null));
    }

    private interface Closing {
        void close(Connection connection) throws SQLException;
    }

    /** The pool's connections, with an end of their own. */
    private DataSource connections(Closing closing) {
        return Unpooled.of(() -> {
            Connection connection = pool.getConnection();
            return StandIn.of(Connection.class, (proxy, method, arguments) -> {
                if (method.getName().equals("close")) {
                    closing.close(connection);
                    return null;
                }
                return StandIn.call(connection, method, arguments);
            });
        });
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private int writeParity() throws SQLException {
        try (Connection connection = pool.getConnection();
                var statement = connection.prepareStatement("SELECT write_parity FROM access_tokens");
                var row = statement.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    private static Revocation revocation() {
        return new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
    }

    private static Token token(String id) {
        return Token.builder(new TokenId(id), ALICE, "laptop", NOW)
                .hash(new SecretHash(HASH))
                .build();
    }
}
