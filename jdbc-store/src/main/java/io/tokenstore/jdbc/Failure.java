package io.tokenstore.jdbc;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a database's exception says about the work that it ended, told by SQLState and vendor code alone: MariaDB's driver
 * makes a transient connection exception of any state that it does not know, and pools make one when they are exhausted.
 */
enum Failure {
    /** Rolled back because others were in the way: nothing was applied, and the next try may succeed. */
    CONFLICT(false, true),
    /** The answer was lost, perhaps after the work was done: repeat it to be sure. */
    LOST(true, true),
    /** The same, and the driver took the connection to another server: it is of use again. */
    MOVED(true, true),
    /** The server takes no writes, like one that was demoted: nothing was applied, and another server may take them. */
    READ_ONLY(false, false),
    /** The database refused the work, and would again: nothing was applied. */
    REFUSED(false, false),
    /** Anything else. */
    UNCLASSIFIED(true, false);

    /** Of MariaDB and MySQL, which tell many failures by a vendor code alone. */
    private static final String GENERAL_ERROR = "HY000";

    /** Of Group Replication 40000; of TiDB 8002 to 8028 and 9007. */
    private static final Set<String> CONFLICTS = set("40000 40001 40P01 55P03 HYT00 HY000/1020 HY000/1205 HY000/1213"
            + " HY000/8002 HY000/8005 HY000/8022 HY000/8028 HY000/9007");
    /**
     * Completion unknown; PostgreSQL ended a session, or ends, or restarts, and its warning that a standby may lack the commit;
     * CockroachDB, Spider, Group Replication, TiDB or a proxy reached no node; H2 over a network that broke; MariaDB and MySQL
     * interrupted a query, killed or closed a connection.
     */
    private static final Set<String> LOSSES =
            set("40003 57P01 57P02 57P03 57P04 57P05 25P03 25P04 01000 58C00 58C01 90067 70100 HY000/4031"
                    + " HY000/1429 HY000/12701 HY000/2003 HY000/2006 HY000/2013 HY000/3100 HY000/3797 HY000/3798"
                    + " HY000/9001 HY000/9002 HY000/9003 HY000/9004 HY000/9005 HY000/9501");
    /** Of MariaDB's driver. */
    private static final String MOVED_BY_THE_DRIVER = "25S03";

    /** A transaction, an option such as read_only, and a whole server. */
    private static final Set<String> WITHOUT_WRITES = set("25006 HY000/1290 HY000/1836");
    /**
     * Cardinality, data, integrity, authorization, syntax, privileges, unsupported, and what triggers and views raise: at once
     * or at the commit, nothing is left of it.
     */
    private static final Set<String> REFUSING_CLASSES = set("21 22 23 25 27 28 38 39 42 44 45 0A P0");
    /**
     * H2's triggers, functions and read-only files; MariaDB and MySQL: full, a missing or wrong value, a view, a trigger, a check;
     * of Spider 1477, of Group Replication 3098, of TiDB 8004 and 8025.
     */
    private static final Set<String> REFUSALS =
            set("90044 90097 90105 HY000/1114 HY000/1364 HY000/1366 HY000/1369 HY000/1442 HY000/3819"
                    + " HY000/1477 HY000/3098 HY000/8004 HY000/8025");

    /** H2's pool is exhausted: unlike other pools it has an SQLState for that. */
    private static final int LOGIN_TIMEOUT = 8001;

    private static final String DUPLICATE_KEY = "23505";
    /** MariaDB and MySQL. */
    private static final int DUPLICATE_ENTRY = 1062;

    /** PostgreSQL: duplicate key in a catalog, duplicate table, duplicate object; any: duplicate column. */
    private static final Set<String> SIMULTANEOUS_CREATIONS = Set.of(DUPLICATE_KEY, "42P07", "42710", "42701", "42S21");

    private final boolean mayBeApplied;
    private final boolean worthRepeating;

    Failure(boolean mayBeApplied, boolean worthRepeating) {
        this.mayBeApplied = mayBeApplied;
        this.worthRepeating = worthRepeating;
    }

    private static Set<String> set(String words) {
        return Set.of(words.split(" "));
    }

    static Failure of(Throwable thrown) {
        SQLException first = sqlException(thrown);
        // With its causes and next exceptions: a general error may wrap what says more.
        for (Throwable each : first == null ? Set.<Throwable>of() : first) {
            if (each instanceof SQLException sql && sql.getSQLState() != null) {
                Failure failure = of(sql.getSQLState(), sql.getErrorCode());
                if (failure != UNCLASSIFIED || !sql.getSQLState().equals(GENERAL_ERROR)) {
                    return failure;
                }
            }
        }
        return UNCLASSIFIED;
    }

    private static Failure of(String state, int vendorCode) {
        String key = state.equals(GENERAL_ERROR) ? state + "/" + vendorCode : state;
        if (CONFLICTS.contains(key)) {
            return CONFLICT;
        }
        if ((key.startsWith("08") && vendorCode != LOGIN_TIMEOUT) || LOSSES.contains(key)) {
            return LOST;
        }
        if (key.equals(MOVED_BY_THE_DRIVER)) {
            return MOVED;
        }
        if (WITHOUT_WRITES.contains(key)) {
            return READ_ONLY;
        }
        return REFUSALS.contains(key) || REFUSING_CLASSES.contains(key.substring(0, Math.min(2, key.length())))
                ? REFUSED
                : UNCLASSIFIED;
    }

    /** Returns the exception itself or the first of its causes that is one of JDBC. */
    static @Nullable SQLException sqlException(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
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

    /** Whether the connection is of no use any more, and a pool should replace it. */
    boolean isOfTheConnection() {
        return this == LOST || this == READ_ONLY;
    }
}
