package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.jdbc.database.Await;
import io.tokenstore.jdbc.database.DatabaseServer;
import io.tokenstore.jdbc.database.Fault;
import io.tokenstore.jdbc.database.FaultProxy;
import io.tokenstore.jdbc.database.Servers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Transactions that databases end because others are in the way: the store repeats them, and its callers never know. */
@Timeout(300)
class ConflictTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final String UPDATE = "UPDATE access_tokens SET name = 'desktop' WHERE id = ?";
    private static final int THREADS = 16;
    private static final int ROUNDS = 20;

    private final Owner owner = new Owner("u" + UUID.randomUUID().toString().replace('-', '_'));
    private CountedPool pool;
    private JdbcTokenStore store;

    enum Database {
        POSTGRES(
                Servers.postgres(),
                "SET lock_timeout = '200ms'",
                "SET deadlock_timeout = '200ms'",
                "SET deadlock_timeout = '50s'"),
        MARIADB(
                Servers.mariaDb(),
                "SET innodb_lock_wait_timeout = 1",
                "SET innodb_lock_wait_timeout = 50",
                "SET innodb_lock_wait_timeout = 50");

        private static final String NAME = "conflicts";

        private final DatabaseServer server;
        private final String shortLockWaits;
        private final String loserOfDeadlocks;
        private final String winnerOfDeadlocks;

        Database(DatabaseServer server, String shortLockWaits, String loserOfDeadlocks, String winnerOfDeadlocks) {
            this.server = server;
            this.shortLockWaits = shortLockWaits;
            this.loserOfDeadlocks = loserOfDeadlocks;
            this.winnerOfDeadlocks = winnerOfDeadlocks;
            server.createDatabase(NAME);
        }

        private String url() {
            return server.url(NAME);
        }
    }

    static Stream<Arguments> strictIsolation() {
        return Stream.of(Database.values())
                .flatMap(database -> Stream.of("TRANSACTION_REPEATABLE_READ", "TRANSACTION_SERIALIZABLE")
                        .flatMap(isolation -> Stream.of(true, false)
                                .map(autocommit -> Arguments.of(database, isolation, autocommit))));
    }

    @AfterEach
    void closeThePool() {
        pool.close();
    }

    @ParameterizedTest(name = "{0}, {1}, autocommit {2}")
    @MethodSource("strictIsolation")
    void of_sixteen_threads_that_revoke_a_token_one_is_told_so_and_none_sees_a_conflict(
            Database database, String isolation, boolean autocommit, TestInfo test) throws Exception {
        HikariConfig config = config(database.url());
        config.setTransactionIsolation(isolation);
        config.setAutoCommit(autocommit);
        config.setMaximumPoolSize(THREADS);
        open(config);
        Ledger ledger = new Ledger(test, "%s, %s, autocommit %s".formatted(database, isolation, autocommit));
        int conflicts = 0;
        // Threads that the machine runs one after another never meet.
        for (int batch = 0; batch == 0 || (database == Database.POSTGRES && conflicts == 0 && batch < 50); batch++) {
            List<TokenId> tokens = added("a" + batch, ROUNDS);
            int before = pool.asked();
            List<Integer> winsOfEach = inEachThread(start -> {
                int wins = 0;
                for (TokenId id : tokens) {
                    start.await(120, TimeUnit.SECONDS);
                    wins += ledger.revoke(store, owner, id, revocation()) ? 1 : 0;
                }
                return wins;
            });
            assertThat(winsOfEach.stream().mapToInt(Integer::intValue).sum()).isEqualTo(ROUNDS);
            conflicts = pool.asked() - before - THREADS * ROUNDS;
        }
        if (database == Database.POSTGRES) {
            assertThat(conflicts).as("attempts that were repeated").isPositive();
        }
        ledger.compareWith(store);
    }

    @ParameterizedTest
    @EnumSource
    void who_loses_a_deadlock_tries_again(Database database) throws Exception {
        // In a table that was never vacuumed, PostgreSQL keeps and locks the rows in the order of their insertion.
        String url = database.server.newDatabase();
        HikariConfig config = config(url);
        config.setConnectionInitSql(database.loserOfDeadlocks);
        open(config);
        List<TokenId> contested = added("a", 2);
        List<TokenId> others = added("b", 20);
        int before = pool.asked();
        try (Connection winner = DriverManager.getConnection(url);
                Connection observer = DriverManager.getConnection(url)) {
            execute(winner, database.winnerOfDeadlocks);
            winner.setAutoCommit(false);
            // MariaDB ends the transaction that wrote less.
            for (TokenId id : others) {
                update(winner, id);
            }
            update(winner, contested.get(1));
            Future<Integer> loser = call(() -> store.revokeAll(owner, revocation()));
            Await.until(() -> "a lock", () -> isLocked(observer, contested.get(0)) || loser.isDone());
            update(winner, contested.get(0));
            winner.commit();
            assertThat(loser.get(120, TimeUnit.SECONDS)).isEqualTo(22);
        }
        assertThat(pool.asked()).as("attempts").isGreaterThan(before + 1);
    }

    @ParameterizedTest
    @EnumSource
    void who_waits_too_long_for_a_lock_tries_again(Database database) throws Exception {
        HikariConfig config = config(database.url());
        config.setConnectionInitSql(database.shortLockWaits);
        open(config);
        TokenId id = added("a", 1).get(0);
        int before = pool.asked();
        try (Connection blocker = DriverManager.getConnection(database.url())) {
            blocker.setAutoCommit(false);
            update(blocker, id);
            Future<Boolean> blocked = call(() -> store.revoke(owner, id, revocation()));
            Await.until(() -> "a second attempt", () -> pool.asked() > before + 1 || blocked.isDone());
            blocker.commit();
            assertThat(blocked.get(120, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void who_finds_a_row_changed_since_its_snapshot_tries_again() throws Exception {
        try (FaultProxy proxy = FaultProxy.before(Database.MARIADB.server.port())) {
            HikariConfig config = config(Database.MARIADB.server.url(proxy.port(), Database.NAME));
            config.setConnectionInitSql("SET innodb_snapshot_isolation = ON");
            config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
            config.setAutoCommit(false);
            open(config);
            TokenId id = added("a", 1).get(0);
            store.revoke(owner, id, revocation());
            int before = pool.asked();
            CompletableFuture<Void> looked = proxy.onRequest("DELETE FROM", Fault.HANG_REQUEST);
            Future<PurgePage> purge = call(() -> store.purge(NOW.plusSeconds(1), null, 1_000));
            looked.get(120, TimeUnit.SECONDS);
            try (Connection other = DriverManager.getConnection(Database.MARIADB.url())) {
                update(other, id);
            }
            proxy.resume();
            assertThat(purge.get(120, TimeUnit.SECONDS).removed()).isPositive();
            assertThat(store.find(id)).isEmpty();
            assertThat(pool.asked()).as("attempts, and the look").isGreaterThan(before + 2);
        }
    }

    private static HikariConfig config(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(2);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(5_000);
        return config;
    }

    private void open(HikariConfig config) {
        pool = new CountedPool(config);
        JdbcTokenStore.createSchema(pool);
        store = JdbcTokenStore.create(pool);
    }

    private List<TokenId> added(String prefix, int count) {
        List<TokenId> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            TokenId id = new TokenId("%s-%s-%03d".formatted(owner, prefix, i));
            store.add(Token.builder(id, owner, "laptop", NOW).build());
            ids.add(id);
        }
        return ids;
    }

    private interface Contender {
        int run(CyclicBarrier start) throws Exception;
    }

    private static List<Integer> inEachThread(Contender contender) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            CyclicBarrier start = new CyclicBarrier(THREADS);
            List<Future<Integer>> running = Stream.generate(() -> threads.submit(() -> contender.run(start)))
                    .limit(THREADS)
                    .toList();
            List<Integer> answers = new ArrayList<>();
            for (Future<Integer> each : running) {
                answers.add(each.get(120, TimeUnit.SECONDS));
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }

    private static <T> Future<T> call(Callable<T> work) {
        FutureTask<T> call = new FutureTask<>(work);
        new Thread(call, "caller").start();
        return call;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void update(Connection connection, TokenId id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(UPDATE)) {
            statement.setString(1, id.value());
            assertThat(statement.executeUpdate()).isEqualTo(1);
        }
    }

    private static boolean isLocked(Connection connection, TokenId id) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT 1 FROM access_tokens WHERE id = ? FOR UPDATE SKIP LOCKED")) {
            statement.setString(1, id.value());
            try (ResultSet free = statement.executeQuery()) {
                return !free.next();
            }
        }
    }

    private static Revocation revocation() {
        return new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
    }
}
