package io.tokenstore.jdbc;

import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * Runs each piece of work either in a transaction of the store's own, committed and repeated until it is certain or the
 * deadline is over; or as a part of the host's transaction, and then does nothing but the work.
 */
final class Transactions {

    private static final int LONGEST_PAUSE_MILLIS = 100;
    private static final int NOTHING_TO_RESTORE = -1;

    private final Jdbi jdbi;
    private final BooleanSupplier inHostTransaction;
    private final Duration deadline;

    /** One or a few statements. */
    interface Work<T> {

        /**
         * Does the work.
         *
         * @param mayBeApplied whether an earlier attempt at the same work may have been applied
         */
        T on(Handle handle, boolean mayBeApplied) throws SQLException;
    }

    Transactions(Jdbi jdbi, BooleanSupplier inHostTransaction, Duration deadline) {
        this.jdbi = jdbi;
        this.inHostTransaction = inHostTransaction;
        this.deadline = deadline;
    }

    <T> T read(String operation, Work<T> work) {
        return run(operation, work, false);
    }

    <T> T write(String operation, Work<T> work) {
        return run(operation, work, true);
    }

    boolean inHostTransaction() {
        return inHostTransaction.getAsBoolean();
    }

    private <T> T run(String operation, Work<T> work, boolean writes) {
        return inHostTransaction.getAsBoolean()
                ? runInHostTransaction(operation, work, writes)
                : runInOwnTransaction(operation, work, writes);
    }

    private <T> T runInHostTransaction(String operation, Work<T> work, boolean writes) {
        try (Handle handle = jdbi.open()) {
            return work.on(handle, false);
        } catch (SQLException | JdbiException e) {
            throw failure(operation, writes && Failure.of(e).mayBeApplied(), e);
        }
    }

    private <T> T runInOwnTransaction(String operation, Work<T> work, boolean writes) {
        long giveUpAt = System.nanoTime() + deadline.toNanos();
        boolean mayBeApplied = false;
        for (int attempt = 0; ; attempt++) {
            boolean open = false;
            try (Handle handle = jdbi.open()) {
                open = true;
                return attempt(handle, work, mayBeApplied, giveUpAt);
            } catch (SQLException | JdbiException e) {
                Failure failure = Failure.of(e);
                mayBeApplied |= writes && open && failure.mayBeApplied();
                if (!failure.isWorthRepeating() || !pause(attempt, giveUpAt)) {
                    throw failure(operation, mayBeApplied, e);
                }
            } catch (RuntimeException e) {
                // A pool that is closed may throw anything. The work's own exceptions are its answers.
                throw open ? e : failure(operation, mayBeApplied, e);
            }
        }
    }

    private static <T> T attempt(Handle handle, Work<T> work, boolean mayBeApplied, long giveUpAt) throws SQLException {
        Connection connection = handle.getConnection();
        int before = limitWaiting(connection, giveUpAt);
        try {
            return connection.getAutoCommit()
                    ? work.on(handle, mayBeApplied)
                    : commit(connection, () -> work.on(handle, mayBeApplied));
        } finally {
            restoreWaiting(connection, before);
        }
    }

    private interface Statements<T> {
        T execute() throws SQLException;
    }

    private static <T> T commit(Connection connection, Statements<T> statements) throws SQLException {
        try {
            T result = statements.execute();
            connection.clearWarnings();
            connection.commit();
            HotStatements.throwIfUnconfirmed(connection.getWarnings());
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            try {
                connection.rollback();
            } catch (SQLException | RuntimeException rollback) {
                e.addSuppressed(rollback);
            }
            throw e;
        }
    }

    /**
     * Limits how long the connection waits for the database's answers to what is left of the deadline.
     *
     * @return the limit to restore, or {@link #NOTHING_TO_RESTORE}
     */
    private static int limitWaiting(Connection connection, long giveUpAt) throws SQLException {
        try {
            int before = connection.getNetworkTimeout();
            int left = (int) Math.max(1, millisUntil(giveUpAt));
            if (before > 0 && before <= left) {
                return NOTHING_TO_RESTORE;
            }
            connection.setNetworkTimeout(Runnable::run, left);
            return before;
        } catch (SQLFeatureNotSupportedException e) {
            return NOTHING_TO_RESTORE;
        }
    }

    private static void restoreWaiting(Connection connection, int before) {
        if (before == NOTHING_TO_RESTORE) {
            return;
        }
        try {
            connection.setNetworkTimeout(Runnable::run, before);
        } catch (SQLException broken) {
            // Nobody uses this connection again.
        }
    }

    /** Waits a random while, longer the more attempts there were; returns false where there is to be no other attempt. */
    private static boolean pause(int attempt, long giveUpAt) {
        int longest = Math.min(LONGEST_PAUSE_MILLIS, 2 << Math.min(attempt, 10));
        long millis =
                Math.min(millisUntil(giveUpAt), ThreadLocalRandom.current().nextLong(1, longest + 1L));
        if (millis <= 0 || Thread.currentThread().isInterrupted()) {
            return false;
        }
        try {
            Thread.sleep(millis);
            return millisUntil(giveUpAt) > 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static long millisUntil(long nanoTime) {
        return (nanoTime - System.nanoTime()) / 1_000_000;
    }

    private static TokenStoreException failure(String operation, boolean mayBeApplied, Exception cause) {
        Applied applied = mayBeApplied ? Applied.UNKNOWN : Applied.NO;
        return new TokenStoreException("the database failed to " + operation, applied, cause);
    }
}
