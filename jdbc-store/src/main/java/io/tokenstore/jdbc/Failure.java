package io.tokenstore.jdbc;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/** What a database's exception says about the work that it ended, told by SQLState and vendor code alone. */
enum Failure {
    /** Rolled back because others were in the way: nothing was applied, and the next try may succeed. */
    CONFLICT(false, true),
    /** The answer was lost, perhaps after the work was done: repeat it to be sure. */
    LOST(true, true),
    /** The database refused the work, and would again: nothing was applied. */
    REFUSED(false, false),
    /** Anything else. */
    OBSCURE(true, false);

    private static final Set<String> CONFLICTS = Set.of("40001", "40P01", "55P03", "HYT00");
    /** MariaDB and MySQL: record has changed since last read, lock wait timeout, deadlock. */
    private static final Set<Integer> CONFLICTS_WITHOUT_A_STATE = Set.of(1020, 1205, 1213);

    /**
     * Completion unknown; PostgreSQL ended a session, or ends, or restarts, and its warning that a standby may lack the commit;
     * H2 over a network that broke.
     */
    private static final Set<String> LOSSES =
            Set.of("40003", "57P01", "57P02", "57P03", "57P04", "57P05", "25P03", "25P04", "01000", "90067");
    /** MariaDB and MySQL: the query was interrupted, the connection was killed. */
    private static final String KILLED = "70100";

    /** Cardinality, data, integrity, authorization, syntax, privileges, unsupported: all found before anything is written. */
    private static final Set<String> REFUSALS = Set.of("21", "22", "23", "25", "28", "42", "0A");

    private static final String DUPLICATE_KEY = "23505";
    /** MariaDB and MySQL. */
    private static final int DUPLICATE_ENTRY = 1062;

    /** PostgreSQL: duplicate key in a catalog, duplicate table, duplicate object. */
    private static final Set<String> SIMULTANEOUS_CREATIONS = Set.of(DUPLICATE_KEY, "42P07", "42710");

    private final boolean mayBeApplied;
    private final boolean worthRepeating;

    Failure(boolean mayBeApplied, boolean worthRepeating) {
        this.mayBeApplied = mayBeApplied;
        this.worthRepeating = worthRepeating;
    }

    static Failure of(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientConnectionException) {
                return LOST;
            }
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return of(sql.getSQLState(), sql.getErrorCode());
            }
        }
        return OBSCURE;
    }

    private static Failure of(String state, int vendorCode) {
        if (CONFLICTS.contains(state) || (state.equals("HY000") && CONFLICTS_WITHOUT_A_STATE.contains(vendorCode))) {
            return CONFLICT;
        }
        if (state.startsWith("08") || LOSSES.contains(state) || state.equals(KILLED)) {
            return LOST;
        }
        return REFUSALS.contains(state.substring(0, Math.min(2, state.length()))) ? REFUSED : OBSCURE;
    }

    /** A row with this key is there already. */
    static boolean isDuplicateKey(SQLException e) {
        return DUPLICATE_KEY.equals(e.getSQLState()) || e.getErrorCode() == DUPLICATE_ENTRY;
    }

    /** PostgreSQL's IF NOT EXISTS looks first and creates then: nodes that start together may get in each other's way. */
    static boolean isOfSimultaneousCreation(Throwable thrown) {
        return thrown.getCause() instanceof SQLException e && SIMULTANEOUS_CREATIONS.contains(e.getSQLState());
    }

    boolean mayBeApplied() {
        return mayBeApplied;
    }

    boolean isWorthRepeating() {
        return worthRepeating;
    }
}
