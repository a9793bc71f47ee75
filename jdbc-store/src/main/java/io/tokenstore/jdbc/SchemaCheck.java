package io.tokenstore.jdbc;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Revocation;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.Username;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Finds out, before the first token is trusted to a table, whether the database keeps and tells apart what it is given.
 * Asks the database to compare and sort, rather than what its collations are called.
 */
final class SchemaCheck {

    /** In the order of their bytes, which no language's order is. */
    private static final List<String> IDS_IN_ORDER =
            List.of("!", "A", "B", "Z9", "_x", "a", "a-b", "aB", "aa", "b", "~");

    /** Alike to one database or another: by case, accent, trailing or invisible characters, width, or plane. */
    private static final List<String> DIFFERENT_OWNERS = List.of(
            "a", "A", "\u00E1", "a\u0301", "a ", "a\u200B", "\uFF41", "ss", "\u00DF", "\uD840\uDC00", "\uD840\uDC01");

    private static final String SUPPLEMENTARY = "\uD840\uDC00";
    private static final String LONGEST_TEXT = "\uD83D\uDD11".repeat(255);

    private final Connection connection;
    private final String table;
    private final HotStatements statements;

    private SchemaCheck(Connection connection, String table) {
        this.connection = connection;
        this.table = table;
        this.statements = new HotStatements(table);
    }

    /**
     * Checks the database behind the connection.
     *
     * @throws IllegalStateException if it is not fit, with what was found and what to do
     */
    static void run(Connection connection, String table) throws SQLException {
        Dialect dialect = Dialect.of(connection);
        SchemaCheck check = new SchemaCheck(connection, table);
        check.tableIsOurs();
        check.charactersAreKept(dialect);
        check.idsAreSortedByTheirBytes();
        check.ownersAreToldApart();
        check.tableCanBeWritten();
        check.tokensAreKeptAndUnique();
    }

