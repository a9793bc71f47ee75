package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.jdbc.database.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseTest {

    @TempDir
    private Path folder;

    private EmbeddedDatabase database;

    /** What a supplier can't throw. */
    private interface Work {
        void run() throws SQLException;
    }

    @BeforeEach
    void open() throws IOException {
        database = new EmbeddedDatabase(EmbeddedFile.prepare(folder.resolve("tokens")));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_write_whose_file_was_closed_and_opened_again_is_not_acknowledged() {
        write(() -> {});
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> write(() -> {
                    Connection only = database.openConnection();
                    closeFile(only);
                    Connection next = database.openConnection();
                    database.closeConnection(next);
                    database.closeConnection(only);
                }))
                .returns(Applied.UNKNOWN, TokenStoreException::applied);
        write(() -> {});
    }

    @Test
    void a_write_after_the_file_was_closed_and_opened_again_is_acknowledged() throws SQLException {
        write(() -> {});
        Connection only = database.openConnection();
        closeFile(only);
        write(() -> database.closeConnection(database.openConnection()));
        database.closeConnection(only);
        write(() -> database.closeConnection(database.openConnection()));
    }

    @Test
    void a_write_is_on_the_disk_before_it_is_acknowledged() throws Exception {
        try (SimulatedDisk disk = disk()) {
            write(() -> {
                Connection connection = database.openConnection();
                try (Statement statement = connection.createStatement()) {
                    statement.execute("CREATE TABLE written (id INT)");
                }
                database.closeConnection(connection);
                assertThat(disk.powerFailure().unsynced()).isNotEmpty();
            });
            assertThat(disk.powerFailure().unsynced()).isEmpty();
            database.close();
        }
    }

    @Test
    void after_an_opening_whose_sync_failed_the_file_is_opened_and_synced_again() throws Exception {
        write(() -> database.closeConnection(database.openConnection()));
        database.close();
        open();
        AtomicInteger syncs = new AtomicInteger();
        try (SimulatedDisk disk = disk()) {
            disk.failSyncs(() -> {
                // The first two are before H2 opens the file: of its header, and of what is cut off.
                if (syncs.incrementAndGet() > 2) {
                    throw new IOException("broken");
                }
            });
            assertThatThrownBy(() -> database.openConnection())
                    .hasRootCauseMessage("broken")
                    .hasStackTraceContaining("CHECKPOINT SYNC");
            syncs.set(0);
            disk.failSyncs(syncs::incrementAndGet);
            database.closeConnection(database.openConnection());
            assertThat(syncs).hasValueGreaterThan(2);
            database.close();
        }
    }

    @Test
    void a_connection_that_died_alone_spoils_no_write() {
        write(() -> {
            Connection dying = database.openConnection();
            dying.close();
            database.closeConnection(dying);
        });
    }

    @Test
    void a_thread_that_was_interrupted_before_writes_and_stays_interrupted() {
        Thread.currentThread().interrupt();
        try {
            write(() -> database.closeConnection(database.openConnection()));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void a_thread_that_is_interrupted_while_it_waits_gets_no_connection_and_stays_interrupted() throws Exception {
        List<Connection> inUse = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            inUse.add(database.openConnection());
        }
        FutureTask<Boolean> interrupted = new FutureTask<>(() -> {
            assertThatExceptionOfType(SQLTransientConnectionException.class)
                    .isThrownBy(() -> database.openConnection());
            return Thread.interrupted();
        });
        Thread waiting = new Thread(interrupted);
        waiting.start();
        Await.until(() -> "a wait", () -> waiting.getState() == Thread.State.TIMED_WAITING || interrupted.isDone());
        waiting.interrupt();
        assertThat(interrupted.get()).isTrue();
        inUse.forEach(database::closeConnection);
    }

    @Test
    void a_write_is_synced_though_every_connection_is_in_use() throws SQLException {
        List<Connection> inUse = new ArrayList<>();
        write(() -> {
            for (int i = 0; i < 10; i++) {
                inUse.add(database.openConnection());
            }
        });
        assertThatExceptionOfType(SQLTransientConnectionException.class)
                .isThrownBy(() -> database.openConnection())
                .withMessage("no connection within 1 s");
        inUse.forEach(database::closeConnection);
    }

    @Test
    @Timeout(300)
    void closing_again_does_not_wait() throws SQLException {
        database.closeConnection(database.openConnection());
        for (int i = 0; i < 10; i++) {
            database.close();
        }
        assertThatThrownBy(() -> database.openConnection()).hasMessage("the store is closed");
    }

    @Test
    void a_file_is_in_use_until_the_last_call_has_ended_though_its_store_was_closed() throws Exception {
        Connection inUse = database.openConnection();
        Thread.currentThread().interrupt(); // So that nothing is waited for.
        database.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(this::open)
                .withMessage("the store is open already, in this process");
        database.closeConnection(inUse);
        open();
        database.closeConnection(database.openConnection());
    }

    private SimulatedDisk disk() throws IOException {
        return new SimulatedDisk(folder.resolve("tokens.mv.db"));
    }

    private void write(Work work) {
        assertThat(database.<Boolean>write(() -> {
                    try {
                        work.run();
                        return true;
                    } catch (SQLException e) {
                        throw new AssertionError(e);
                    }
                }))
                .isTrue();
    }

    /** As H2 does after a failed write. */
    static void closeFile(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SHUTDOWN IMMEDIATELY");
        }
    }
}
