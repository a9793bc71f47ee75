package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.zaxxer.hikari.HikariConfig;
import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.jdbc.database.Await;
import io.tokenstore.jdbc.database.DatabaseServer;
import io.tokenstore.jdbc.database.Servers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A pool whose connections began while the server took no writes, as after a failover that left them at the old primary. */
@ParameterizedClass(name = "{0}, autocommit {1}")
@MethodSource("servers")
@Timeout(300)
class ReadOnlyServerTest {

    private static final String DATABASE = "demoted";
    private static final Owner ALICE = new Owner("alice");
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final int CONNECTIONS = 5;

    @Parameter(0)
    private Kind kind;

    @Parameter(1)
    private boolean autocommit;

    private DataSource admin;
    private CountedPool pool;
    private JdbcTokenStore store;

    /** How a server is made read-only, and takes writes again. */
    enum Kind {
        POSTGRES_FOR_NEW_SESSIONS(
                Servers.postgres(),
                "ALTER ROLE demoted SET default_transaction_read_only = on",
                "ALTER ROLE demoted SET default_transaction_read_only = off"),
        MARIADB_FOR_NEW_SESSIONS(Servers.mariaDb(), "SET GLOBAL tx_read_only = 1", "SET GLOBAL tx_read_only = 0"),
        MARIADB_FOR_ALL(Servers.mariaDb(), "SET GLOBAL read_only = 1", "SET GLOBAL read_only = 0");

        private final DatabaseServer server;
        private final String demote;
        private final String promote;

        Kind(DatabaseServer server, String demote, String promote) {
            this.server = server;
            this.demote = demote;
            this.promote = promote;
        }

        static {
            Servers.postgres().createDatabase(DATABASE);
            Servers.mariaDb().createDatabase(DATABASE);
            try {
                DataSource postgres = Unpooled.at(Servers.postgres().url(DATABASE));
                JdbcTokenStore.createSchema(postgres);
                Unpooled.execute(
                        postgres,
                        "CREATE ROLE demoted LOGIN",
                        "GRANT ALL ON access_tokens, access_token_uses TO demoted");
                DataSource mariaDb = Unpooled.at(Servers.mariaDb().url(DATABASE));
                JdbcTokenStore.createSchema(mariaDb);
                Unpooled.execute(mariaDb, "CREATE USER demoted", "GRANT ALL ON demoted.* TO demoted");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    static Stream<Arguments> servers() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(true, false).map(autocommit -> Arguments.of(kind, autocommit)));
    }

    @BeforeEach
    void open() {
        String url = kind.server.url(DATABASE);
        admin = Unpooled.at(url);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(Unpooled.urlAs("demoted", url));
        config.setAutoCommit(autocommit);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(1_000);
        pool = new CountedPool(config);
        store = JdbcTokenStore.create(pool);
    }

    @AfterEach
    void promoteAndClose() throws SQLException {
        Unpooled.execute(admin, kind.promote);
        pool.close();
    }

    @Test
    void no_write_fails_on_a_connection_to_a_server_that_takes_none_any_more() throws Exception {
        fillThePoolWithDemotedConnections();
        Unpooled.execute(admin, kind.promote);
        for (int i = 0; i < 40; i++) {
            TokenId id = new TokenId(UUID.randomUUID().toString());
            store.add(token(id));
            assertThat(store.revoke(ALICE, id, revocation())).isTrue();
        }
    }

    @Test
    void each_kind_of_write_waits_for_a_server_that_takes_writes() throws Exception {
        TokenId id = new TokenId(UUID.randomUUID().toString());
        assertWaits(() -> store.add(token(id)));
        assertWaits(() -> assertThat(store.revoke(ALICE, id, revocation())).isTrue());
        store.add(token(new TokenId(UUID.randomUUID().toString())));
        assertWaits(() -> assertThat(store.revokeAll(ALICE, revocation())).isPositive());
        assertWaits(() -> assertThat(store.purge(NOW.plusSeconds(1), null, 10_000))
                .extracting(PurgePage::removed)
                .isNotEqualTo(0));
    }

    @Test
    void within_the_host_s_transaction_it_is_a_failure_at_once_and_the_connection_lives() throws Exception {
        fillThePoolWithDemotedConnections();
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            assertThatExceptionOfType(TokenStoreException.class)
                    .isThrownBy(() -> JdbcTokenStore.joining(connection).add(token(new TokenId("joined"))))
                    .returns(Applied.NO, TokenStoreException::applied);
            connection.rollback();
            assertThat(connection.isValid(0)).isTrue();
        }
    }

    @Test
    void what_is_read_only_for_good_is_refused_at_the_first_attempt() throws Exception {
        fillThePoolWithDemotedConnections();
        int before = pool.asked();
        assertThatIllegalStateException()
                .isThrownBy(() -> JdbcTokenStore.create(pool))
                .withMessageContaining("connect to a primary, not read-only");
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() ->
                        JdbcTokenStore.createSchema(pool, JdbcOptions.defaults().withTable("t")))
                .returns(Applied.NO, TokenStoreException::applied);
        assertThat(pool.asked() - before).as("attempts").isEqualTo(2);
    }

    private void assertWaits(Runnable write) throws Exception {
        fillThePoolWithDemotedConnections();
        int before = pool.asked();
        FutureTask<Boolean> call = new FutureTask<>(write, true);
        new Thread(call, "caller").start();
        Await.until(() -> "a third attempt", () -> pool.asked() > before + 2 || call.isDone());
        Unpooled.execute(admin, kind.promote);
        assertThat(call.get(120, TimeUnit.SECONDS)).isTrue();
        assertThat(pool.asked()).as("attempts").isGreaterThan(before + 2);
    }

    /** The pool may be opening connections of its own accord, so it is asked until all that it has are demoted. */
    private void fillThePoolWithDemotedConnections() throws SQLException {
        Unpooled.execute(admin, kind.demote);
        Await.until(() -> "demoted connections", () -> {
            pool.forgetConnections();
            List<Connection> all = new ArrayList<>();
            int demoted = 0;
            for (int i = 0; i < CONNECTIONS; i++) {
                all.add(pool.getConnection());
                demoted += takesWrites(all.get(i)) ? 0 : 1;
            }
            for (Connection each : all) {
                each.close();
            }
            return demoted == CONNECTIONS;
        });
    }

    private static boolean takesWrites(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM access_tokens WHERE id = 'none'");
            return true;
        } catch (SQLException readOnly) {
            return false;
        } finally {
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
        }
    }

    private static Token token(TokenId id) {
        return Token.builder(id, ALICE, "laptop", NOW).build();
    }

    private static Revocation revocation() {
        return new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
    }
}
