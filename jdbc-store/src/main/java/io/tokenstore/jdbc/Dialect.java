package io.tokenstore.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/** What differs between databases: the name and the oldest version by which JDBC tells them, parts of statements, the script. */
enum Dialect {
    H2("H2", 2, 0),
    POSTGRESQL("PostgreSQL", 12, 0, PostgresSession.ONE_UNLESS_MUTED, " ON CONFLICT DO NOTHING"),
    MARIADB("MariaDB", 10, 6),
    MYSQL("MySQL", 8, 0);

    private static final String SCRIPT_TABLE = "access_tokens";

    private final String productName;
    private final int major;
    private final int minor;

    /** The number 1, in a form that fails in a session that would not tell that a write is in doubt. */
    final String one;

    /** What an INSERT may end with so that a duplicate is no error, which the server would log. */
    final String unlessKept;

    Dialect(String productName, int major, int minor) {
        this(productName, major, minor, "1", "");
    }

    Dialect(String productName, int major, int minor, String one, String unlessKept) {
        this.productName = productName;
        this.major = major;
        this.minor = minor;
        this.one = one;
        this.unlessKept = unlessKept;
    }

    /**
     * Checks the session; the statements of the store show the rest.
     *
     * @throws IllegalStateException with what was found and what to do
     */
    void check(Connection connection) throws SQLException {
        if (this == POSTGRESQL) {
            PostgresSession.check(connection);
        }
    }

    static Dialect of(Connection connection) throws SQLException {
        DatabaseMetaData database = connection.getMetaData();
        String name = productName(database);
        Dialect dialect = Arrays.stream(values())
                .filter(candidate -> candidate.productName.equals(name))
                .findFirst()
                .orElseThrow(() -> unsupported(name));
        int foundMajor = database.getDatabaseMajorVersion();
        int foundMinor = database.getDatabaseMinorVersion();
        if (foundMajor < dialect.major || (foundMajor == dialect.major && foundMinor < dialect.minor)) {
            throw unsupported(name + " " + foundMajor + "." + foundMinor);
        }
        return dialect;
    }

    /** MySQL's driver takes a MariaDB for a MySQL of a strange version. */
    private static String productName(DatabaseMetaData database) throws SQLException {
        return database.getDatabaseProductVersion().contains(MARIADB.productName)
                ? MARIADB.productName
                : database.getDatabaseProductName();
    }

    private static IllegalStateException unsupported(String found) {
        String supported = Arrays.stream(values())
                .map(dialect -> dialect.productName + " " + dialect.major + "." + dialect.minor)
                .collect(Collectors.joining(", "));
        return new IllegalStateException(
                "the database is " + found + "; this store runs on these and later: " + supported);
    }

    /** Returns the script for a table; its index is named after the table, without the table's schema. */
    String schema(String table) {
        String resource = "schema/" + name().toLowerCase(Locale.ROOT) + "/V1__" + SCRIPT_TABLE + ".sql";
        try (InputStream script = Objects.requireNonNull(Dialect.class.getResourceAsStream(resource), resource)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8)
                    .replaceAll("\\b" + SCRIPT_TABLE + "_of_owner\\b", table.replaceFirst(".*\\.", "") + "_of_owner")
                    .replaceAll("\\b" + SCRIPT_TABLE + "\\b", table);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
