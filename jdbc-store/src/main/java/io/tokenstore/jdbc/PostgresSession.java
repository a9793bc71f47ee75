package io.tokenstore.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the store needs from a PostgreSQL session: warnings that arrive, and statements that another client's do not replace.
 */
final class PostgresSession {

    /**
     * Divides by zero in a session that hides warnings. A warning is PostgreSQL's only sign that a commit is not on the standby
     * that it had to wait for. Any session can begin to hide warnings after the check: by its role, by what a pool runs, or by
     * another client of a pooler.
     */
    static final String ONE_UNLESS_MUTED =
            "1 / CAST(current_setting('client_min_messages') NOT IN ('error', 'fatal', 'panic') AS INTEGER)";

    private static final String DIVISION_BY_ZERO = "22012";
    private static final String MUTED =
            "client_min_messages hides PostgreSQL's warning that a standby may lack a commit:"
                    + " set it to warning, or lower, for the store's connections";

    private static final String POOLER =
            "there is a pooler, such as PgBouncer, before PostgreSQL, which does not keep apart the"
                    + " statements that the drivers of several clients name, or takes no transactions: set prepareThreshold=0 in the"
                    + " JDBC URL, and the pooler's pool_mode to transaction or session";
    /** PgBouncer refuses transactions, or anything while it reaches no server. */
    private static final String REFUSED_BY_A_POOLER = "08P01";
    /** Duplicate prepared statement, invalid statement name, and PgBouncer's refusal. */
    private static final Set<String> OF_POOLERS = Set.of("42P05", "26000", REFUSED_BY_A_POOLER);

    private PostgresSession() {}

    /**
     * Returns a statement that inserts new uses and updates older ones.
     *
     * <p>The statement waits for a row that another call writes. It does not skip the row, because a skipped use would count as
     * written and be lost. The wait is short: only a flush and a purge lock rows, each in its own transaction. No two calls
     * wait for each other, because every call locks rows in the given order, which is that of the table's collation.
     */
    static String keepUses(String uses, int rows) {
        String values = IntStream.range(0, rows)
                .mapToObj(row -> "(?, ?, " + row + ")")
                .collect(Collectors.joining(", ", "VALUES ", ""));
        return "INSERT INTO " + uses + " AS kept (id, last_used_at) SELECT id, used_at FROM (" + values
                + ") given (id, used_at, place) WHERE " + ONE_UNLESS_MUTED + " = 1 ORDER BY place"
                + " ON CONFLICT (id) DO UPDATE SET last_used_at = EXCLUDED.last_used_at"
                + " WHERE kept.last_used_at < EXCLUDED.last_used_at";
    }

    /** Deletes rows in the order in which {@link #keepUses} locks them. A plain DELETE would choose its own order. */
    static String forgetUses(String uses, String parameters) {
        return "DELETE FROM " + uses + " WHERE id IN (SELECT id FROM " + uses + " WHERE id IN (" + parameters
                + ") ORDER BY id FOR UPDATE)";
    }

    static boolean hasForeignPartitions(Connection connection, String table) throws SQLException {
        String foreign = "SELECT 1 FROM pg_partition_tree(to_regclass(?)) part"
                + " JOIN pg_class ON pg_class.oid = part.relid WHERE relkind = 'f'";
        try (PreparedStatement statement = connection.prepareStatement(foreign)) {
            statement.setString(1, table);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    static void check(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_backend_pid(), " + ONE_UNLESS_MUTED)) {
            row.next();
            if (namesStatements(connection, row.getInt(1))) {
                throw new IllegalStateException(POOLER);
            }
        } catch (SQLException e) {
            if (explains(e) && !REFUSED_BY_A_POOLER.equals(e.getSQLState())) {
                throw unfit(e);
            }
            throw e;
        }
    }

    /** Whether the driver names statements on a session that a pooler chose, while the driver knows another session. */
    private static boolean namesStatements(Connection connection, int session) {
        ClassLoader ofTheHost = Thread.currentThread().getContextClassLoader();
        for (ClassLoader loader : new ClassLoader[] {PostgresSession.class.getClassLoader(), ofTheHost}) {
            try {
                Class<?> type = Class.forName("org.postgresql.PGConnection", false, loader);
                Object driver = connection.unwrap(type);
                return session != (int) type.getMethod("getBackendPID").invoke(driver)
                        && 0 != (int) type.getMethod("getPrepareThreshold").invoke(driver)
                        && !"SIMPLE"
                                .equals(String.valueOf(
                                        type.getMethod("getPreferQueryMode").invoke(driver)));
            } catch (ReflectiveOperationException | SQLException | RuntimeException e) {
                // Another PostgreSQL driver, or one out of reach.
            }
        }
        return false;
    }

    /** Whether the failure is about the session, not about the statement. */
    static boolean explains(SQLException e) {
        return isMuted(e) || (e.getSQLState() != null && OF_POOLERS.contains(e.getSQLState()));
    }

    static IllegalStateException unfit(SQLException e) {
        return new IllegalStateException(isMuted(e) ? MUTED : POOLER, e);
    }

    static boolean isMuted(SQLException e) {
        return DIVISION_BY_ZERO.equals(e.getSQLState());
    }

    static SQLException muted() {
        return new SQLException(MUTED, DIVISION_BY_ZERO);
    }
}
