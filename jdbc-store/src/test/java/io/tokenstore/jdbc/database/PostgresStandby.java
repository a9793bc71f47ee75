package io.tokenstore.jdbc.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;

/** A synchronous streaming standby, made without pg_basebackup, which the binaries lack. */
public final class PostgresStandby extends PostgresServer {

    private static final String NAME = "standby";
    private static final Pattern OF_RUNNING_SERVER = Pattern.compile("postmaster\\..*|pg_wal/[0-9A-F]{24}.*");

    private final PostgresServer primary;

    PostgresStandby(PostgresServer primary) {
        this.primary = primary;
    }

    /** Makes this standby a primary that takes writes. */
    public void promote() {
        execute("SELECT pg_promote()");
    }

    @Override
    void prepare() throws IOException, SQLException {
        copyRunningPrimary();
        Files.createFile(data().resolve("standby.signal"));
        Files.writeString(
                data().resolve("postgresql.auto.conf"),
                "primary_conninfo = '" + primary.replicationSource(NAME) + "'\n",
                StandardOpenOption.APPEND);
    }

    void becomeSynchronous() {
        awaitReplication("state = 'streaming'");
        primary.execute("ALTER SYSTEM SET synchronous_standby_names = '" + NAME + "'", "SELECT pg_reload_conf()");
        awaitReplication("sync_state = 'sync'");
    }

    private void copyRunningPrimary() throws IOException, SQLException {
        try (Connection connection = primary.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_backup_start('" + NAME + "', fast => true)");
            FileTree.copy(primary.data(), data(), PostgresStandby::belongsInBackup);
            try (ResultSet stopped =
                    statement.executeQuery("SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)")) {
                stopped.next();
                Files.writeString(data().resolve("backup_label"), stopped.getString(1));
            }
        }
    }

    private static boolean belongsInBackup(Path file) {
        return !OF_RUNNING_SERVER.matcher(file.toString()).matches();
    }

    private void awaitReplication(String condition) {
        try {
            Await.until(() -> "a standby with " + condition, () -> replicates(condition));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean replicates(String condition) throws SQLException {
        try (Connection connection = primary.connect();
                Statement statement = connection.createStatement();
                ResultSet standby = statement.executeQuery(
                        "SELECT 1 FROM pg_stat_replication WHERE application_name = '" + NAME + "' AND " + condition)) {
            return standby.next();
        }
    }
}