    private void tableIsOurs() throws SQLException {
        String nothing = "SELECT " + TokenRow.COLUMNS + ", write_parity FROM " + table + " WHERE 1 = 0";
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery(nothing).close();
        } catch (SQLException e) {
            throw unfit(
                    "the table " + table + " is missing, is not the token store's, or may not be read (SQLState "
                            + e.getSQLState()
                            + "): run JdbcTokenStore.createSchema or the script that it runs, and grant"
                            + " SELECT, INSERT, UPDATE and DELETE",
                    e);
        }
    }

    private void charactersAreKept(Dialect dialect) throws SQLException {
        String expected = (dialect == Dialect.H2 ? SUPPLEMENTARY.length() : 1) + " " + SUPPLEMENTARY;
        String found;
        try {
            found = query("SELECT CONCAT(CHAR_LENGTH(v), ' ', v) FROM " + column("owner", List.of(SUPPLEMENTARY)))
                    .get(0);
        } catch (SQLException e) {
            throw unfit(
                    "the column owner of " + table + " can't keep every letter (SQLState " + e.getSQLState()
                            + "): create the database, and the table, with the encoding UTF-8",
                    e);
        }
        if (!found.equals(expected)) {
            throw new IllegalStateException(
                    "a letter's length and the letter come back as \"" + found + "\" instead of \"" + expected
                            + "\": create the database, and the table, with the encoding UTF-8, and connect with it");
        }
    }

    private void idsAreSortedByTheirBytes() throws SQLException {
        List<String> reversed = new ArrayList<>(IDS_IN_ORDER);
        Collections.reverse(reversed);
        List<String> found = query("SELECT v FROM " + column("id", reversed) + " ORDER BY v");
        if (!found.equals(IDS_IN_ORDER)) {
            throw new IllegalStateException("the column id of " + table + " sorts as " + found
                    + ", not in the order of bytes: create the table, or on H2 the database, with the collation of the"
                    + " script that JdbcTokenStore.createSchema runs");
        }
    }

    private void ownersAreToldApart() throws SQLException {
        int found = Integer.parseInt(query("SELECT COUNT(DISTINCT v) FROM " + column("owner", DIFFERENT_OWNERS))
                .get(0));
        if (found != DIFFERENT_OWNERS.size()) {
            throw new IllegalStateException("the column owner of " + table + " takes " + DIFFERENT_OWNERS.size()
                    + " different names for " + found
                    + ": create the table, or on H2 the database, with the collation of"
                    + " the script that JdbcTokenStore.createSchema runs");
        }
    }

    private void tableCanBeWritten() throws SQLException {
        Revocation ofNothing = new Revocation(UUID.randomUUID(), Instant.EPOCH, "check", null);
        try {
            statements.revoke(connection, "", "", ofNothing);
            delete("");
        } catch (SQLException e) {
            throw unfit(
                    "the table " + table + " can't be written over this connection (SQLState " + e.getSQLState()
                            + "): connect to a primary, not read-only, as a role that is granted INSERT, UPDATE and DELETE",
                    e);
        }
    }

    /** Keeps the largest token that there is, revokes it and adds it again, all of which is rolled back. */
    private void tokensAreKeptAndUnique() throws SQLException {
        Token largest = largestToken();
        boolean autocommit = connection.getAutoCommit();
        if (autocommit) {
            connection.setAutoCommit(false);
        }
        try {
            Savepoint before = connection.setSavepoint();
            try {
                keepAndRevoke(largest);
            } finally {
                connection.rollback(before);
            }
            if (statements.find(connection, largest.id()).isPresent()) {
                delete(largest.id().value());
                throw new IllegalStateException("the table " + table
                        + " does not take part in transactions: create it with the engine of the script that"
                        + " JdbcTokenStore.createSchema runs");
            }
        } finally {
            if (autocommit) {
                connection.setAutoCommit(true);
            }
        }
    }

    private void keepAndRevoke(Token token) throws SQLException {
        Revocation revocation = new Revocation(
                UUID.randomUUID(), Instant.parse("2026-06-15T12:00:00.123456Z"), LONGEST_TEXT, LONGEST_TEXT);
        Optional<Token> kept;
        try {
            statements.insert(connection, token);
            statements.revoke(connection, token.owner().value(), token.id().value(), revocation);
            kept = statements.find(connection, token.id());
        } catch (SQLException e) {
            throw unfit(
                    "the table " + table + " can't keep a token of the greatest lengths (SQLState " + e.getSQLState()
                            + "): create its columns as in the script that JdbcTokenStore.createSchema runs, and grant"
                            + " SELECT, INSERT, UPDATE and DELETE",
                    e);
        }
        if (!kept.equals(Optional.of(token.withRevocation(revocation)))) {
            throw new IllegalStateException("a token comes back changed from the table " + table
                    + ": create its columns as in the script that JdbcTokenStore.createSchema runs");
        }
        try {
            statements.insert(connection, token);
        } catch (DuplicateTokenException asItShouldBe) {
            return;
        }
        throw new IllegalStateException("the table " + table
                + " keeps an id twice: give it the primary key of the script that JdbcTokenStore.createSchema runs");
    }

    private static Token largestToken() {
        StringBuilder id = new StringBuilder("check-" + UUID.randomUUID());
        while (id.length() < 255) {
            id.append('~');
        }
        return new Token(
                new TokenId(id.toString()),
                new Username(SUPPLEMENTARY.repeat(255)),
                LONGEST_TEXT,
                new SecretHash(new byte[32]),
                Instant.EPOCH,
                Instant.parse("9999-12-31T23:59:59.999999Z"),
                null);
    }

    private void delete(String id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("DELETE FROM " + table + " WHERE id = ?")) {
            statement.setString(1, id);
            statement.executeUpdate();
        }
    }

    /** A database that is busy or gone says nothing about the table. */
    private static IllegalStateException unfit(String finding, SQLException e) throws SQLException {
        if (Failure.of(e).isWorthRepeating()) {
            throw e;
        }
        return new IllegalStateException(finding, e);
    }

    /** Values as if they stood in a column, so that they are compared as those in it are. */
    private String column(String name, List<String> values) {
        return values.stream()
                .map(value -> " UNION ALL SELECT '" + value + "'")
                .collect(Collectors.joining("", "(SELECT " + name + " AS v FROM " + table + " WHERE 1 = 0", ") probe"));
    }

    private List<String> query(String sql) throws SQLException {
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
