package io.tokenstore.jdbc;

import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import java.sql.Connection;
import java.sql.SQLException;
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

    private final Jdbi jdbi;
    private final BooleanSupplier inHostTransaction;
    private final Duration deadline;

    /** One or a few statements. */
    interface Work<T> {
        T on(Attempt attempt) throws SQLException;
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
        return inHostTransaction()
                ? runInHostTransaction(operation, work, writes)
                : runInOwnTransaction(operation, work, writes);
    }

    private <T> T runInHostTransaction(String operation, Work<T> work, boolean writes) {
        Handle handle = open(operation);
        try (handle) {
            return work.on(Attempt.inHostTransaction(handle));
        } catch (SQLException | JdbiException e) {
            throw failure(operation, writes && Failure.of(e).mayBeApplied(), e);
        }
    }

    private <T> T runInOwnTransaction(String operation, Work<T> work, boolean writes) {
        long giveUpAt = System.nanoTime() + deadline.toNanos();
        boolean mayBeApplied = false;
        for (int number = 0; ; number++) {
            boolean begun = false;
            Exception ended;
            try {
                Handle handle = jdbi.open();
                Attempt attempt = Attempt.until(giveUpAt, handle, mayBeApplied);
                try {
                    return commit(attempt, work);
                } finally {
                    begun = attempt.hasBegun();
                    attempt.restoreWaiting();
                    closeQuietly(handle);
                }
            } catch (SQLException | JdbiException e) {
                ended = e;
            } catch (RuntimeException e) {
                // A pool that is closed may throw anything. The work's own exceptions are its answers.
                throw begun ? e : failure(operation, mayBeApplied, e);
            }
            Failure failure = Failure.of(ended);
            mayBeApplied |= writes && begun && failure.mayBeApplied();
            if (!failure.isWorthRepeating() || !pause(number, giveUpAt)) {
                throw failure(operation, mayBeApplied, ended);
            }
        }
    }

    /** A pool may throw anything when it is closed or exhausted, and nothing was sent then. */
    private Handle open(String operation) {
        try {
            return jdbi.open();
        } catch (RuntimeException e) {
            throw failure(operation, false, e);
        }
    }

    /** A connection that can't be given back takes nothing back of what it did, and says nothing of it. */
    private static void closeQuietly(Handle handle) {
        try {
            handle.close();
        } catch (RuntimeException e) {
            // The pool tells its own log.
        }
    }

    private static <T> T commit(Attempt attempt, Work<T> work) throws SQLException {
        Connection connection = attempt.connection();
        if (connection.getAutoCommit()) {
            return work.on(attempt);
        }
        try {
            T result = work.on(attempt);
            attempt.connection().clearWarnings();
            connection.commit();
            HotStatements.confirm(connection::getWarnings);
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

    /** Waits a random while, longer the more attempts there were; returns false where there is to be no other attempt. */
    private static boolean pause(int attempt, long giveUpAt) {
        int longest = Math.min(LONGEST_PAUSE_MILLIS, 2 << Math.min(attempt, 10));
        long millis = Math.min(
                Attempt.millisUntil(giveUpAt), ThreadLocalRandom.current().nextLong(1, longest + 1L));
        if (millis <= 0 || Thread.currentThread().isInterrupted()) {
            return false;
        }
        try {
            Thread.sleep(millis);
            return Attempt.millisUntil(giveUpAt) > 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static TokenStoreException failure(String operation, boolean mayBeApplied, Exception cause) {
        Applied applied = mayBeApplied ? Applied.UNKNOWN : Applied.NO;
        return new TokenStoreException("the database failed to " + operation, applied, cause);
    }
}
