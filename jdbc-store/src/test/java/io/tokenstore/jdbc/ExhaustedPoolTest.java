package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.Actor;
import io.tokenstore.Owner;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mariadb.jdbc.MariaDbPoolDataSource;

/** No connection to be had: because all are in use, or because the database is away. */
@Timeout(600)
class ExhaustedPoolTest {

    private static final Owner ALICE = new Owner("alice");
    private static final TokenId ID = new TokenId("made-up");
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Duration POOL_WAIT = Duration.ofMillis(250);

    /** Pools of one connection. */
    enum Pool {
        HIKARI {
            @Override
            DataSource open() {
                HikariConfig config = new HikariConfig();
                config.setJdbcUrl(H2.memoryUrl() + ";DB_CLOSE_DELAY=-1");
                config.setMaximumPoolSize(1);
                config.setConnectionTimeout(POOL_WAIT.toMillis());
                return new HikariDataSource(config);
            }
        },
        H2_S_OWN {
            @Override
            DataSource open() {
                JdbcConnectionPool pool = JdbcConnectionPool.create(H2.memoryUrl() + ";DB_CLOSE_DELAY=-1", "sa", "");
                pool.setMaxConnections(1);
                pool.setLoginTimeout(1);
                return pool;
            }
        },
        MARIADB_S_OWN {
            @Override
            DataSource open() throws SQLException {
                return new MariaDbPoolDataSource(
                        Servers.mariaDb().newDatabase() + "&maxPoolSize=1&connectTimeout=" + POOL_WAIT.toMillis());
            }
        };

        abstract DataSource open() throws SQLException;
    }

    @ParameterizedTest
    @EnumSource
    void a_pool_whose_connections_are_all_in_use_is_asked_once(Pool kind) throws Exception {
        DataSource pool = kind.open();
        AtomicInteger asked = new AtomicInteger();
        DataSource counted = Unpooled.of(() -> {
            asked.incrementAndGet();
            return pool.getConnection();
        });
        JdbcTokenStore.createSchema(counted);
        JdbcTokenStore store = JdbcTokenStore.create(counted);
        asked.set(0);
        try (Connection inUse = pool.getConnection()) {
            assertThat(inUse.isValid(0)).isTrue();
            assertFails(() -> store.revoke(ALICE, ID, revocation()));
            assertFails(() -> store.find(ID));
            assertFails(() -> store.list(ALICE, null, 10));
            assertFails(() -> store.purge(NOW, null, 10));
        }
        assertThat(asked.get()).as("attempts").isEqualTo(4);
        assertThat(store.find(ID)).isEmpty();
        if (pool instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void while_the_database_is_away_no_read_outlasts_its_deadline_and_a_wait_for_the_pool(Server kind)
            throws Exception {
        try (CountedPool pool = pool(kind.server.newDatabase())) {
            JdbcTokenStore.createSchema(pool);
            JdbcTokenStore store = JdbcTokenStore.create(pool);
            ExecutorService threads = Executors.newFixedThreadPool(250);
            kind.server.kill();
            try {
                long start = System.nanoTime();
                List<Future<?>> finds = new ArrayList<>();
                for (int i = 0; i < 250; i++) {
                    finds.add(threads.submit(() -> assertFails(() -> store.find(ID))));
                }
                for (Future<?> find : finds) {
                    find.get(60, TimeUnit.SECONDS);
                }
                // A slow machine has several times as long, and still less than a write has.
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(9));
            } finally {
                threads.shutdownNow();
                kind.server.restart();
            }
            Await.until(() -> "an answer", () -> answers(store));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_write_outlasts_an_outage_that_is_longer_than_a_wait_for_the_pool(Server kind) throws Exception {
        try (CountedPool pool = pool(kind.server.newDatabase())) {
            JdbcTokenStore.createSchema(pool);
            JdbcTokenStore store = JdbcTokenStore.create(
                    pool, () -> false, JdbcOptions.defaults().withDeadline(Duration.ofSeconds(60)));
            Token token = Token.builder(ID, ALICE, "laptop", NOW).build();
            kind.server.kill();
            FutureTask<Boolean> add = new FutureTask<>(() -> store.add(token), true);
            try {
                pool.forgetConnections();
                int before = pool.asked();
                new Thread(add, "caller").start();
                Await.until(() -> "a third attempt", () -> pool.asked() > before + 2 || add.isDone());
            } finally {
                kind.server.restart();
            }
            assertThat(add.get(60, TimeUnit.SECONDS)).isTrue();
            assertThat(store.find(ID)).contains(token);
        }
    }

    enum Server {
        POSTGRES(Servers.postgres()),
        MARIADB(Servers.mariaDb());

        private final DatabaseServer server;

        Server(DatabaseServer server) {
            this.server = server;
        }
    }

    private static CountedPool pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(5);
        config.setConnectionTimeout(POOL_WAIT.toMillis());
        return new CountedPool(config);
    }

    private static boolean answers(JdbcTokenStore store) {
        try {
            return store.find(ID).isEmpty();
        } catch (TokenStoreException notYet) {
            return false;
        }
    }

    private static void assertFails(ThrowingCallable call) {
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(call)
                .returns(Applied.NO, TokenStoreException::applied);
    }

    private static Revocation revocation() {
        return new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
    }
}
