package io.tokenstore.jdbc;

import io.tokenstore.Actor;
import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Scopes;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/**
 * Checks, before the first token is kept, that the database keeps values exactly and tells them apart. Runs every statement of
 * the store.
 */
final class SchemaCheck {

    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");
    private static final String LONGEST_TEXT = "\uD83D\uDD11".repeat(255);
    static final String THE_SCRIPT = "the script that JdbcTokenStore.createSchema runs";

    /** PostgreSQL: a deferrable key reports a duplicate too late. */
    private static final String NOT_IN_PREREQUISITE_STATE = "55000";

    private final Handle handle;
    private final Connection connection;
    private final String table;
    private final Dialect dialect;
    private final TokenStatements statements;
    private final String ofUses;
    private final UseStatements uses;
    private final boolean inHostTransaction;

    private SchemaCheck(Attempt attempt, String table) throws SQLException {
        this.handle = attempt.handle();
        this.connection = handle.getConnection();
        this.table = table;
        this.dialect = Dialect.of(connection);
        this.statements = new TokenStatements(table, dialect);
        this.ofUses = Dialect.usesOf(table);
        this.uses = new UseStatements(table, dialect);
        this.inHostTransaction = attempt.isInHostTransaction();
    }

    /**
     * Checks the database behind the attempt, and returns which one it is.
     *
     * @throws IllegalStateException if it is not fit; says what was found and what to do
     */
    static Dialect run(Attempt attempt, String table) throws SQLException {
        SchemaCheck check = new SchemaCheck(attempt, table);
        check.dialect.check(check.connection);
        try {
            ColumnCheck.run(check.connection, table, check.dialect);
            check.everyStatementDoesWhatItMust();
            return check.dialect;
        } catch (SQLException e) {
            if (PostgresSession.explains(e)) {
                throw PostgresSession.unfit(e);
            }
            throw e;
        }
    }

