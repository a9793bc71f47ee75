package io.tokenstore.jdbc;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Revocation;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.Username;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/**
 * Finds out, before the first token is trusted to a table, whether the database keeps and tells apart what it is given.
 * Asks the database to compare and sort, rather than what its collations are called, and runs every statement of the store.
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
    private static final String THE_SCRIPT = "the script that JdbcTokenStore.createSchema runs";

    /** PostgreSQL: a deferrable key can't tell of a duplicate in time. */
    private static final String NOT_IN_PREREQUISITE_STATE = "55000";

    private final Handle handle;
    private final Connection connection;
    private final String table;
    private final Dialect dialect;
    private final HotStatements hot;

    private SchemaCheck(Handle handle, String table) throws SQLException {
        this.handle = handle;
        this.connection = handle.getConnection();
        this.table = table;
        this.dialect = Dialect.of(connection);
        this.hot = new HotStatements(table, dialect);
    }

    /**
     * Checks the database behind the handle, and returns which one it is.
     *
     * @throws IllegalStateException if it is not fit, with what was found and what to do
     */
    static Dialect run(Handle handle, String table) throws SQLException {
        SchemaCheck check = new SchemaCheck(handle, table);
        check.dialect.check(check.connection);
        try {
            check.tableIsOurs();
            check.charactersAreKept();
            check.idsAreSortedByTheirBytes();
            check.ownersAreToldApart();
            check.everyStatementDoesWhatItMust();
            return check.dialect;
        } catch (SQLException e) {
            if (PostgresSession.explains(e)) {
                throw PostgresSession.unfit(e);
            }
            throw e;
        }
    }

    private void tableIsOurs() throws SQLException {
        String nothing = "SELECT " + TokenRow.COLUMNS + ", write_parity FROM " + table + " WHERE 1 = 0";
        try {
            query(nothing);
        } catch (SQLException e) {
            throw unfit(
                    "the table " + table + " is missing, is not the token store's, or may not be read",
                    "run JdbcTokenStore.createSchema or the script that it runs, and grant SELECT, INSERT, UPDATE and"
                            + " DELETE",
                    e);
        }
    }

    private void charactersAreKept() throws SQLException {
        String expected = (dialect == Dialect.H2 ? SUPPLEMENTARY.length() : 1) + " " + SUPPLEMENTARY;
        String found;
        try {
            found = query("SELECT CONCAT(CHAR_LENGTH(v), ' ', v) FROM " + column("owner", List.of(SUPPLEMENTARY)))
                    .get(0);
        } catch (SQLException e) {
            throw unfit(
                    "the column owner of " + table + " can't keep every letter",
                    "create the database, and the table, with the encoding UTF-8; if a proxy filters SQL, let the store's"
                            + " statements pass",
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
                    + ", not in the order of bytes: create the table, or on H2 the database, with the collation of "
                    + THE_SCRIPT);
        }
    }

    private void ownersAreToldApart() throws SQLException {
        int found = Integer.parseInt(query("SELECT COUNT(DISTINCT v) FROM " + column("owner", DIFFERENT_OWNERS))
                .get(0));
        if (found != DIFFERENT_OWNERS.size()) {
            throw new IllegalStateException("the column owner of " + table + " takes " + DIFFERENT_OWNERS.size()
                    + " different names for " + found
                    + ": create the table, or on H2 the database, with the collation of " + THE_SCRIPT);
        }
    }

    /** Keeps the largest tokens that there are, and does with them all that the store does; then rolls all of it back. */
    private void everyStatementDoesWhatItMust() throws SQLException {
        String prefix = "check-" + UUID.randomUUID();
        String owner = ThreadLocalRandom.current()
                .ints(255, 0x20000, 0x2A000)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        Token first = largest(prefix, 'A', owner);
        boolean autocommit = connection.getAutoCommit();
        if (autocommit) {
            connection.setAutoCommit(false);
        }
        try {
            Savepoint before = connection.setSavepoint();
            try {
                doEverything(prefix, first, largest(prefix, 'a', owner));
                dialect.check(connection);
            } catch (SQLException | JdbiException | DuplicateTokenException e) {
                throw unfitToBeUsed(e);
            } finally {
                connection.rollback(before);
            }
            if (hot.find(connection, first.id()).isPresent()) {
                cold().removeEnded(prefix, first.id().value(), Instant.parse("9999-12-31T23:59:59.999999Z"));
                throw new IllegalStateException("the table " + table
                        + " does not take part in transactions: create it with the engine of " + THE_SCRIPT);
            }
        } finally {
            if (autocommit && !connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        }
    }

    private void doEverything(String prefix, Token first, Token second) throws SQLException {
        ColdStatements cold = cold();
        String owner = first.owner().value();
        Instant at = Instant.parse("2026-06-15T12:00:00.123456Z");
        Revocation revocation = new Revocation(UUID.randomUUID(), at, LONGEST_TEXT, LONGEST_TEXT);
        Token revoked = first.withRevocation(revocation);
        // Different in all but the id, so that no wider or partial key refuses it.
        Token again = new Token(first.id(), new Username("a"), "a", null, at, null, null);

        hot.insert(connection, first);
        hot.insert(connection, second);
        keepsNoIdTwice(again);
        must("revoke", hot.revoke(connection, owner, first.id().value(), revocation) == 1);
        keepsNoIdTwice(again);
        if (!hot.find(connection, first.id()).equals(Optional.of(revoked))) {
            throw new IllegalStateException(
                    "a token comes back changed from the table " + table + ": create its columns as in " + THE_SCRIPT);
        }
        must("list", cold.list(owner, ColdStatements.BEFORE_THE_FIRST_ID, 3).equals(List.of(revoked, second)));
        must("list from an id on", cold.list(owner, first.id().value(), 3).equals(List.of(second)));
        must("revoke all", hot.revokeAll(connection, first.owner(), revocation) == 2);
        hot.rewrite(connection, first.id());
        String last = second.id().value();
        must("page of a purge", cold.page(prefix, 2).equals(new ColdStatements.Page(last, 2)));
        must("purge of nothing", cold.removeEnded(first.id().value(), last, at) == 0);
        must("purge", cold.removeEnded(first.id().value(), last, at.plusMillis(1)) == 1);
    }

    private void keepsNoIdTwice(Token again) throws SQLException {
        if (!hot.isRefused(connection, again)) {
            throw new IllegalStateException("the table " + table
                    + " keeps an id twice: give it the primary key, on the id alone, of " + THE_SCRIPT);
        }
    }

    private void must(String statement, boolean holds) {
        if (!holds) {
            throw new IllegalStateException("the table " + table + " gives a wrong answer to the statement '"
                    + statement + "': create it by " + THE_SCRIPT
                    + ", hide no row of it from the store, and set no mode that changes what SQL means");
        }
    }

    /** The longest of everything; two of an owner differ in the case of the last letter alone. */
    private static Token largest(String prefix, char last, String owner) {
        return new Token(
                new TokenId(prefix + "~".repeat(254 - prefix.length()) + last),
                new Username(owner),
                LONGEST_TEXT,
                new SecretHash(ByteBuffer.allocate(32).putChar(last).array()),
                Instant.EPOCH,
                Instant.parse("9999-12-31T23:59:59.999999Z"),
                null);
    }

    private IllegalStateException unfitToBeUsed(Exception e) throws SQLException {
        String state = String.valueOf(cause(e).getSQLState());
        if (state.startsWith("23") || state.equals(NOT_IN_PREREQUISITE_STATE)) {
            return unfit(
                    "the table " + table + " has another key or constraint than the primary key, on the id alone, and"
                            + " refuses a token that it must keep",
                    "create it by " + THE_SCRIPT,
                    e);
        }
        return state.startsWith("22")
                ? unfit(
                        "the table " + table + " can't keep a token of the greatest lengths",
                        "create its columns as in " + THE_SCRIPT,
                        e)
                : unfit(
                        "the table " + table + " can't be written over this connection",
                        "connect to a primary, not read-only, as a role that is granted SELECT, INSERT, UPDATE and DELETE;"
                                + " on H2, in no MODE without LIMIT",
                        e);
    }

    /** A database that is busy or gone, or a session that is not fit, says nothing about the table. */
    private static IllegalStateException unfit(String found, String remedy, Exception e) throws SQLException {
        SQLException cause = cause(e);
        if (Failure.of(cause).isWorthRepeating() || PostgresSession.explains(cause)) {
            throw cause;
        }
        return new IllegalStateException(
                cause.getSQLState() == null
                        ? "a statement of the store did not reach the database, or the driver failed: if the pool filters"
                                + " SQL, let the store's statements pass"
                        : found + " (SQLState " + cause.getSQLState() + "): " + remedy,
                e);
    }

    private static SQLException cause(Exception e) {
        if (e instanceof DuplicateTokenException) {
            return new SQLException(e.getMessage(), "23000", e);
        }
        return e instanceof SQLException sql
                ? sql
                : e.getCause() instanceof SQLException sql ? sql : new SQLException(e);
    }

    private ColdStatements cold() {
        return handle.attach(ColdStatements.class);
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
