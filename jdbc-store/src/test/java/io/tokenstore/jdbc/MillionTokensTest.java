package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.TokenId;
import io.tokenstore.jdbc.database.Servers;
import io.tokenstore.service.TokenServices;
import io.tokenstore.service.WalkBudget;
import io.tokenstore.service.WalkProgress;
import java.io.BufferedReader;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A PostgreSQL table of 1,000,000 tokens: 10 for each user but one, who has 10,000; 200,000 of them ended long ago. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MillionTokensTest {

    private static final JdbcOptions OPTIONS = JdbcOptions.defaults().withTable("million");
    private static final int ENDED = 200_000;
    private static final int LIVE = 800_000;
    private static final Owner OF_MANY = new Owner("many");

    private static final ConnectionRecorder RECORDER = new ConnectionRecorder();

    private static HikariDataSource pool;
    private static JdbcTokenStore store;

    @BeforeAll
    static void fillTheTable() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(Servers.postgres().url("postgres"));
        config.setMaximumPoolSize(6);
        pool = new HikariDataSource(config);
        JdbcTokenStore.createSchema(pool, OPTIONS);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO million (id, owner, name, secret_hash, scopes, created_at, expires_at)"
                    + " SELECT 't' || lpad(i::text, 7, '0'),"
                    + " CASE WHEN i % 100 = 7 THEN 'many' ELSE 'user' || i % 99999 END, 'laptop',"
                    + " sha256(i::text::bytea), '*', TIMESTAMP '2025-01-01',"
                    + " CASE WHEN i % 5 = 0 THEN TIMESTAMP '2025-02-01' END"
                    + " FROM generate_series(0, " + (ENDED + LIVE - 1) + ") i");
            statement.execute("VACUUM ANALYZE million");
            statement.execute("INSERT INTO million_uses SELECT id, created_at FROM million WHERE id LIKE '%0'");
            statement.execute("VACUUM ANALYZE million_uses");
        }
        store = JdbcTokenStore.create(RECORDER.recorded(pool), () -> false, OPTIONS);
    }

    @AfterAll
    static void dropTheTable() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE million, million_uses");
        }
        pool.close();
    }

    @Test
    @Order(1)
    void every_statement_uses_an_index() throws SQLException {
        RECORDER.startOver();
        store.find(id(3));
        store.findAll(List.of(id(3), id(4), id(5)));
        store.list(OF_MANY, id(500_007), 20);
        store.scan(id(500_007), 20);
        store.activate(new Owner("user3"), id(3));
        store.revoke(new Owner("user3"), id(3), revocation());
        Revocation repeated = revocation();
        store.revokeAll(new Owner("user4"), repeated);
        store.revokeAll(new Owner("user4"), repeated);
        store.purge(Instant.EPOCH, id(400_000), 1_000);
        store.lastUses(List.of(id(3), id(10)));
        List<String> statements = RECORDER.executions();
        assertThat(statements).hasSize(18);
        for (String sql : statements) {
            assertThat(plan(sql)).as(sql).contains("Index").doesNotContain("Seq Scan", "Sort");
        }
    }

    @Test
    @Order(2)
    void revoking_ten_thousand_tokens_of_a_user_is_one_update_for_each_page_and_one_more() {
        RECORDER.startOver();
        assertThat(store.revokeAll(OF_MANY, revocation())).isEqualTo(10_000);
        assertThat(RECORDER.executions())
                .filteredOn(sql -> sql.startsWith("UPDATE"))
                .hasSize(3);
    }

    @Test
    @Order(3)
    void a_purge_of_what_ended_fails_no_revocation_and_removes_no_other_token() throws Exception {
        int revokers = 4;
        AtomicBoolean purging = new AtomicBoolean(true);
        ExecutorService threads = Executors.newFixedThreadPool(revokers);
        try {
            List<Future<Long>> slowest = new ArrayList<>();
            for (int revoker = 0; revoker < revokers; revoker++) {
                int first = revoker;
                slowest.add(threads.submit((Callable<Long>) () -> {
                    long worst = 0;
                    for (int i = first * 5 + 1; purging.get() && i < ENDED + LIVE; i += revokers * 5) {
                        if (i % 100 != 7) {
                            long begin = System.nanoTime();
                            assertThat(store.revoke(new Owner("user" + i % 99_999), id(i), revocation()))
                                    .isTrue();
                            worst = Math.max(worst, System.nanoTime() - begin);
                        }
                    }
                    return worst;
                }));
            }
            String ended = query("SELECT count(*) FROM million WHERE revoked_at IS NULL AND expires_at IS NOT NULL");
            long begin = System.nanoTime();
            WalkProgress progress = TokenServices.builder(store)
                    .build()
                    .purger()
                    .purge(Instant.parse("2025-03-01T00:00:00Z"), null, WalkBudget.unlimited(), step -> {});
            long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
            purging.set(false);
            long worst = 0;
            for (Future<Long> each : slowest) {
                worst = Math.max(worst, each.get());
            }
            System.out.printf(
                    "purge of %d among a million tokens: %d ms; slowest of the revocations meanwhile: %d ms%n",
                    progress.matched(), millis, Duration.ofNanos(worst).toMillis());
            assertThat(progress.matched()).hasToString(ended);
            assertThat(progress.matched() + Long.parseLong(query("SELECT count(*) FROM million")))
                    .isEqualTo(ENDED + LIVE);
        } finally {
            purging.set(false);
            threads.shutdownNow();
        }
    }

    @Test
    @Order(1)
    void each_page_of_a_scan_is_read_by_the_primary_key() throws SQLException {
        RECORDER.startOver();
        store.scan(null, 1_000);
        String sql = RECORDER.executions().get(0);
        assertThat(plan(sql)).contains("Index Scan using million_pkey");
        for (String after : List.of(" ", "t0500007", "t0999990")) {
            String page = sql.replaceFirst("\\?", "'" + after + "'").replaceFirst("\\?", "1000");
            assertThat(query("EXPLAIN " + page))
                    .as(after)
                    .contains("Index Scan using million_pkey")
                    .doesNotContain("Sort");
        }
    }

    @Test
    @Order(2)
    void a_jvm_of_64_megabytes_counts_and_searches_all_of_them() throws IOException, InterruptedException {
        Process host = OtherJvm.start(
                ProcessBuilder.Redirect.PIPE,
                List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError"),
                WalkingHost.class,
                Servers.postgres().url("postgres"),
                OPTIONS.table(),
                "2");
        List<String> printed;
        try (BufferedReader output = host.inputReader()) {
            printed = output.lines().toList();
        }
        assertThat(host.waitFor()).isZero();
        printed.forEach(System.out::println);
        assertThat(printed).hasSize(6).allMatch(line -> line.contains(" " + (ENDED + LIVE) + ","));
    }

    /** The plan for any parameters, as for a statement that was prepared long ago. */
    private static String plan(String sql) throws SQLException {
        StringBuilder numbered = new StringBuilder();
        String[] parts = sql.split("\\?", -1);
        IntStream.range(0, parts.length)
                .forEach(i -> numbered.append(i == 0 ? "" : "$" + i).append(parts[i]));
        return query("EXPLAIN (GENERIC_PLAN) " + numbered);
    }

    /** In the simple protocol, since the extended one asks for the parameters of what is only explained. */
    private static String query(String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(Servers.postgres().url("postgres") + "&preferQueryMode=simple");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            StringBuilder lines = new StringBuilder();
            while (rows.next()) {
                lines.append(lines.isEmpty() ? "" : "\n").append(rows.getString(1));
            }
            return lines.toString();
        }
    }

    private static TokenId id(int number) {
        return new TokenId("t%07d".formatted(number));
    }

    private static Revocation revocation() {
        return new Revocation(UUID.randomUUID(), Instant.now(), Actor.user("alice"), null);
    }
}
