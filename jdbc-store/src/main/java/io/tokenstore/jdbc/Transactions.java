package io.tokenstore.jdbc;

import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import java.sql.Connection;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/** Runs each piece of work on a connection of the store's own, and commits it where the pool's connections do not by themselves. */
final class Transactions {

    private final Jdbi jdbi;

    /** A statement or a few, on an open handle. */
    interface Work<T> {
        T on(Handle handle) throws SQLException;
    }

    Transactions(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    <T> T read(String operation, Work<T> work) {
        return run(operation, work, Applied.NO);
    }

    <T> T write(String operation, Work<T> work) {
        return run(operation, work, Applied.UNKNOWN);
    }

    private <T> T run(String operation, Work<T> work, Applied whenItFails) {
        try (Handle handle = open(operation)) {
            return inTransaction(handle.getConnection(), () -> work.on(handle));
        } catch (SQLException | JdbiException e) {
            throw failure(operation, whenItFails, e);
        }
    }

    /** A pool may throw anything when it is closed or exhausted, and nothing was written then. */
    private Handle open(String operation) {
        try {
            return jdbi.open();
        } catch (RuntimeException e) {
            throw failure(operation, Applied.NO, e);
        }
    }

    private interface Statement<T> {
        T execute() throws SQLException;
    }

    private static <T> T inTransaction(Connection connection, Statement<T> statement) throws SQLException {
        if (connection.getAutoCommit()) {
            return statement.execute();
        }
        try {
            T result = statement.execute();
            connection.commit();
            return result;
        } catch (SQLException | RuntimeException | Error e) {
            try {
                connection.rollback();
            } catch (SQLException rollback) {
                e.addSuppressed(rollback);
            }
            throw e;
        }
    }

    private static TokenStoreException failure(String operation, Applied applied, Exception cause) {
        return new TokenStoreException("the database failed to " + operation, applied, cause);
    }
}
