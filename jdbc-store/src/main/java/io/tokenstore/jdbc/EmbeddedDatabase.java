package io.tokenstore.jdbc;

import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import java.io.Closeable;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.Deque;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.h2.Driver;
import org.jspecify.annotations.Nullable;

/**
 * An H2 database in a file, and a pool of connections to it.
 *
 * <p>A failed write, for example on a full disk, or an OutOfMemoryError closes the database for all of its connections. The
 * pool notices before it hands out a connection, and opens the file again, but only if the disk has room. A connection that
 * nobody else uses, the keeper, tells whether the file is still open. HikariCP would do much of this, but the host's system
 * properties configure every HikariCP pool of a JVM.
 */
final class EmbeddedDatabase implements Transactions.SyncedDatabase, Closeable {

    private static final int CONNECTIONS = 10;
    private static final int CONNECTION_WAIT_SECONDS = 1; // Less than a read's deadline.
    private static final int LONGEST_WAIT_SECONDS = 5;
    /** H2 writes while it opens a file. With less room nothing was lost, but the next write would close the file again. */
    private static final long LEAST_ROOM = 16L << 20;

    /**
     * {@code async:}: an interrupt does not close the file. WRITE_DELAY: a commit is written before it is acknowledged.
     * RETENTION_TIME: data that no version uses is overwritten at once, which is safe only because of {@link #write}.
     * DB_CLOSE_ON_EXIT: a host that drains at shutdown can still use the store.
     */
    private static final String SETTINGS =
            ";USER=sa;WRITE_DELAY=0;RETENTION_TIME=0;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=2000;TRACE_LEVEL_FILE=0";

    /** Created here, because DriverManager may not find it in a web application or in a merged jar. */
    private final Driver driver = new Driver();

    private final Path file;
    private final Path folder;
    /** A system property of the JVM, since another class loader may have this class too. */
    private final String mark;

    private final String owner = UUID.randomUUID().toString();
    private final Semaphore permits = new Semaphore(CONNECTIONS);
    private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();
    /** The opening of the file that a connection belongs to. */
    private final Map<Connection, Long> openings = new ConcurrentHashMap<>();

    private final ReentrantLock opening = new ReentrantLock();
    /** Works as long as the file stays open, whatever happens to the other connections. */
    private @Nullable Connection keeper;

    private volatile long current;
    private final AtomicBoolean closed = new AtomicBoolean();

    private final ReentrantLock writing = new ReentrantLock(true);
    private boolean unsynced = true;
    private long openingOfSync;

    private interface Wait {
        boolean succeeds() throws InterruptedException;
    }

    EmbeddedDatabase(Path file) {
        this.file = file;
        folder = file.getParent();
        mark = EmbeddedDatabase.class.getName() + " " + EmbeddedFile.key(file);
        // A store orders only its own writes, and a process that opens a file again loses its lock on it.
        if (System.getProperties().putIfAbsent(mark, owner) != null) {
            throw new TokenStoreException("the store is open already, in this process", Applied.NO, null);
        }
    }

    /** Checks the driver's version, before a file is opened. */
    static void requireSearchableH2() {
        Driver driver = new Driver();
        H2File.requireSearchable(driver.getMajorVersion() + "." + driver.getMinorVersion());
    }

    @Override
    public Connection openConnection() throws SQLException {
        requireNotClosed();
        if (!waits(() -> permits.tryAcquire(CONNECTION_WAIT_SECONDS, TimeUnit.SECONDS))) {
            throw new SQLTransientConnectionException("no connection within " + CONNECTION_WAIT_SECONDS + " s");
        }
        try {
            return connection();
        } catch (SQLException | RuntimeException | Error e) {
            permits.release();
            throw e;
        }
    }

    private void requireNotClosed() throws SQLException {
        if (closed.get()) {
            throw new SQLNonTransientConnectionException("the store is closed");
        }
    }

    private Connection connection() throws SQLException {
        for (Connection connection = idle.pollFirst(); connection != null; connection = idle.pollFirst()) {
            boolean works = false;
            try {
                works = openings.get(connection) == current && works(connection);
            } finally {
                if (!works) {
                    discard(connection);
                }
            }
            if (works) {
                return connection;
            }
        }
        opening.lock();
        try {
            openFile();
            // If the file was closed meanwhile, H2 opens it again for this connection, without a check of the disk or a
            // search for the newest version. So H2 must not write.
            Connection connection = connect(";ACCESS_MODE_DATA=r");
            if (!isOpen()) {
                closeQuietly(connection);
                throw new SQLTransientConnectionException("the file was closed meanwhile");
            }
            openings.put(connection, current);
            return connection;
        } finally {
            opening.unlock();
        }
    }

