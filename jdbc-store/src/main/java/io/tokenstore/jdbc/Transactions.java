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
import org.jdbi.v3.core.statement.SqlStatements;

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
    private final Duration readDeadline;

    /** One or a few statements. */
    interface Work<T> {
        T on(Attempt attempt) throws SQLException;
    }

    /** What a piece of work is, and so what follows when it fails. */
    private enum Kind {
        /** Has a deadline of its own. */
        READ,
        /** Has a token's row in it, and goes on at another server if this one has become read-only. */
        WRITE,
        /** Has no token in it, and its failures are for whoever sets the database up, soon and in full. */
        SETUP
    }

    /** Opens what an attempt works on. */
    private interface Opening {
        Session open() throws SQLException;
    }

    Transactions(ConnectionFactory connections, Jdbi jdbi, BooleanSupplier inHostTransaction, JdbcOptions options) {
        this.connections = connections;
        this.jdbi = jdbi;
        this.inHostTransaction = inHostTransaction;
        this.deadline = options.deadline();
        this.readDeadline = deadline.compareTo(options.readDeadline()) < 0 ? deadline : options.readDeadline();
        jdbi.getConfig(SqlStatements.class).addCustomizer(Acknowledgement.ofStatements());
    }

    <T> T read(String operation, Work<T> work) {
        return run(operation, this::openConnection, work, Kind.READ);
    }

    <T> T write(String operation, Work<T> work) {
        return run(operation, this::openConnection, work, Kind.WRITE);
    }

    /** The work asks for the {@linkplain Attempt#handle() handle}. */
    <T> T readByHandle(String operation, Work<T> work) {
        return run(operation, this::openHandle, work, Kind.READ);
    }

    /** The work asks for the {@linkplain Attempt#handle() handle}. */
    <T> T writeByHandle(String operation, Work<T> work) {
        return run(operation, this::openHandle, work, Kind.WRITE);
    }

    /** Creates or checks the tables; the work may ask for the {@linkplain Attempt#handle() handle}. */
    <T> T setUp(String operation, Work<T> work) {
        return run(operation, this::openHandle, work, Kind.SETUP);
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

    private <T> T run(String operation, Opening opening, Work<T> work, Kind kind) {
        return inHostTransaction()
                ? runInHostTransaction(operation, opening, work, kind)
                : runInOwnTransaction(operation, opening, work, kind);
    }

    private <T> T runInHostTransaction(String operation, Opening opening, Work<T> work, Kind kind) {
        Session session = open(operation, opening);
        try (session) {
            return work.on(Attempt.inHostTransaction(session));
        } catch (SQLException | JdbiException e) {
            throw failure(operation, kind != Kind.READ && Failure.of(e).mayBeApplied(), told(kind, e));
        }
    }

    private <T> T runInOwnTransaction(String operation, Opening opening, Work<T> work, Kind kind) {
        long giveUpAt = System.nanoTime() + (kind == Kind.READ ? readDeadline : deadline).toNanos();
        boolean mayBeApplied = false;
        for (int number = 0; ; number++) {
            boolean begun = false;
            Exception ended;
            try {
                Session session = opening.open();
                Attempt attempt = Attempt.until(giveUpAt, session, mayBeApplied);
                try {
                    return commit(attempt, work);
                } catch (SQLException | JdbiException e) {
                    if (Failure.of(e).isOfTheConnection()) {
                        attempt.abortConnection();
                    }
                    throw e;
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
            boolean again = begun || !mayBeApplied
                    ? failure.isWorthRepeating() || (kind == Kind.WRITE && failure == Failure.READ_ONLY)
                    : failure != Failure.REFUSED; // Also an exhausted pool is asked again then, for a certain answer.
            mayBeApplied |= kind != Kind.READ && begun && failure.mayBeApplied();
            if (!again || !pause(number, giveUpAt)) {
                throw failure(operation, mayBeApplied, begun ? told(kind, ended) : ended);
            }
        }
    }

    /** What the caller is told of: of a write, nothing that the driver wrote. */
    private static Exception told(Kind kind, Exception ended) {
        if (kind != Kind.WRITE) {
            return ended;
        }
        SQLException known = Failure.sqlException(ended);
        return known != null && PostgresSession.isMuted(known) ? PostgresSession.muted() : Redaction.of(ended);
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
            Acknowledgement.confirm(connection::getWarnings);
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
