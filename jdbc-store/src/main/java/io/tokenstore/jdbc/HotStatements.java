package io.tokenstore.jdbc;

import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.Username;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.Optional;

/** The statements of every request, and those whose loss would matter, at the lowest cost that JDBC has. */
final class HotStatements {

    /** PostgreSQL's only sign that a commit is not on the standby that it was to wait for. */
    private static final String WARNING = "01000";

    private final String insert;
    private final String find;
    private final String revoke;
    private final String revokeAll;
    private final String rewrite;

    HotStatements(String table) {
        // What is recorded stays, and yet the row changes each time, so that a repeated revocation is a write again,
        // whose
        // commit counts, and is counted, on databases that skip or don't count a write of the same values. MySQL
        // assigns
        // from left to right, so the id, which the others look at, comes last.
        String update = "UPDATE " + table
                + " SET revoked_reason = CASE WHEN revocation_id IS NULL THEN ? ELSE revoked_reason END,"
                + " revoked_by = COALESCE(revoked_by, ?), revoked_at = COALESCE(revoked_at, ?),"
                + " write_parity = 1 - write_parity, revocation_id = ?"
                + " WHERE (revocation_id IS NULL OR revocation_id = ?) AND owner = ?";
        insert = "INSERT INTO " + table + " (" + TokenRow.COLUMNS + ") VALUES (" + TokenRow.PLACEHOLDERS + ")";
        find = "SELECT " + TokenRow.COLUMNS + " FROM " + table + " WHERE id = ?";
        revoke = update + " AND id = ?";
        revokeAll = update;
        rewrite = "UPDATE " + table + " SET write_parity = 1 - write_parity WHERE id = ?";
    }

    void insert(Connection connection, Token token) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(insert)) {
            TokenRow.bind(statement, token);
            execute(statement);
        }
    }

    /** Writes a row again as it is, so that its commit is waited for: a look would show one that a standby may lack. */
    void rewrite(Connection connection, TokenId id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(rewrite)) {
            statement.setString(1, id.value());
            execute(statement);
        }
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
        try (PreparedStatement statement = connection.prepareStatement(revoke)) {
            bind(statement, owner, how);
            statement.setString(7, id);
            return execute(statement);
        }
    }

    int revokeAll(Connection connection, Username owner, Revocation how) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(revokeAll)) {
            bind(statement, owner.value(), how);
            return execute(statement);
        }
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

    private static int execute(PreparedStatement statement) throws SQLException {
        int count = statement.executeUpdate();
        throwIfUnconfirmed(statement.getWarnings());
        return count;
    }

    static void throwIfUnconfirmed(SQLWarning first) throws SQLWarning {
        for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
            if (WARNING.equals(warning.getSQLState())) {
                throw warning;
            }
        }
    }
}
