package io.tokenstore.jdbc;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;

/**
 * Runs work in the store's own transaction, or as a part of the host's transaction.
 *
 * <p>In its own transaction it commits and repeats until the result is certain or the deadline is over. In the host's
 * transaction it only does the work.
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

    /** The kind of the work, which decides what follows if it fails. */
    private enum Kind {
        /** Has its own deadline. */
        READ,
        /** Holds a token's row, and continues on another server if this one has become read-only. */
        WRITE,
        /** Holds no token. Whoever sets up the database gets its failures soon and in full. */
        SETUP
    }

    /** A database that must do something else before a commit is on the disk. */
    interface SyncedDatabase extends ConnectionFactory {

        /** Runs a piece of work that commits, and returns its answer when the commit is on the disk. */
        <T> T write(Supplier<T> work);
    }

    /** Opens an attempt's session. */
    private interface Opening {
        JdbcSession open() throws SQLException;
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

    Steps steps(String operation) {
        return new Steps(operation, giveUpAt(Kind.WRITE));
    }

    /** Writes that share one deadline. Each commits, so that earlier writes stay done if a later one fails. */
    final class Steps {

        private final String operation;
        private final long giveUpAt;
        private boolean begun;

        private Steps(String operation, long giveUpAt) {
            this.operation = operation;
            this.giveUpAt = giveUpAt;
        }

        <T> T write(Work<T> work) {
            return run(Transactions.this::openConnection, work, Kind.WRITE);
        }

        /** The work asks for the {@linkplain Attempt#handle() handle}. */
        <T> T writeByHandle(Work<T> work) {
            return run(Transactions.this::openHandle, work, Kind.WRITE);
        }

        /** Reads between the writes. */
        <T> T read(Work<T> work) {
            return run(Transactions.this::openConnection, work, Kind.READ);
        }

        private <T> T run(Opening opening, Work<T> work, Kind kind) {
            try {
                T result = runInOwnTransaction(operation, opening, work, kind, giveUpAt);
                begun = true;
                return result;
            } catch (DuplicateTokenException e) {
                throw e;
            } catch (TokenStoreException e) {
                throw begun && e.applied() == Applied.NO ? failure(operation, true, e) : e;
            }
        }
    }

    private JdbcSession openConnection() throws SQLException {
        return JdbcSession.of(connections);
    }

    private JdbcSession openHandle() {
        return JdbcSession.of(jdbi.open());
    }

    boolean inHostTransaction() {
        return inHostTransaction.getAsBoolean();
    }

    private <T> T run(String operation, Opening opening, Work<T> work, Kind kind) {
        return inHostTransaction()
                ? runInHostTransaction(operation, opening, work, kind)
                : runInOwnTransaction(operation, opening, work, kind, giveUpAt(kind));
    }

    private <T> T runInHostTransaction(String operation, Opening opening, Work<T> work, Kind kind) {
        JdbcSession session = open(operation, opening);
        try (session) {
            return work.on(Attempt.inHostTransaction(session));
        } catch (SQLException | JdbiException e) {
            throw failure(operation, kind != Kind.READ && Failure.of(e).mayBeApplied(), told(kind, e));
        } catch (RuntimeException e) {
            throw inTheMiddle(operation, kind, e);
        }
    }

    private long giveUpAt(Kind kind) {
        return System.nanoTime() + (kind == Kind.READ ? readDeadline : deadline).toNanos();
    }

    private <T> T runInOwnTransaction(String operation, Opening opening, Work<T> work, Kind kind, long giveUpAt) {
        return kind == Kind.WRITE && connections instanceof SyncedDatabase database
                ? database.write(() -> repeat(operation, opening, work, kind, giveUpAt))
                : repeat(operation, opening, work, kind, giveUpAt);
    }

    private <T> T repeat(String operation, Opening opening, Work<T> work, Kind kind, long giveUpAt) {
        boolean mayBeApplied = false;
        for (int number = 0; ; number++) {
            boolean begun = false;
            Exception ended;
            try {
                JdbcSession session = opening.open();
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
                // A closed pool may throw anything.
                throw begun ? inTheMiddle(operation, kind, e) : failure(operation, mayBeApplied, e);
            }
            Failure failure = Failure.of(ended);
            boolean again = begun || !mayBeApplied
                    ? failure.isWorthRepeating() || (kind == Kind.WRITE && failure == Failure.READ_ONLY)
                    : failure != Failure.REFUSED; // Then even an exhausted pool is asked again, for a certain answer.
            mayBeApplied |= kind != Kind.READ && begun && failure.mayBeApplied();
            if (!again || !pause(number, giveUpAt)) {
                throw failure(operation, mayBeApplied, begun ? told(kind, ended) : ended);
            }
        }
    }

    /** Returns what the caller is told; for a write, without the driver's text. */
    private static Exception told(Kind kind, Exception ended) {
        if (kind != Kind.WRITE) {
            return ended;
        }
        SQLException known = Failure.sqlException(ended);
        return known != null && PostgresSession.isMuted(known) ? PostgresSession.muted() : Redaction.of(ended);
    }

    /** The work's own exception is its answer. Any other is a bug of the driver or the pool, so a write is in doubt. */
    private static RuntimeException inTheMiddle(String operation, Kind kind, RuntimeException e) {
        return kind != Kind.WRITE || e instanceof TokenStoreException ? e : failure(operation, true, Redaction.of(e));
    }

    /** A pool may throw anything if it is closed or exhausted, and nothing was sent then. */
    private static JdbcSession open(String operation, Opening opening) {
        try {
            return opening.open();
        } catch (SQLException | RuntimeException e) {
            throw failure(operation, false, e);
        }
    }

    /** If a connection can't be given back, what it did still holds. */
    private static void closeQuietly(JdbcSession session) {
        try {
            session.close();
        } catch (SQLException | RuntimeException e) {
            // The pool logs it.
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

    /** Waits a random time, longer after more attempts; returns false if there must be no further attempt. */
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
