package io.tokenstore.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether an H2 database in a file keeps what it acknowledges.
 *
 * <p>Copies of an aged file, taken after each acknowledgement, lacked what was acknowledged in 187 of 200 cases with H2
 * 2.5.252, and in none with 2.0.206, 2.1.214, 2.2.224, 2.3.232 and 2.4.240. No other version is trusted until it is measured.
 */
final class H2File {

    private static final Pattern MEASURED = Pattern.compile("2\\.[0-4](\\..*)?");
    private static final Pattern WITHOUT_A_SEARCH = Pattern.compile("2\\.[01](\\..*)?");
    /** H2's default. Nobody syncs a host's file, so with a smaller value a power failure may take nearly the whole file. */
    private static final int LEAST_RETENTION_MILLIS = 45_000;

    private H2File() {}

    static void requireMeasured(String version) {
        if (!MEASURED.matcher(version).matches()) {
            throw new IllegalStateException("H2 " + version
                    + " is not known to keep in a file what it acknowledged (2.5.252" + " loses it): use H2 2.4.240");
        }
    }

    /** For a file that {@link NewestVersion} will search. */
    static void requireSearchable(String version) {
        requireMeasured(version);
        if (WITHOUT_A_SEARCH.matcher(version).matches()) {
            throw new IllegalStateException(
                    "H2 " + version + " offers no search of a file for its newest version, without"
                            + " which a process that is killed may lose what was acknowledged: use H2 2.4.240");
        }
    }

    /**
     * Checks the database behind the connection, if it is H2 and keeps a file.
     *
     * @throws IllegalStateException if it loses what it acknowledged; says what was found and what to do
     */
    static void check(Connection connection) throws SQLException {
        // The check of the table refuses a read-only database.
        if (Dialect.of(connection) != Dialect.H2 || connection.isReadOnly()) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            if (row(statement, "SELECT DATABASE_PATH()") == null) {
                return;
            }
            // The version of the database, which may be a server: the driver knows only its own version.
            requireMeasured(String.valueOf(row(statement, "SELECT H2VERSION()")));
            Map<String, String> settings = settings(statement);
            int retention = Integer.parseInt(settings.getOrDefault("RETENTION_TIME", "0"));
            if (!"0".equals(settings.get("WRITE_DELAY")) || retention < LEAST_RETENTION_MILLIS) {
                throw new IllegalStateException("H2 keeps a file with WRITE_DELAY=" + settings.get("WRITE_DELAY")
                        + " and RETENTION_TIME=" + retention + ", and loses what it acknowledged when the process is"
                        + " killed or the machine loses its power: add ;WRITE_DELAY=0;RETENTION_TIME="
                        + LEAST_RETENTION_MILLIS + " to the URL, or use EmbeddedTokenStore");
            }
        }
    }

    /** By position, because the names of the columns depend on OLD_INFORMATION_SCHEMA. The setting in force comes last. */
    private static Map<String, String> settings(Statement statement) throws SQLException {
        Map<String, String> settings = new HashMap<>();
        try (ResultSet rows = statement.executeQuery("SELECT * FROM INFORMATION_SCHEMA.SETTINGS")) {
            while (rows.next()) {
                settings.put(rows.getString(1).toUpperCase(Locale.ROOT), rows.getString(2));
            }
        }
        return settings;
    }

    private static @Nullable String row(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