    /** Keeps the largest possible tokens, does everything with them that the store does, then rolls back. */
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
            // Saves what the host has done before. Some databases have no savepoints.
            Savepoint before = inHostTransaction ? connection.setSavepoint() : null;
            try {
                doEverything(prefix, first, largest(prefix, 'a', owner));
                dialect.check(connection);
            } catch (SQLException | JdbiException | DuplicateTokenException e) {
                throw unfitToBeUsed(e);
            } finally {
                rollBack(before);
            }
            if (statements.find(connection, first.id()).isPresent()) {
                walk().removeEnded(prefix, first.id().value(), LAST);
                throw new IllegalStateException("the table " + table
                        + " does not take part in transactions: create it with the engine of " + THE_SCRIPT);
            }
        } finally {
            if (autocommit && !connection.isClosed()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    private void rollBack(@Nullable Savepoint before) {
        try {
            if (before == null) {
                connection.rollback();
            } else {
                connection.rollback(before);
            }
        } catch (SQLException e) {
            // A deadlock ends the check, and has already ended the transaction and its savepoint.
        }
    }

    private void doEverything(String prefix, Token first, Token second) throws SQLException {
        WalkStatements walk = walk();
        String owner = first.owner().value();
        String id = first.id().value();
        String last = second.id().value();
        String before = WalkStatements.BEFORE_THE_FIRST_ID;
        Instant at = Instant.parse("2026-06-15T12:00:00.123456Z");
        Actor by = new Actor(Actor.Kind.PRESENTER, LONGEST_TEXT, second.id());
        Revocation revocation = new Revocation(UUID.randomUUID(), at, by, LONGEST_TEXT);
        Token revoked = first.withRevocation(revocation);
        List<WalkStatements.Row> rows =
                List.of(new WalkStatements.Row(id, revoked), new WalkStatements.Row(last, second));
        // Different in everything except the id, so that only a key on the id alone refuses it.
        Token again = Token.builder(first.id(), new Owner("a"), "a", at).build();

        statements.insert(connection, List.of(first, second));
        keepsNoIdTwice(again);
        must("revoke", statements.revoke(connection, owner, id, revocation) == 1);
        keepsNoIdTwice(again);
        require(
                statements.find(connection, first.id()).equals(Optional.of(revoked)),
                "a token comes back changed from the table " + table + ": create its columns as in " + THE_SCRIPT);
        Map<TokenId, Token> both = Map.of(first.id(), revoked, second.id(), second);
        must(
                "find all",
                statements.findAll(connection, List.of(first.id(), second.id())).equals(both));
        must("list", walk.list(owner, before, 3).equals(rows));
        must("list from an id on", walk.list(owner, id, 3).equals(rows.subList(1, 2)));
        must("scan", walk.scan(prefix, 2).equals(rows));
        must("activate", statements.activate(connection, owner, last) == 1);
        must("activate what is revoked", statements.activate(connection, owner, id) == 0);
        must("look for what is live", walk.pageOfLive(owner, before, 3).equals(new WalkStatements.Page(last, 1)));
        must("revoke what is live", statements.revokeLive(connection, owner, before, last, revocation) == 1);
        // Two tokens with one revocation, which no key may refuse.
        WalkStatements.Page two = new WalkStatements.Page(last, 2);
        must("count", walk.revokedBy(owner, Sql.bytes(revocation.id())).equals(two));
        must("revoke all", statements.revokeAll(connection, owner, revocation) == 2);
        statements.rewrite(connection, id);
        must("page of a purge", walk.page(prefix, 2).equals(two));
        must("purge of nothing", walk.removeEnded(id, last, at) == 0);
        must("purge", walk.removeEnded(id, last, at.plusMillis(1)) == 1);
        try {
            usesAreKept(prefix, first.id(), second.id(), at);
        } catch (SQLException e) {
            throw unfit(
                    "the table " + ofUses
                            + " is missing, is not the token store's, or can't be read and written over this"
                            + " connection",
                    "create it by " + THE_SCRIPT + ", and grant SELECT, INSERT, UPDATE and DELETE on it",
                    e);
        }
    }

    /** The second token is gone by now. */
    private void usesAreKept(String prefix, TokenId first, TokenId second, Instant at) throws SQLException {
        uses.insert(connection, first, at.minusSeconds(1));
        require(
                !uses.insert(connection, first, at),
                "the table " + ofUses + " keeps an id twice: give it the primary key of " + THE_SCRIPT);
        SortedMap<TokenId, Instant> used = new TreeMap<>(Map.of(first, at, second, at));
        uses.record(connection, used);
        used.put(first, at.plusNanos(1_000));
        uses.record(connection, used);
        uses.record(connection, new TreeMap<>(Map.of(first, at, second, at)));
        List<TokenId> both = List.of(first, second);
        must("record uses", ofUses, uses.lastUses(connection, both).equals(used));
        List<String> withoutToken = uses.withoutToken(connection, prefix, second.value(), 2);
        must("find uses without a token", ofUses, withoutToken.equals(List.of(second.value())));
        must("forget uses", ofUses, uses.forget(connection, withoutToken) == 1);
    }

    private void keepsNoIdTwice(Token again) throws SQLException {
        require(
                statements.isRefused(connection, again),
                "the table " + table + " keeps an id twice: give it the primary key, on the id alone, of "
                        + THE_SCRIPT);
    }

    private void must(String statement, boolean holds) {
        must(statement, table, holds);
    }

    private static void must(String statement, String of, boolean holds) {
        require(
                holds,
                "the table " + of + " gives a wrong answer to the statement '" + statement + "': create it by "
                        + THE_SCRIPT
                        + ", hide no row of it from the store, and set no mode that changes what SQL means");
    }

    static void require(boolean holds, String found) {
        if (!holds) {
            throw new IllegalStateException(found);
        }
    }

    /** Returns a token with the longest of everything; two of an owner differ only in the case of the last letter. */
    private static Token largest(String prefix, char last, String owner) {
        return Token.builder(
                        new TokenId(prefix + "~".repeat(254 - prefix.length()) + last),
                        new Owner(owner),
                        LONGEST_TEXT,
                        Instant.EPOCH)
                .hash(new SecretHash(ByteBuffer.allocate(32).putChar(last).array()))
                .scopes(Scopes.of(List.of("s".repeat(1_000))))
                .predecessor(new TokenId("~".repeat(255)))
                .renewableUntil(LAST)
                .minReaderVersion(Integer.MAX_VALUE)
                .expiresAt(LAST)
                .build();
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
    static IllegalStateException unfit(String found, String remedy, Exception e) throws SQLException {
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

    private WalkStatements walk() {
        return handle.attach(WalkStatements.class);
    }
}
