package io.tokenstore.jdbc.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PostgresServerTest extends DatabaseServerContract<PostgresServer> {

    private static final int CLIENTS = 8;

    @Override
    PostgresServer startServer() {
        return PostgresServer.start();
    }

    @Test
    void writesDurably() throws SQLException {
        assertThat(query("postgres", "SHOW fsync")).isEqualTo("on");
        assertThat(query("postgres", "SHOW synchronous_commit")).isEqualTo("on");
        assertThat(query("postgres", "SHOW server_encoding")).isEqualTo("UTF8");
    }

    @Test
    void sortsByBytesOrByLanguage() throws SQLException {
        server.createDatabase("bytes");
        server.createDatabaseWithIcuLocale("language", "en-US");
        String sorted = "SELECT string_agg(v, ' ' ORDER BY v) FROM (VALUES ('b'), ('A'), ('a'), ('_')) AS t(v)";
        assertThat(query("bytes", sorted)).isEqualTo("A _ a b");
        assertThat(query("language", sorted)).isEqualTo("_ a A b");
    }

    @Test
    void createsDatabasesInOtherEncodings() throws SQLException {
        for (String encoding : List.of("SQL_ASCII", "LATIN1")) {
            server.createDatabaseWithEncoding(encoding, encoding);
            assertThat(query(encoding.toLowerCase(java.util.Locale.ROOT), "SHOW server_encoding"))
                    .isEqualTo(encoding);
        }
    }

    @Test
    void killLeavesNoBackendBehind() throws Exception {
        try (Connection connection = DriverManager.getConnection(server.url("postgres"));
                Statement statement = connection.createStatement()) {
            long backend = Long.parseLong(query(connection, "SELECT pg_backend_pid()"));
            Thread busy = new Thread(
                    () -> runIgnoringFailure(statement, "SELECT count(*) FROM generate_series(1, 1000000000)"));
            busy.start();
            Await.until(
                    () -> "a busy backend",
                    () -> query("postgres", "SELECT state FROM pg_stat_activity WHERE pid = " + backend)
                            .equals("active"));
            server.kill();
            assertThat(ProcessHandle.of(backend).filter(Processes::runs)).isEmpty();
            busy.join();
        }
        server.restart();
    }

    @Test
    void aKilledServerLeavesNoSharedMemoryOnceItIsClosed() throws IOException {
        PostgresServer killed = PostgresServer.start();
        String keyAndSegment =
                Files.readAllLines(killed.data().resolve("postmaster.pid")).get(6);
        String segment = keyAndSegment.substring(keyAndSegment.lastIndexOf(' ') + 1);
        killed.kill();
        assertThat(sharedMemory()).contains(segment);
        killed.close();
        assertThat(sharedMemory()).doesNotContain(segment);
    }

    @Test
    void standbyHasEveryAcknowledgedRowWhenThePrimaryDies() throws SQLException {
        try (PostgresServer primary = PostgresServer.start();
                PostgresStandby standby = primary.startStandby()) {
            primary.createDatabase("pair");
            String url = primary.failoverUrl("pair", standby);
            execute(url, "CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1)");
            primary.kill();
            assertThatThrownBy(() -> execute(url, "INSERT INTO t VALUES (2)")).isInstanceOf(SQLException.class);
            standby.promote();
            execute(url, "INSERT INTO t VALUES (3)");
            try (Connection connection = DriverManager.getConnection(standby.url("pair"))) {
                assertThat(query(connection, "SELECT string_agg(id::text, ' ' ORDER BY id) FROM t"))
                        .isEqualTo("1 3");
            }
        }
    }

    @Test
    void commitWaitsForAPausedStandby() throws SQLException {
        try (PostgresServer primary = PostgresServer.start();
                PostgresStandby standby = primary.startStandby()) {
            execute(primary.url("postgres"), "CREATE TABLE t (id INT PRIMARY KEY)");
            standby.pause();
            assertThatThrownBy(() -> execute(primary.url("postgres") + "&socketTimeout=1", "INSERT INTO t VALUES (1)"))
                    .isInstanceOf(SQLException.class);
            standby.resume();
            execute(primary.url("postgres"), "INSERT INTO t VALUES (2)");
        }
    }

    private static List<String> sharedMemory() throws IOException {
        Process ipcs = new ProcessBuilder("ipcs", "-m").start();
        String segments = new String(ipcs.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        Processes.await(ipcs);
        return List.of(segments.split("\\s+"));
    }

    private static void execute(String url, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }

    private static void runIgnoringFailure(Statement statement, String sql) {
        try {
            statement.execute(sql);
        } catch (SQLException killed) {
            return;
        }
    }

    /** A session that is born as its server dies outlives it for a moment, and holds memory that a restart refuses to share. */
    @Test
    void restartsAfterAKillWhileClientsConnect() throws SQLException {
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            for (int client = 0; client < CLIENTS; client++) {
                clients.submit(() -> {
                    while (!over.get()) {
                        try {
                            query(server.adminDatabase(), "SELECT 1");
                        } catch (SQLException e) {
                            // The server is dead, or starts.
                        }
                    }
                });
            }
            for (int kill = 0; kill < 5; kill++) {
                server.kill();
                server.restart();
            }
        } finally {
            over.set(true);
            clients.shutdownNow();
        }
        assertThat(query(server.adminDatabase(), "SELECT 1")).isEqualTo("1");
    }
}
