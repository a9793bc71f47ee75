package io.tokenstore.jdbc;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Classifies a database's exception by what it says about the work that failed.
 *
 * <p>Only the SQLState and the vendor code count. The class does not: MariaDB's driver throws a transient connection exception
 * for any state that it does not know, and so do exhausted pools.
 */
enum Failure {
    /** Rolled back because other calls were in the way: nothing was applied, and the next try may succeed. */
    CONFLICT(false, true),
    /** The answer was lost, perhaps after the work was done: repeat it to be sure. */
    LOST(true, true),
    /** The answer was lost, and the driver moved the connection to another server: it can be used again. */
    MOVED(true, true),
    /** The server is read-only, such as a demoted primary: nothing was applied, and another server may accept the write. */
    READ_ONLY(false, false),
    /** The database refused the work, and would again: nothing was applied. */
    REFUSED(false, false),
    /** Anything else. */
    UNCLASSIFIED(true, false);

    /** MariaDB and MySQL distinguish many failures only by a vendor code. */
    private static final String GENERAL_ERROR = "HY000";

    /** 40000 is Group Replication's; 8002 to 8028 and 9007 are TiDB's. */
    private static final Set<String> CONFLICTS = set("40000 40001 40P01 55P03 HYT00 HY000/1020 HY000/1205 HY000/1213"
            + " HY000/8002 HY000/8005 HY000/8022 HY000/8028 HY000/9007");
    /**
     * Completion unknown. PostgreSQL: it ended a session, ends or restarts, or warns that a standby may lack the commit.
     * CockroachDB, Spider, Group Replication, TiDB or a proxy: no node was reached. H2: the network broke. MariaDB and MySQL: a
     * query was interrupted, or a connection killed or closed.
     */
    private static final Set<String> LOSSES =
            set("40003 57P01 57P02 57P03 57P04 57P05 25P03 25P04 01000 58C00 58C01 90067 70100 HY000/4031"
                    + " HY000/1429 HY000/12701 HY000/2003 HY000/2006 HY000/2013 HY000/3100 HY000/3797 HY000/3798"
                    + " HY000/9001 HY000/9002 HY000/9003 HY000/9004 HY000/9005 HY000/9501");
    /** A state of MariaDB's driver. */
    private static final String MOVED_BY_THE_DRIVER = "25S03";

    /** What is read-only: a transaction, an option such as read_only, or a whole server. */
    private static final Set<String> WITHOUT_WRITES = set("25006 HY000/1290 HY000/1836");
    /**
     * Cardinality, data, integrity, authorization, syntax, privileges, unsupported, and errors from triggers and views. Whether
     * at once or at the commit, nothing of the work is kept.
     */
    private static final Set<String> REFUSING_CLASSES = set("21 22 23 25 27 28 38 39 42 44 45 0A P0");
    /**
     * H2: triggers, functions and read-only files. MariaDB and MySQL: full, a missing or wrong value, a view, a trigger, a
     * check. Spider: 1477. Group Replication: 3098. TiDB: 8004 and 8025.
     */
    private static final Set<String> REFUSALS =
            set("90044 90097 90105 HY000/1114 HY000/1364 HY000/1366 HY000/1369 HY000/1442 HY000/3819"
                    + " HY000/1477 HY000/3098 HY000/8004 HY000/8025");

    /** H2's pool is exhausted: unlike other pools, it has an SQLState for this. */
    private static final int LOGIN_TIMEOUT = 8001;

    private static final String DUPLICATE_KEY = "23505";
    /** MariaDB and MySQL. */
    private static final int DUPLICATE_ENTRY = 1062;

    /**
     * PostgreSQL: duplicate key in a catalog, duplicate table, duplicate object; any database: duplicate column. H2: a general
     * error, of which only the text says that the index exists.
     */
    private static final Set<String> SIMULTANEOUS_CREATIONS = set("23505 42P07 42710 42701 42S21 HY000/50000");

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
        // Causes and next exceptions too: a general error may wrap a more specific one.
        for (Throwable each : first == null ? Set.<Throwable>of() : first) {
            if (each instanceof SQLException sql && sql.getSQLState() != null) {
                Failure failure = of(key(sql), sql.getErrorCode());
                if (failure != UNCLASSIFIED || !sql.getSQLState().equals(GENERAL_ERROR)) {
                    return failure;
                }
            }
        }
        return UNCLASSIFIED;
    }

    private static String key(SQLException e) {
        return e.getSQLState() + (GENERAL_ERROR.equals(e.getSQLState()) ? "/" + e.getErrorCode() : "");
    }

    private static Failure of(String key, int vendorCode) {
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

    /** Returns the exception itself or its first cause that is an {@link SQLException}; null if there is none. */
    static @Nullable SQLException sqlException(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }

    /** Whether a row with this key already exists. */
    static boolean isDuplicateKey(SQLException e) {
        return DUPLICATE_KEY.equals(e.getSQLState()) || e.getErrorCode() == DUPLICATE_ENTRY;
    }

    /** Whether nodes that start together got in each other's way: IF NOT EXISTS looks first, then creates. */
    static boolean isOfSimultaneousCreation(Throwable thrown) {
        return thrown.getCause() instanceof SQLException e && SIMULTANEOUS_CREATIONS.contains(key(e));
    }

    boolean mayBeApplied() {
        return mayBeApplied;
    }

    boolean isWorthRepeating() {
        return worthRepeating;
    }

    /** Whether the connection can't be used again, and a pool should replace it. */
    boolean isOfTheConnection() {
        return this == LOST || this == READ_ONLY;
    }
}
