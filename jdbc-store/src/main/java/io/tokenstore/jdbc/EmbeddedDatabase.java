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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.h2.Driver;
import org.jdbi.v3.core.ConnectionFactory;

/**
 * An H2 database in a file, and a pool of connections to it.
 *
 * <p>A failed write, for example on a full disk, or an OutOfMemoryError closes the database for all of its connections. The
 * pool notices before it hands one of them out, and opens the file again, but only when the disk has room. HikariCP would do
 * most of this, but system properties of the host configure every HikariCP pool of a JVM.
 */
final class EmbeddedDatabase implements ConnectionFactory, Closeable {

    private static final int CONNECTIONS = 10;
    private static final int LONGEST_WAIT_SECONDS = 5;
    /** H2 writes while it opens a file. Nothing was lost with less room, but the next write would close it again. */
    private static final long LEAST_ROOM = 16L << 20;

    /**
     * {@code async:}: an interrupt does not close the file. WRITE_DELAY: a commit is written before it is acknowledged.
     * RETENTION_TIME: what no version uses any more is overwritten at once, which only {@link #write} makes safe.
     * DB_CLOSE_ON_EXIT: a host that drains at a shutdown can still use the store.
     */
    private static final String SETTINGS =
            ";WRITE_DELAY=0;RETENTION_TIME=0;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=2000;TRACE_LEVEL_FILE=0";

    /** By name, because DriverManager may not find it: in a web application, or in a jar that several were merged into. */
    private final Driver driver = new Driver();

    private final String url;
    private final Path folder;
    private final Semaphore permits = new Semaphore(CONNECTIONS);
    private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();
    /** Which opening of the file a connection belongs to. */
    private final Map<Connection, Long> openings = new ConcurrentHashMap<>();

    private final ReentrantLock opening = new ReentrantLock();
    private volatile long current;
    private volatile boolean open;
    private volatile boolean closed;

    private final ReentrantLock writing = new ReentrantLock();
    private boolean unsynced = true;
    private long openingOfSync;

    EmbeddedDatabase(Path file) {
        url = "jdbc:h2:async:" + file + SETTINGS;
        folder = file.getParent();
    }

    /** Asks the driver, before a file is opened. */
    static void requireMeasuredH2() {
        Driver driver = new Driver();
        H2File.requireMeasured(driver.getMajorVersion() + "." + driver.getMinorVersion());
    }

    @Override
    public Connection openConnection() throws SQLException {
        if (!acquire()) {
            throw new SQLTransientConnectionException("no connection within " + LONGEST_WAIT_SECONDS + " s");
        }
        try {
            return connection();
        } catch (SQLException | RuntimeException | Error e) {
            permits.release();
            throw e;
        }
    }

    private boolean acquire() throws SQLException {
        if (closed) {
            throw new SQLNonTransientConnectionException("the store is closed");
        }
        try {
            return permits.tryAcquire() || permits.tryAcquire(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Connection connection() throws SQLException {
        for (Connection connection = idle.pollFirst(); connection != null; connection = idle.pollFirst()) {
            if (works(connection)) {
                return connection;
            }
            discard(connection);
        }
        opening.lock();
        try {
            if (!open && folder.toFile().getUsableSpace() < LEAST_ROOM) {
                throw new SQLNonTransientConnectionException(
                        "the database is closed until its disk has " + (LEAST_ROOM >> 20) + " MB of room");
            }
            Properties user = new Properties();
            user.setProperty("user", "sa");
            Connection connection = driver.connect(url, user);
            openings.put(connection, current);
            if (!open) {
                syncOrClose(connection);
            }
            open = true;
            return connection;
        } finally {
            opening.unlock();
        }
    }

    /** What H2 wrote while it opened the file is synced like a write. */
    private void syncOrClose(Connection connection) throws SQLException {
        try {
            sync(connection);
        } catch (SQLException e) {
            openings.remove(connection);
            closeQuietly(connection);
            throw e;
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

    private void discard(Connection connection) {
        long ofConnection = openings.remove(connection);
        opening.lock();
        try {
            if (ofConnection == current) {
                current++;
                open = false;
            }
        } finally {
            opening.unlock();
        }
        closeQuietly(connection);
    }

    @Override
    public void closeConnection(Connection connection) {
        idle.addFirst(connection);
        permits.release();
        if (closed) {
            closeIdle();
        }
    }

    /**
     * Writes, and answers when the write is on the disk, whatever the answer: it may tell of another thread's write.
     *
     * <p>H2 may overwrite what the newest version no longer uses, though nothing but an older version is surely on the disk.
     * So no write begins before the one before it was synced.
     */
    <T> T write(Supplier<T> work) {
        if (!lockForWriting()) {
            throw new TokenStoreException("other writes took too long", Applied.NO, null);
        }
        try {
            if (unsynced || openingOfSync != current) {
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

    private boolean lockForWriting() {
        try {
            return writing.tryLock() || writing.tryLock(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void sync(Applied applied) {
        try {
            Connection connection = openConnection();
            long opening = openings.get(connection);
            try {
                sync(connection);
            } finally {
                closeConnection(connection);
            }
            unsynced = false;
            openingOfSync = opening;
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
        closed = true;
        try {
            permits.tryAcquire(CONNECTIONS, LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closeIdle();
    }

    private void closeIdle() {
        for (Connection connection = idle.pollFirst(); connection != null; connection = idle.pollFirst()) {
            closeQuietly(connection);
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
