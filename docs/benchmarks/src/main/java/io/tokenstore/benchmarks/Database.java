package io.tokenstore.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** What the tokens are in. */
public enum Database {
    /** The heap: there is nothing to start. */
    NONE,
    H2_MEMORY,
    /** As the embedded store opens it: a commit is in the file before it is acknowledged. */
    H2_FILE,
    POSTGRESQL_FSYNC,
    POSTGRESQL_ASYNC;

    /** A database that runs, for as long as it is open. */
    record Running(Database kind, String url, String user, Closeable server) implements Closeable {

        HikariDataSource pool(int connections, String schema) {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(url);
            config.setUsername(user);
            config.setSchema(schema);
            config.setMaximumPoolSize(connections);
            return new HikariDataSource(config);
        }

        boolean isPostgres() {
            return kind == POSTGRESQL_FSYNC || kind == POSTGRESQL_ASYNC;
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    Running start() throws IOException {
        return switch (this) {
            case NONE -> new Running(this, "", "", () -> {});
            case H2_MEMORY -> new Running(this, "jdbc:h2:mem:tokens;DB_CLOSE_DELAY=-1", "sa", () -> {});
            case H2_FILE -> {
                Path folder = Files.createTempDirectory("tokenstore-benchmark");
                String url = "jdbc:h2:async:" + folder.resolve("tokens") + ";WRITE_DELAY=0;TRACE_LEVEL_FILE=0";
                yield new Running(this, url, "sa", () -> delete(folder));
            }
            case POSTGRESQL_FSYNC -> startPostgres("on");
            case POSTGRESQL_ASYNC -> startPostgres("off");
        };
    }

    /** Neither a checkpoint nor a vacuum comes by itself: both would fall into one contender's turn, not the other's. */
    private Running startPostgres(String synchronousCommit) throws IOException {
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("synchronous_commit", synchronousCommit)
                .setServerConfig("shared_buffers", "1GB")
                .setServerConfig("max_wal_size", "16GB")
                .setServerConfig("checkpoint_timeout", "1d")
                .setServerConfig("autovacuum", "off")
                .start();
        // Thousands of rows in one statement for whatever is loaded; single statements are sent as they are.
        String url = server.getJdbcUrl("postgres", "postgres") + "&reWriteBatchedInserts=true";
        return new Running(this, url, "postgres", server);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
