package io.tokenstore.jdbc;

import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * Runs each piece of work either in a transaction of the store's own, committed and repeated until it is certain or the
 * deadline is over; or as a part of the host's transaction, and then does nothing but the work.
 */
final class Transactions {

    private static final int LONGEST_PAUSE_MILLIS = 100;

    private final ConnectionFactory connections;
    private final Jdbi jdbi;
    private final BooleanSupplier inHostTransaction;
    private final Duration deadline;

    /** One or a few statements. */
    interface Work<T> {
        T on(Attempt attempt) throws SQLException;
    }

    /** Opens what an attempt works on. */
    private interface Opening {
        Session open() throws SQLException;
    }

    Transactions(ConnectionFactory connections, Jdbi jdbi, BooleanSupplier inHostTransaction, Duration deadline) {
        this.connections = connections;
        this.jdbi = jdbi;
        this.inHostTransaction = inHostTransaction;
        this.deadline = deadline;
    }

    <T> T read(String operation, Work<T> work) {
        return run(operation, this::openConnection, work, false);
    }

    <T> T write(String operation, Work<T> work) {
        return run(operation, this::openConnection, work, true);
    }

    /** The work asks for the {@linkplain Attempt#handle() handle}. */
    <T> T readByHandle(String operation, Work<T> work) {
        return run(operation, this::openHandle, work, false);
    }

    /** The work asks for the {@linkplain Attempt#handle() handle}. */
    <T> T writeByHandle(String operation, Work<T> work) {
        return run(operation, this::openHandle, work, true);
    }

    private Session openConnection() throws SQLException {
        return Session.of(connections);
    }

    private Session openHandle() {
        return Session.of(jdbi.open());
    }

    boolean inHostTransaction() {
        return inHostTransaction.getAsBoolean();
    }

    private <T> T run(String operation, Opening opening, Work<T> work, boolean writes) {
        return inHostTransaction()
                ? runInHostTransaction(operation, opening, work, writes)
                : runInOwnTransaction(operation, opening, work, writes);
    }

    private <T> T runInHostTransaction(String operation, Opening opening, Work<T> work, boolean writes) {
        Session session = open(operation, opening);
        try (session) {
            return work.on(Attempt.inHostTransaction(session));
        } catch (SQLException | JdbiException e) {
            throw failure(operation, writes && Failure.of(e).mayBeApplied(), e);
        }
    }

    private <T> T runInOwnTransaction(String operation, Opening opening, Work<T> work, boolean writes) {
        long giveUpAt = System.nanoTime() + deadline.toNanos();
        boolean mayBeApplied = false;
        for (int number = 0; ; number++) {
            boolean begun = false;
            Exception ended;
            try {
                Session session = opening.open();
                Attempt attempt = Attempt.until(giveUpAt, session, mayBeApplied);
                try {
                    return commit(attempt, work);
                } finally {
                    begun = attempt.hasBegun();
                    attempt.restoreWaiting();
                    closeQuietly(session);
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
    private static Session open(String operation, Opening opening) {
        try {
            return opening.open();
        } catch (SQLException | RuntimeException e) {
            throw failure(operation, false, e);
        }
    }

    /** A connection that can't be given back takes nothing back of what it did, and says nothing of it. */
    private static void closeQuietly(Session session) {
        try {
            session.close();
        } catch (SQLException | RuntimeException e) {
            // The pool tells its own log.
        }
    }

    private static <T> T commit(Attempt attempt, Work<T> work) throws SQLException {
        Connection connection = attempt.unlimitedConnection();
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
