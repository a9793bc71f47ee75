package io.tokenstore.jdbc;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.Username;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** The statements of every request, and those whose loss would matter, at the lowest cost that JDBC has. */
final class HotStatements {

    private final String insert;
    private final String insertUnlessKept;
    private final String find;
    private final String revoke;
    private final String revokeAll;
    private final String rewrite;

    /**
     * Prepares the statements on a table.
     *
     * <p>A revocation that is recorded stays as it is, and yet the row changes each time. So a repeated revocation is a write
     * again, whose commit counts, also on a database that skips a write of equal values, and it is counted, also by a driver
     * that counts changed rows. MySQL assigns from left to right, so the id, which the others look at, comes last.
     */
    HotStatements(String table, Dialect dialect) {
        String rewritten = "write_parity = " + dialect.one + " - write_parity";
        String update = "UPDATE " + table
                + " SET revoked_reason = CASE WHEN revocation_id IS NULL THEN ? ELSE revoked_reason END,"
                + " revoked_by = COALESCE(revoked_by, ?), revoked_at = COALESCE(revoked_at, ?),"
                + " " + rewritten + ", revocation_id = ?"
                + " WHERE (revocation_id IS NULL OR revocation_id = ?) AND owner = ?";
        insert = "INSERT INTO " + table + " (" + TokenRow.COLUMNS + ", write_parity) VALUES (" + TokenRow.PLACEHOLDERS
                + ", " + dialect.one + " - 1)";
        insertUnlessKept = insert + dialect.unlessKept;
        find = "SELECT " + TokenRow.COLUMNS + " FROM " + table + " WHERE id = ?";
        revoke = update + " AND id = ?";
        revokeAll = update;
        rewrite = "UPDATE " + table + " SET " + rewritten + " WHERE id = ?";
    }

    void insert(Connection connection, Token token) throws SQLException {
        insert(connection, insert, token);
    }

    /** Whether the database refuses a row with an id that it keeps; if not, that row is written. */
    boolean isRefused(Connection connection, Token again) throws SQLException {
        try {
            return insert(connection, insertUnlessKept, again) == 0;
        } catch (DuplicateTokenException e) {
            return true;
        }
    }

    private static int insert(Connection connection, String sql, Token token) throws SQLException {
        try {
            return execute(connection, sql, statement -> TokenRow.bind(statement, token));
        } catch (SQLException e) {
            if (Failure.isDuplicateKey(e)) {
                throw new DuplicateTokenException();
            }
            throw e;
        }
    }

    /** Writes a row again as it is, so that its commit is waited for: a look would show one that a standby may lack. */
    void rewrite(Connection connection, TokenId id) throws SQLException {
        execute(connection, rewrite, statement -> statement.setString(1, id.value()));
    }

    Optional<Token> find(Connection connection, TokenId id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(find)) {
            statement.setString(1, id.value());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(TokenRow.read(row)) : Optional.empty();
            }
        }
    }

    int revoke(Connection connection, String owner, String id, Revocation how) throws SQLException {
        return execute(connection, revoke, statement -> {
            bind(statement, owner, how);
            statement.setString(7, id);
        });
    }

    int revokeAll(Connection connection, Username owner, Revocation how) throws SQLException {
        return execute(connection, revokeAll, statement -> bind(statement, owner.value(), how));
    }

    private static void bind(PreparedStatement statement, String owner, Revocation how) throws SQLException {
        byte[] id = Sql.bytes(how.id());
        statement.setString(1, how.reason());
        statement.setString(2, how.by());
        Sql.setInstant(statement, 3, how.at());
        statement.setBytes(4, id);
        statement.setBytes(5, id);
        statement.setString(6, owner);
    }

    private interface Binder {
        void bind(PreparedStatement statement) throws SQLException;
    }

    private static int execute(Connection connection, String sql, Binder binder) throws SQLException {
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

    /** A statement that can't be closed takes nothing back of what it did. */
    private static void closeQuietly(PreparedStatement statement) {
        try {
            statement.close();
        } catch (SQLException e) {
            // The connection's pool finds out.
        }
    }
}
