package io.tokenstore.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.sql.Statement;
import java.util.List;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** Brings a database's tables up to what this release knows, and leaves alone what a later release added. */
final class Schema {

    private Schema() {}

    /** Runs each script that has not run yet, in order. */
    static void create(Attempt attempt, String table, List<Dialect.Script> scripts) throws SQLException {
        Dialect dialect = Dialect.of(attempt.connection());
        try {
            for (Dialect.Script script : scripts) {
                if (script.column() == null || !hasColumn(attempt.connection(), table, script.column())) {
                    run(attempt, dialect.text(script, table));
                }
            }
        } catch (UnableToExecuteStatementException e) {
            if (Failure.isOfSimultaneousCreation(e)) {
                throw new SQLTransactionRollbackException("another node creates the table", "40001", e);
            }
            throw e;
        }
    }

    /**
     * Runs a script, if need be without its collation. Some servers with PostgreSQL's protocol, such as CockroachDB, sort by
     * bytes and lack it.
     */
    private static void run(Attempt attempt, String text) throws SQLException {
        try {
            attempt.handle().createScript(text).executeAsSeparateStatements();
        } catch (UnableToExecuteStatementException e) {
            String withoutCollation = text.replace(" COLLATE \"C\"", "");
            if (withoutCollation.equals(text)
                    || Failure.of(e) != Failure.REFUSED
                    || Failure.isOfSimultaneousCreation(e)) {
                throw e;
            }
            if (!attempt.connection().getAutoCommit()) {
                attempt.connection().rollback();
            }
            if (!ColumnCheck.sortsByBytes(attempt.connection())) {
                throw e;
            }
            try {
                attempt.handle().createScript(withoutCollation).executeAsSeparateStatements();
            } catch (UnableToExecuteStatementException again) {
                again.addSuppressed(e);
                throw again;
            }
        }
    }

    private static boolean hasColumn(Connection connection, String table, String column) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet nothing = statement.executeQuery("SELECT * FROM " + table + " WHERE 1 = 0")) {
            ResultSetMetaData columns = nothing.getMetaData();
            boolean found = false;
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                found |= columns.getColumnName(i).equalsIgnoreCase(column);
            }
            return found;
        }
    }
}
