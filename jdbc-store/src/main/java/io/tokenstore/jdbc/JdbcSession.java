package io.tokenstore.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** A connection during one attempt, with a Jdbi handle if the statements ask for one. */
record JdbcSession(Connection connection, @Nullable Handle openedHandle, Closing closing) implements AutoCloseable {

    /** Gives the connection back. */
    interface Closing {
        void close() throws SQLException;
    }

    /** The host's connection, which the host closes. */
    record OfTheHost(Connection connection) implements ConnectionFactory {

        @Override
        public Connection openConnection() {
            return connection;
        }

        @Override
        public void closeConnection(Connection hosts) {}
    }

    /** Opens a session without a handle, since opening a handle takes longer than preparing a short statement. */
    static JdbcSession of(ConnectionFactory connections) throws SQLException {
        Connection connection = connections.openConnection();
        return new JdbcSession(connection, null, () -> connections.closeConnection(connection));
    }

    static JdbcSession of(Handle handle) {
        return new JdbcSession(handle.getConnection(), handle, handle::close);
    }

    Handle handle() {
        return Objects.requireNonNull(openedHandle, "the work did not ask for a handle");
    }

    @Override
    public void close() throws SQLException {
        closing.close();
    }
}