    private void openFile() throws SQLException {
        if (isOpen()) {
            return;
        }
        requireNotClosed();
        if (folder.toFile().getUsableSpace() < LEAST_ROOM) {
            throw new SQLNonTransientConnectionException(
                    "the database is closed until its disk has " + (LEAST_ROOM >> 20) + " MB of room");
        }
        NewestVersion.name(file);
        keeper = connect("");
        try {
            // What H2 wrote while it opened the file is synced like a write.
            sync(keeper);
        } catch (SQLException | RuntimeException | Error e) {
            endOpening();
            throw e;
        }
    }

    /** Called only under the lock. */
    private boolean isOpen() {
        if (keeper != null && !works(keeper)) {
            endOpening();
        }
        return keeper != null;
    }

    private Connection connect(String setting) throws SQLException {
        return driver.connect("jdbc:h2:async:" + file + SETTINGS + setting, new Properties());
    }

    private void endOpening() {
        if (keeper != null) {
            closeQuietly(keeper);
            keeper = null;
            current++;
        }
    }

    /** Returns the number of this opening of the file, or of the next one if the file is closed. */
    private long currentOpening() {
        opening.lock();
        try {
            isOpen();
            return current;
        } finally {
            opening.unlock();
        }
    }

    /** Asks for a row, because H2 notices only in a transaction that its file was closed. */
    private static boolean works(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            return statement.execute("SELECT 1");
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void closeConnection(Connection connection) {
        giveBack(connection);
        permits.release();
    }

    private void giveBack(Connection connection) {
        idle.addFirst(connection);
        if (closed.get()) {
            closeIdle();
        }
    }

    /**
     * Writes, and returns when the write is on the disk, whatever the answer: it may depend on another thread's write.
     *
     * <p>H2 may overwrite what the newest version no longer uses, though only an older version is certain to be on the disk. So
     * a write begins only after the previous write was synced.
     */
    @Override
    public <T> T write(Supplier<T> work) {
        if (!waits(() -> writing.tryLock(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS))) {
            throw new TokenStoreException("other writes took too long", Applied.NO, null);
        }
        try {
            if (unsynced || openingOfSync != currentOpening()) {
                sync(Applied.NO);
            }
            unsynced = true;
            T answer = work.get();
            long opening = openingOfSync;
            sync(Applied.UNKNOWN);
            if (opening != openingOfSync) {
                throw new TokenStoreException("the file was closed before the write was synced", Applied.UNKNOWN, null);
            }
            return answer;
        } finally {
            writing.unlock();
        }
    }

    /** Works also on a thread that was interrupted before: only the timed waits are fair, but they would throw. */
    private static boolean waits(Wait wait) {
        boolean interrupted = Thread.interrupted();
        try {
            return wait.succeeds();
        } catch (InterruptedException e) {
            interrupted = true;
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Needs no permit: only one sync runs at a time, and a committed write must not wait for reads. */
    private void sync(Applied applied) {
        try {
            Connection connection = connection();
            long ofConnection = openings.get(connection);
            try {
                sync(connection);
            } finally {
                giveBack(connection);
            }
            if (ofConnection != currentOpening()) {
                throw new SQLTransientConnectionException("the file was closed meanwhile");
            }
            unsynced = false;
            openingOfSync = ofConnection;
        } catch (SQLException e) {
            throw new TokenStoreException("the database failed to sync a write", applied, e);
        }
    }

    private static void sync(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT SYNC");
        }
    }

    /** Closes the file once the calls under way have ended. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        if (waits(() -> writing.tryLock(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS))) {
            writing.unlock(); // The write under way has been synced, and the next one gets no connection.
        }
        waits(() -> permits.tryAcquire(CONNECTIONS, LONGEST_WAIT_SECONDS, TimeUnit.SECONDS));
        opening.lock();
        try {
            endOpening();
        } finally {
            opening.unlock();
            closeIdle();
        }
    }

    private void closeIdle() {
        for (Connection connection = idle.pollFirst(); connection != null; connection = idle.pollFirst()) {
            discard(connection);
        }
        // A call that is still under way has the file open.
        if (openings.isEmpty()) {
            System.getProperties().remove(mark, owner);
        }
    }

    private void discard(Connection connection) {
        try {
            closeQuietly(connection);
        } finally {
            openings.remove(connection);
        }
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // What it wrote was synced before it was acknowledged.
        }
    }
}
