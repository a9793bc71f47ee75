package io.tokenstore.jdbc;

import io.tokenstore.Actor;
import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The statements of every request, and those whose loss would matter, at JDBC's lowest cost. */
final class TokenStatements {

    private final String table;
    private final Dialect dialect;
    private final String row;
    private final String insert;
    private final String insertUnlessKept;
    private final String find;
    private final String findAll;
    private final String revoke;
    private final String revokeAll;
    private final String revokeLive;
    private final String activate;
    private final String rewrite;

    /**
     * Prepares the statements on a table.
     *
     * <p>A recorded revocation never changes. Every call changes the row, even a repeated revocation, so that its commit is
     * meaningful and drivers that count only changed rows still report it. MySQL assigns from left to right, so the
     * revocation's id, which the other assignments read, comes last.
     */
    TokenStatements(String table, Dialect dialect) {
        this.table = table;
        this.dialect = dialect;
        String rewritten = "write_parity = " + dialect.one + " - write_parity";
        // Without a hint to the index of owners: with it, InnoDB would lock gaps into which neighbouring owners' tokens
        // are added.
        String write = "UPDATE " + table
                + " SET revoked_reason = CASE WHEN revocation_id IS NULL THEN ? ELSE revoked_reason END,"
                + " revoked_by_token = CASE WHEN revocation_id IS NULL THEN ? ELSE revoked_by_token END,"
                + " revoked_by = COALESCE(revoked_by, ?), revoked_by_kind = COALESCE(revoked_by_kind, ?),"
                + " revoked_at = COALESCE(revoked_at, ?), " + rewritten + ", revocation_id = ? WHERE owner = ?";
        String liveOrSame = " AND (revocation_id IS NULL OR revocation_id = ?)";
        row = "(" + "?, ".repeat(TokenRow.WIDTH) + dialect.one + " - 1)";
        insert = "INSERT INTO " + table + " (" + TokenRow.COLUMNS + ", write_parity) VALUES " + row;
        insertUnlessKept = insert + dialect.unlessKept;
        find = "SELECT " + TokenRow.COLUMNS + " FROM " + table + " WHERE id = ?";
        findAll = "SELECT " + TokenRow.COLUMNS + " FROM " + table + " WHERE id IN (";
        revoke = write + liveOrSame + " AND id = ?";
        revokeAll = write + liveOrSame;
        revokeLive = write + " AND revocation_id IS NULL AND id > ? AND id <= ?";
        activate = "UPDATE " + table + " SET predecessor = NULL, " + rewritten
                + " WHERE owner = ? AND id = ? AND revocation_id IS NULL";
        rewrite = "UPDATE " + table + " SET " + rewritten + " WHERE id = ?";
    }

    static void requireAtMostOnePage(int size) {
        if (size > TokenStore.MAX_PAGE) {
            throw new IllegalArgumentException("at most " + TokenStore.MAX_PAGE + " at once");
        }
    }

    /** Inserts all tokens or none, by one statement. */
    void insert(Connection connection, List<Token> tokens) throws SQLException {
        insert(connection, insert + (", " + row).repeat(tokens.size() - 1), tokens);
    }

    /** Whether the database refuses a row with an id that it keeps; if not, that row is written. */
    boolean isRefused(Connection connection, Token again) throws SQLException {
        try {
            return insert(connection, insertUnlessKept, List.of(again)) == 0;
        } catch (DuplicateTokenException e) {
            return true;
        }
    }

    boolean commitsInParts(Connection connection) throws SQLException {
        return dialect.commitsInParts(connection, table);
    }

    private static int insert(Connection connection, String sql, List<Token> tokens) throws SQLException {
        try {
            return execute(connection, sql, statement -> {
                for (int i = 0; i < tokens.size(); i++) {
                    TokenRow.bind(statement, i * TokenRow.WIDTH, tokens.get(i));
                }
            });
        } catch (SQLException e) {
            if (Failure.isDuplicateKey(e)) {
                throw new DuplicateTokenException();
            }
            throw e;
        }
    }

    /** Writes a row again with the same token, and so waits for a commit: a read would show a row that a standby may lack. */
    void rewrite(Connection connection, String id) throws SQLException {
        execute(connection, rewrite, statement -> statement.setString(1, id));
    }

    Optional<Token> find(Connection connection, TokenId id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(find)) {
            statement.setString(1, id.value());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(TokenRow.read(row)) : Optional.empty();
            }
        }
    }

    Map<TokenId, Token> findAll(Connection connection, List<TokenId> ids) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(findAll + Sql.parameters(ids.size()) + ")")) {
            Sql.setAll(statement, ids.stream().map(TokenId::value).toList());
            Map<TokenId, Token> found = new HashMap<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Token token = TokenRow.read(row);
                    found.put(token.id(), token);
                }
            }
            return Map.copyOf(found);
        }
    }

    int revoke(Connection connection, String owner, String id, Revocation revocation) throws SQLException {
        return execute(connection, revoke, statement -> {
            bind(statement, owner, revocation);
            statement.setBytes(8, Sql.bytes(revocation.id()));
            statement.setString(9, id);
        });
    }

    /** Revokes the live tokens and rewrites those that carry this revocation; counts both. */
    int revokeAll(Connection connection, String owner, Revocation revocation) throws SQLException {
        return execute(connection, revokeAll, statement -> {
            bind(statement, owner, revocation);
            statement.setBytes(8, Sql.bytes(revocation.id()));
        });
    }

    /** Revokes the live tokens with ids after one id and up to another. */
    int revokeLive(Connection connection, String owner, String after, String last, Revocation revocation)
            throws SQLException {
        return execute(connection, revokeLive, statement -> {
            bind(statement, owner, revocation);
            statement.setString(8, after);
            statement.setString(9, last);
        });
    }

    int activate(Connection connection, String owner, String id) throws SQLException {
        return execute(connection, activate, statement -> {
            statement.setString(1, owner);
            statement.setString(2, id);
        });
    }

    private static void bind(PreparedStatement statement, String owner, Revocation revocation) throws SQLException {
        Actor by = revocation.by();
        statement.setString(1, revocation.reason());
        statement.setString(2, by.token() == null ? null : by.token().value());
        statement.setString(3, by.name());
        statement.setString(4, by.kind().name());
        Sql.setInstant(statement, 5, revocation.at());
        statement.setBytes(6, Sql.bytes(revocation.id()));
        statement.setString(7, owner);
    }

    interface Binder {
        void bind(PreparedStatement statement) throws SQLException;
    }

    static int execute(Connection connection, String sql, Binder binder) throws SQLException {
        boolean commits = connection.getAutoCommit();
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            binder.bind(statement);
            int count = statement.executeUpdate();
            if (commits) {
                Acknowledgement.confirm(statement::getWarnings);
            }
            return count;
        } finally {
            closeQuietly(statement);
        }
    }

    /** If a statement can't be closed, what it did still holds. */
    private static void closeQuietly(PreparedStatement statement) {
        try {
            statement.close();
        } catch (SQLException e) {
            // The connection's pool will notice.
        }
    }
}
