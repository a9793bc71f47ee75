package io.tokenstore.jdbc;

import io.tokenstore.TokenId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;

/** The statements on the table of uses. None of them locks a row of the table of tokens. */
final class UseStatements {

    private final Dialect dialect;
    private final String uses;
    private final String lastUses;
    private final String withoutToken;

    UseStatements(String table, Dialect dialect) {
        this.dialect = dialect;
        uses = Dialect.usesOf(table);
        lastUses = "SELECT id, last_used_at FROM " + uses + " WHERE id IN (";
        // A separate read: within a DELETE, InnoDB would lock the tokens' rows. The range stands twice: with only one,
        // the head of a sharded database would fetch the ids of all tokens.
        withoutToken = "SELECT u.id FROM " + uses + " u WHERE u.id > ? AND u.id <= ? AND NOT EXISTS (SELECT 1 FROM "
                + table + " t WHERE t.id = u.id AND t.id > ? AND t.id <= ?) ORDER BY u.id LIMIT ?";
    }

    /**
     * Keeps each use that is later than the kept one. They are in the order of their ids, so that no two calls wait for each
     * other.
     */
    void record(Connection connection, SortedMap<TokenId, Instant> given) throws SQLException {
        try {
            TokenStatements.execute(connection, dialect.keepUses(uses, given.size()), statement -> {
                int position = 1;
                for (Map.Entry<TokenId, Instant> use : given.entrySet()) {
                    statement.setString(position++, use.getKey().value());
                    Sql.setInstant(statement, position++, use.getValue());
                }
            });
        } catch (SQLException e) {
            // H2 looks before it inserts, and another call can insert in between.
            throw Failure.isDuplicateKey(e)
                    ? new SQLTransactionRollbackException("another call wrote the first use of a token", "40001", e)
                    : e;
        }
    }

    /** Inserts a row, for the check only; returns false if the database refuses it because it has one with this id. */
    boolean insert(Connection connection, TokenId id, Instant at) throws SQLException {
        try {
            String insert = "INSERT INTO " + uses + " (id, last_used_at) VALUES (?, ?)" + dialect.unlessKept;
            return TokenStatements.execute(connection, insert, statement -> {
                        statement.setString(1, id.value());
                        Sql.setInstant(statement, 2, at);
                    })
                    != 0;
        } catch (SQLException e) {
            if (Failure.isDuplicateKey(e)) {
                return false;
            }
            throw e;
        }
    }

    Map<TokenId, Instant> lastUses(Connection connection, List<TokenId> ids) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(lastUses + Sql.parameters(ids.size()) + ")")) {
            Sql.setAll(statement, ids.stream().map(TokenId::value).toList());
            Map<TokenId, Instant> last = new HashMap<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    last.put(new TokenId(row.getString(1)), Objects.requireNonNull(Sql.getInstant(row, 2)));
                }
            }
            return Map.copyOf(last);
        }
    }

    /** Returns the ids after one id and up to another that have a use but no token. */
    List<String> withoutToken(Connection connection, String after, String last, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(withoutToken)) {
            statement.setString(1, after);
            statement.setString(2, last);
            statement.setString(3, after);
            statement.setString(4, last);
            statement.setInt(5, limit);
            List<String> ids = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getString(1));
                }
            }
            return ids;
        }
    }

    int forget(Connection connection, List<String> ids) throws SQLException {
        return TokenStatements.execute(
                connection,
                dialect.forgetUses(uses, Sql.parameters(ids.size())),
                statement -> Sql.setAll(statement, ids));
    }
}
