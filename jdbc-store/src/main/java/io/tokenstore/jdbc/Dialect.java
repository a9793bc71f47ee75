package io.tokenstore.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What differs between databases: the name in JDBC, the oldest version, parts of statements, the script. */
enum Dialect {
    H2("H2", 2, 0, "1", "", 2),
    POSTGRESQL("PostgreSQL", 12, 0, PostgresSession.ONE_UNLESS_MUTED, " ON CONFLICT DO NOTHING", 1),
    MARIADB("MariaDB", 10, 6),
    MYSQL("MySQL", 8, 0);

    /** In the order in which they run. A released script never changes; a later change is a new script. */
    static final List<Script> SCRIPTS = List.of(new Script("schema/%s/V1__access_tokens.sql", null));

    private static final String SCRIPT_TABLE = "access_tokens";
    private static final String USES = "access_token_uses";
    private static final String OF_OWNER = "_of_owner";
    private static final Pattern NAMES =
            Pattern.compile("\\b(?:" + SCRIPT_TABLE + OF_OWNER + "|" + USES + "|" + SCRIPT_TABLE + ")\\b");

    private final String productName;
    private final int major;
    private final int minor;

    /** The number 1, in a form that fails if the session hides that a write is in doubt. */
    final String one;

    /** The end of an INSERT for which a duplicate is not an error, since the server would log an error. */
    final String unlessKept;

    /** The length, in this database, of one letter that Java writes as two units. */
    final int lengthOfASupplementary;

    Dialect(String productName, int major, int minor) {
        this(productName, major, minor, "1", "", 1);
    }

    Dialect(String productName, int major, int minor, String one, String unlessKept, int lengthOfASupplementary) {
        this.productName = productName;
        this.major = major;
        this.minor = minor;
        this.one = one;
        this.unlessKept = unlessKept;
        this.lengthOfASupplementary = lengthOfASupplementary;
    }

    /**
     * Checks the session; the store's statements show the rest.
     *
     * @throws IllegalStateException if the session is not fit; says what was found and what to do
     */
    void check(Connection connection) throws SQLException {
        if (this == POSTGRESQL) {
            PostgresSession.check(connection);
        }
    }

    /** Whether a commit may keep only a part of a transaction, as over tables on several servers. */
    boolean commitsInParts(Connection connection, String table) throws SQLException {
        return this == POSTGRESQL && PostgresSession.hasForeignPartitions(connection, table);
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

    /** MySQL's driver reports MariaDB as an odd MySQL version. */
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

    /**
     * A script of the schema. Nodes may run one at once, except that H2 may lose rows if two nodes add a column.
     *
     * @param file where it is, with %s for the database
     * @param column a column that it adds to the table, which shows that it has run; null for the first script, which may run
     *     again
     */
    record Script(String file, @Nullable String column) {}

    /** Returns the text of a script for a table; the index and the table of uses are named after the table. */
    String text(Script script, String table) {
        String resource = script.file().formatted(name().toLowerCase(Locale.ROOT));
        try (InputStream text = Objects.requireNonNull(Dialect.class.getResourceAsStream(resource), resource)) {
            // In one pass, since the table's own name may contain one of these names.
            return NAMES.matcher(new String(text.readAllBytes(), StandardCharsets.UTF_8))
                    .replaceAll(name -> switch (name.group()) {
                        case SCRIPT_TABLE -> table;
                        case USES -> usesOf(table);
                        default -> indexOfOwner(table);
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns one statement that keeps a number of uses, each if it is later than the kept one. Each use's parameters are its
     * id and instant, in the order of the ids. The statement waits for a row that another call writes.
     */
    String keepUses(String uses, int rows) {
        String row = this == H2 ? "(CAST(? AS VARCHAR(255)), CAST(? AS TIMESTAMP(6)))" : "(?, ?)";
        String values = "VALUES " + row + (", " + row).repeat(rows - 1);
        return switch (this) {
            case H2 ->
                "MERGE INTO " + uses + " kept USING (" + values + ") given (id, used_at) ON kept.id = given.id"
                        + " WHEN MATCHED AND kept.last_used_at < given.used_at"
                        + " THEN UPDATE SET last_used_at = given.used_at"
                        + " WHEN NOT MATCHED THEN INSERT (id, last_used_at) VALUES (given.id, given.used_at)";
            case POSTGRESQL -> PostgresSession.keepUses(uses, rows);
            case MARIADB, MYSQL ->
                "INSERT INTO " + uses + " (id, last_used_at) " + values
                        + " ON DUPLICATE KEY UPDATE last_used_at = GREATEST(last_used_at, VALUES(last_used_at))";
        };
    }

    /** Returns a statement that deletes the uses of some ids, which are its parameters. */
    String forgetUses(String uses, String parameters) {
        return this == POSTGRESQL
                ? PostgresSession.forgetUses(uses, parameters)
                : "DELETE FROM " + uses + " WHERE id IN (" + parameters + ")";
    }

    private static String indexOfOwner(String table) {
        return table.replaceFirst(".*\\.", "") + OF_OWNER;
    }

    /** Returns the table of uses for a table of tokens. In any schema, access_tokens has the table of uses of the scripts. */
    static String usesOf(String table) {
        return table.matches("(?:.*\\.)?" + SCRIPT_TABLE)
                ? table.replaceFirst(SCRIPT_TABLE + "$", USES)
                : table + "_uses";
    }
}
