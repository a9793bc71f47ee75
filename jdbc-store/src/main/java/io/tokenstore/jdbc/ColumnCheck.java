package io.tokenstore.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** Finds out how a table's columns compare and sort, by trying it instead of reading the names of collations. */
final class ColumnCheck {

    /** In the order of their bytes, which differs from every language's order. */
    private static final List<String> IDS_IN_ORDER =
            List.of("!", "A", "B", "Z9", "_x", "a", "a-b", "aB", "aa", "b", "~");

    /** Equal in one database or another: by case, accent, trailing or invisible characters, width, or plane. */
    private static final List<String> DIFFERENT_OWNERS = List.of(
            "a", "A", "\u00E1", "a\u0301", "a ", "a\u200B", "\uFF41", "ss", "\u00DF", "\uD840\uDC00", "\uD840\uDC01");

    private static final String SUPPLEMENTARY = "\uD840\uDC00";

    private final Connection connection;
    private final String table;
    private final Dialect dialect;

    private ColumnCheck(Connection connection, String table, Dialect dialect) {
        this.connection = connection;
        this.table = table;
        this.dialect = dialect;
    }

    /** Throws an {@link IllegalStateException} if the columns are not fit; it says what was found and what to do. */
    static void run(Connection connection, String table, Dialect dialect) throws SQLException {
        ColumnCheck check = new ColumnCheck(connection, table, dialect);
        check.tableIsOurs();
        check.charactersAreKept();
        check.idsAreSortedByTheirBytes();
        check.ownersAreToldApart();
    }

    private void tableIsOurs() throws SQLException {
        String nothing = "SELECT " + TokenRow.COLUMNS + ", write_parity FROM " + table + " WHERE 1 = 0";
        try {
            query(nothing);
        } catch (SQLException e) {
            throw SchemaCheck.unfit(
                    "the table " + table + " is missing, is not the token store's, or may not be read",
                    "run JdbcTokenStore.createSchema or the scripts that it runs before the store is created, and grant"
                            + " SELECT, INSERT, UPDATE and DELETE",
                    e);
        }
    }

    private void charactersAreKept() throws SQLException {
        String expected = dialect.lengthOfASupplementary + " " + SUPPLEMENTARY;
        String found;
        try {
            // Some databases concatenate only texts.
            found = query("SELECT CONCAT(CAST(CHAR_LENGTH(v) AS CHAR(1)), ' ', v) FROM "
                            + column("owner", List.of(SUPPLEMENTARY)))
                    .get(0);
        } catch (SQLException e) {
            throw SchemaCheck.unfit(
                    "the column owner of " + table + " can't keep every letter",
                    "create the database, and the table, with the encoding UTF-8; if a proxy filters SQL, let the store's"
                            + " statements pass",
                    e);
        }
        SchemaCheck.require(
                found.equals(expected),
                "a letter's length and the letter come back as \"" + found + "\" instead of \"" + expected
                        + "\": create the database, and the table, with the encoding UTF-8, and connect with it");
    }

    /** Whether the database sorts by bytes by itself, without a collation. */
    static boolean sortsByBytes(Connection connection) throws SQLException {
        return query(connection, "SELECT v FROM (" + union(reversedIds()) + ") probe ORDER BY v")
                .equals(IDS_IN_ORDER);
    }

    private static List<String> reversedIds() {
        List<String> reversed = new ArrayList<>(IDS_IN_ORDER);
        Collections.reverse(reversed);
        return reversed;
    }

    private void idsAreSortedByTheirBytes() throws SQLException {
        List<String> found = query("SELECT v FROM " + column("id", reversedIds()) + " ORDER BY v");
        SchemaCheck.require(
                found.equals(IDS_IN_ORDER),
                "the column id of " + table + " sorts as " + found
                        + ", not in the order of bytes: create the table, or on H2 the database, with the collation of "
                        + SchemaCheck.THE_SCRIPT);
    }

    private void ownersAreToldApart() throws SQLException {
        int found = Integer.parseInt(query("SELECT COUNT(DISTINCT v) FROM " + column("owner", DIFFERENT_OWNERS))
                .get(0));
        SchemaCheck.require(
                found == DIFFERENT_OWNERS.size(),
                "the column owner of " + table + " takes " + DIFFERENT_OWNERS.size() + " different names for " + found
                        + ": create the table, or on H2 the database, with the collation of " + SchemaCheck.THE_SCRIPT);
    }

    /** Returns values as if they were in a column, so that they are compared as the column's values are. */
    private String column(String name, List<String> values) {
        return "(SELECT " + name + " AS v FROM " + table + " WHERE 1 = 0 UNION ALL " + union(values) + ") probe";
    }

    private static String union(List<String> values) {
        return values.stream().map(value -> "SELECT '" + value + "' AS v").collect(Collectors.joining(" UNION ALL "));
    }

    private List<String> query(String sql) throws SQLException {
        return query(connection, sql);
    }

    private static List<String> query(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }
}
