package io.tokenstore.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.Objects;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a commit that was acknowledged is in doubt after all.
 *
 * <p>PostgreSQL reports only by a warning that a commit is not on the standby that it had to wait for. Many other warnings
 * have the same SQLState but say nothing about the commit: triggers, extensions and a server that runs out of transaction ids
 * send them. The server's routine that sent a warning distinguishes them; the text of a warning depends on the language.
 */
final class Acknowledgement {

    private static final String WAITS_FOR_THE_STANDBY = "SyncRepWaitForLSN";
    private static final String WARNING = "01000";
    private static final String RESOLUTION_UNKNOWN = "08007";

    private Acknowledgement() {}

    /** A source of warnings. */
    interface Warnings {
        @Nullable
        SQLWarning first() throws SQLException;
    }

    /** Throws if the commit that was just acknowledged is in doubt, also if its warnings can't be read. */
    static void confirm(Warnings warnings) throws SQLException {
        SQLWarning warning;
        try {
            warning = warnings.first();
        } catch (SQLException e) {
            throw new SQLException("it is not known whether the write was acknowledged", RESOLUTION_UNKNOWN, e);
        }
        for (; warning != null; warning = warning.getNextWarning()) {
            if (isOfTheStandby(warning)) {
                throw warning;
            }
        }
    }

    /** Confirms each Jdbi statement that commits itself. */
    static StatementCustomizer ofStatements() {
        return new StatementCustomizer() {
            @Override
            public void afterExecution(PreparedStatement statement, StatementContext context) throws SQLException {
                if (context.getConnection().getAutoCommit()) {
                    confirm(statement::getWarnings);
                }
            }
        };
    }

    private static boolean isOfTheStandby(SQLWarning warning) {
        try {
            // By reflection, since this module must not depend on PostgreSQL's driver.
            Object message = Objects.requireNonNull(call(warning, "getServerErrorMessage"));
            return Objects.requireNonNull(call(message, "getRoutine")).equals(WAITS_FOR_THE_STANDBY);
        } catch (ReflectiveOperationException | RuntimeException e) {
            // A warning of another database, which has a vendor code; or one of PostgreSQL that was wrapped.
            return WARNING.equals(warning.getSQLState()) && warning.getErrorCode() == 0;
        }
    }

    private static @Nullable Object call(Object target, String method) throws ReflectiveOperationException {
        return target.getClass().getMethod(method).invoke(target);
    }
}
