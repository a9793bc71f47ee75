package io.tokenstore.jdbc;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTimeoutException;
import org.jdbi.v3.core.Handle;

/** One attempt at a piece of work: the connection, how long it may wait, and what is known about earlier attempts. */
final class Attempt {

    /** If less time is left, a statement is not sent: its answer would come too late and leave the result in doubt. */
    private static final int LEAST_MILLIS = 10;

    private static final String BROKEN = "08003";
    private static final long UNLIMITED = Long.MAX_VALUE;
    private static final int NOTHING_TO_RESTORE = -1;

    private final JdbcSession session;
    private final long giveUpAt;
    private final boolean mayBeApplied;
    private int before = NOTHING_TO_RESTORE;
    private boolean begun;

    private Attempt(JdbcSession session, long giveUpAt, boolean mayBeApplied) {
        this.session = session;
        this.giveUpAt = giveUpAt;
        this.mayBeApplied = mayBeApplied;
    }

    static Attempt inHostTransaction(JdbcSession session) {
        return new Attempt(session, UNLIMITED, false);
    }

    static Attempt until(long giveUpAt, JdbcSession session, boolean mayBeApplied) {
        return new Attempt(session, giveUpAt, mayBeApplied);
    }

    /** Returns the connection for the next statement, which waits for answers only as long as there is time left. */
    Connection connection() throws SQLException {
        if (giveUpAt != UNLIMITED) {
            limitWaiting(session.connection());
        }
        begun = true;
        return session.connection();
    }

    /** Returns the connection for calls that send nothing. */
    Connection unlimitedConnection() {
        return session.connection();
    }

    /** Returns the handle for the next statement, limited like {@link #connection}. */
    Handle handle() throws SQLException {
        connection();
        return session.handle();
    }

    /** Whether an earlier attempt at the same work may have been applied. */
    boolean mayBeApplied() {
        return mayBeApplied;
    }

    boolean isInHostTransaction() {
        return giveUpAt == UNLIMITED;
    }

    /** Whether anything can have been sent. */
    boolean hasBegun() {
        return begun;
    }

    /** Ends the connection and makes it fail: HikariCP drops a connection that failed, but hands out an aborted one. */
    void abortConnection() {
        Connection connection = session.connection();
        before = NOTHING_TO_RESTORE;
        try {
            connection.abort(Runnable::run);
            connection.prepareStatement("SELECT 1").close();
        } catch (SQLException | RuntimeException e) {
            // This is expected. If it does not fail, only the pool's own checks are left.
        }
    }

    void restoreWaiting() {
        if (before != NOTHING_TO_RESTORE) {
            try {
                session.connection().setNetworkTimeout(Runnable::run, before);
            } catch (SQLException broken) {
                // Nobody uses this connection again.
            }
        }
    }

    private void limitWaiting(Connection connection) throws SQLException {
        long left = millisUntil(giveUpAt);
        if (left < LEAST_MILLIS) {
            throw new SQLTimeoutException("nothing is left of the deadline");
        }
        try {
            int limit = connection.getNetworkTimeout();
            if (limit == 0 || limit > left) {
                connection.setNetworkTimeout(Runnable::run, (int) left);
                before = before == NOTHING_TO_RESTORE ? limit : before;
            }
        } catch (SQLFeatureNotSupportedException e) {
            // Only the driver's own limits apply.
        } catch (SQLException e) {
            // MariaDB's driver reports a closed socket as a syntax error.
            throw e.getCause() instanceof IOException
                    ? new SQLNonTransientConnectionException("the connection is broken", BROKEN, e)
                    : e;
        }
    }

    static long millisUntil(long nanoTime) {
        return (nanoTime - System.nanoTime()) / 1_000_000;
    }
}
