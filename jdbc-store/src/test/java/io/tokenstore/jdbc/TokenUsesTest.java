package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.jdbc.database.Servers;
import io.tokenstore.service.Caller;
import io.tokenstore.service.PageRequest;
import io.tokenstore.service.TokenServices;
import io.tokenstore.service.TokenSummary;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Uses of tokens in their table, beside what the contract says. */
@Timeout(300)
@ParameterizedClass
@EnumSource
class TokenUsesTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");

    enum Kind {
        H2(io.tokenstore.jdbc.H2::memoryUrl),
        POSTGRESQL(() -> Servers.postgres().newDatabase()),
        MARIADB(() -> Servers.mariaDb().newDatabase());

        private final Supplier<String> start;
        private String url;

        Kind(Supplier<String> start) {
            this.start = start;
        }

        synchronized String url() {
            url = url == null ? start.get() : url;
            return url;
        }
    }

    @Parameter
    private Kind kind;

    private HikariDataSource pool;
    private JdbcTokenStore store;

    @BeforeEach
    void startOver() throws SQLException {
        pool = new HikariDataSource(PooledContract.on(kind.url()));
        JdbcTokenStore.createSchema(pool);
        Unpooled.execute(pool, "DELETE FROM access_tokens", "DELETE FROM access_token_uses");
        store = JdbcTokenStore.create(pool);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void within_the_hosts_transaction_no_use_is_recorded_and_uses_are_read() throws SQLException {
        store.add(token("t1"));
        store.record(Map.of(id("t1"), NOW));
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            JdbcTokenStore joining = JdbcTokenStore.joining(connection);
            assertThatIllegalStateException()
                    .isThrownBy(() -> joining.record(Map.of(id("t1"), NOW.plusSeconds(1))))
                    .withMessageContaining("flush outside of it");
            assertThat(joining.lastUses(List.of(id("t1")))).containsOnly(Map.entry(id("t1"), NOW));
            connection.rollback();
        }
        assertThat(store.lastUses(List.of(id("t1")))).containsOnly(Map.entry(id("t1"), NOW));
    }

    @Test
    void a_purge_within_the_hosts_transaction_leaves_uses_to_the_stores_own() throws SQLException {
        store.add(expired("t1"));
        store.record(Map.of(id("t1"), NOW));
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            assertThat(JdbcTokenStore.joining(connection).purge(NOW, null, 10).removed())
                    .isEqualTo(1);
            connection.commit();
        }
        assertThat(count()).isEqualTo(1);
        store.purge(NOW, null, 10);
        assertThat(count()).isZero();
    }

    @Test
    void uses_that_were_written_after_a_purge_are_forgotten_by_the_next_one() throws SQLException {
        store.add(token("t1"));
        store.add(token("t5"));
        Map<TokenId, Instant> uses = new HashMap<>();
        IntStream.range(0, 1_000).forEach(i -> uses.put(id("gone" + i), NOW));
        store.record(uses);
        store.record(Map.of(id("t1"), NOW, id("t3"), NOW, id("t5"), NOW, id("t7"), NOW, id("~".repeat(255)), NOW));
        store.purge(NOW, null, 1);
        assertThat(count()).as("After the first step, which is of t1").isEqualTo(5);
        store.purge(NOW, id("t1"), 2);
        assertThat(count()).as("At the end of the walk").isEqualTo(2);
    }

    @Test
    void a_purge_forgets_the_uses_of_what_it_removes_however_many_earlier_ones_are_left() throws SQLException {
        for (int batch = 0; batch < 3; batch++) {
            int from = 1_000 * batch;
            Map<TokenId, Instant> uses = new HashMap<>();
            IntStream.range(from, from + 1_000).forEach(i -> uses.put(id("gone" + i), NOW));
            store.record(uses);
        }
        store.add(expired("t1"));
        store.record(Map.of(id("t1"), NOW));
        assertThat(store.purge(NOW, null, 1).removed()).isEqualTo(1);
        assertThat(store.lastUses(List.of(id("t1")))).isEmpty();
        store.purge(NOW, id("t1"), 1);
        assertThat(count()).isZero();
    }

    /** H2 looks before it inserts, and repeats a call that lost the race; the others wait for each other. */
    @Test
    void many_threads_record_the_first_uses_of_the_same_tokens_without_a_deadlock() throws Exception {
        int recorders = 4;
        long deadlocks = deadlocks();
        ExecutorService threads = Executors.newFixedThreadPool(recorders);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int recorder = 0; recorder < recorders; recorder++) {
                Instant at = NOW.plusSeconds(recorder);
                int first = recorder;
                all.add(threads.submit(() -> {
                    for (int round = 0; round < 30; round++) {
                        Map<TokenId, Instant> uses = new HashMap<>();
                        for (int i = first; i < 400; i++) {
                            uses.put(id("t" + round % 3 + "-" + i * (i % 7 + 1)), at);
                        }
                        store.record(uses);
                        if (first == 0) {
                            store.purge(NOW, null, 1_000);
                        }
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        endSessions();
        assertThat(deadlocks() - deadlocks).as("Deadlocks").isZero();
    }

    @Test
    void a_row_that_somebody_locks_is_waited_for_and_its_use_is_kept() throws Exception {
        store.add(token("t1"));
        store.add(token("t2"));
        Map<TokenId, Instant> later = Map.of(id("t1"), NOW.plusSeconds(9), id("t2"), NOW.plusSeconds(9));
        store.record(Map.of(id("t1"), NOW, id("t2"), NOW));
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (Connection somebody = DriverManager.getConnection(kind.url());
                Statement statement = somebody.createStatement()) {
            somebody.setAutoCommit(false);
            statement.execute("SELECT * FROM access_token_uses WHERE id = 't1' FOR UPDATE");
            Future<?> waiting = thread.submit(() -> store.record(later));
            await(() -> waiters() == 1);
            assertThat(waiting.isDone()).isFalse();
            somebody.rollback();
            waiting.get();
            assertThat(store.lastUses(later.keySet())).isEqualTo(later);
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void a_list_in_the_hosts_transaction_takes_no_second_connection_for_uses() throws SQLException {
        store.add(token("t1"));
        store.record(Map.of(id("t1"), NOW.plusSeconds(1)));
        HikariConfig ofOne = PooledContract.ofOneConnection(PooledContract.on(kind.url()));
        try (HikariDataSource single = new HikariDataSource(ofOne)) {
            JdbcTokenStore ownStore = JdbcTokenStore.create(single);
            TokenServices tokens =
                    TokenServices.builder(ownStore).uses(ownStore).build();
            try (Connection connection = single.getConnection()) {
                connection.setAutoCommit(false);
                assertThat(tokens.withStore(JdbcTokenStore.joining(connection))
                                .query()
                                .list(Caller.user(new Owner("alice")), "alice", PageRequest.first(10))
                                .orElseThrow()
                                .tokens())
                        .extracting(TokenSummary::lastUsedAt)
                        .containsExactly(NOW.plusSeconds(1));
                connection.rollback();
            }
        }
    }

    private long waiters() throws SQLException {
        String sql = switch (kind) {
            case H2 -> "SELECT count(*) AS waiters FROM information_schema.sessions WHERE blocker_id IS NOT NULL";
            case POSTGRESQL ->
                "SELECT count(*) AS waiters FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                        + " AND datname = current_database()";
            case MARIADB ->
                "SELECT count(*) AS waiters FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'"
                        + " AND trx_query LIKE 'INSERT INTO access_token_uses%'";
        };
        return query(sql, "waiters");
    }

    private interface Condition {
        boolean holds() throws SQLException;
    }

    /** Until the timeout of the test. */
    private static void await(Condition condition) throws Exception {
        while (!condition.holds()) {
            Thread.sleep(10);
        }
    }

    /** PostgreSQL counts what a session did by the time that it has ended. */
    private void endSessions() throws Exception {
        pool.close();
        if (kind == Kind.POSTGRESQL) {
            String others = "SELECT count(*) AS others FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                    + " AND datname = current_database() AND backend_type = 'client backend'";
            await(() -> query(others, "others") == 0);
        }
    }

    private long deadlocks() throws SQLException {
        return switch (kind) {
            case H2 -> 0;
            case POSTGRESQL ->
                query("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()", "deadlocks");
            case MARIADB -> query("SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'", "Value");
        };
    }

    private long count() throws SQLException {
        return query("SELECT count(*) AS uses FROM access_token_uses", "uses");
    }

    private long query(String sql, String column) throws SQLException {
        try (Connection connection = DriverManager.getConnection(kind.url());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(column);
        }
    }

    private static TokenId id(String value) {
        return new TokenId(value);
    }

    private static Token token(String id) {
        return Token.builder(id(id), new Owner("alice"), "laptop", NOW).build();
    }

    private static Token expired(String id) {
        return token(id).toBuilder().expiresAt(NOW.minusSeconds(1)).build();
    }
}
