package io.tokenstore.benchmarks;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/**
 * The floor: the store's own statements, prepared on a connection of the pool, and nothing else. No value is made or checked
 * that could have been made before.
 */
final class RawJdbc {

    private static final int PAGE = 100;
    private static final LocalDateTime NOW = TokenTable.utc(Instant.parse("2026-11-01T00:00:00Z"));
    private static final AtomicLong NEXT_ID = new AtomicLong();

    private final DataSource pool;
    private final TokenTable tokens;
    private final String find;
    private final String list;
    private final String revokeAll;

    RawJdbc(DataSource pool, TokenTable tokens) {
        this.pool = pool;
        this.tokens = tokens;
        String select =
                "SELECT id, owner, name, secret_hash, created_at, expires_at, revocation_id, scopes, predecessor,"
                        + " renewable_until, min_reader_version, revoked_at, revoked_by_kind, revoked_by, revoked_by_token,"
                        + " revoked_reason FROM " + tokens.name();
        find = select + " WHERE id = ?";
        list = select + " WHERE owner = ? AND id > ? ORDER BY owner, id LIMIT ?";
        revokeAll = "UPDATE " + tokens.name()
                + " SET revoked_reason = CASE WHEN revocation_id IS NULL THEN ? ELSE revoked_reason END,"
                + " revoked_by_token = CASE WHEN revocation_id IS NULL THEN ? ELSE revoked_by_token END,"
                + " revoked_by = COALESCE(revoked_by, ?), revoked_by_kind = COALESCE(revoked_by_kind, ?),"
                + " revoked_at = COALESCE(revoked_at, ?), write_parity = 1 - write_parity, revocation_id = ?"
                + " WHERE owner = ? AND (revocation_id IS NULL OR revocation_id = ?)";
    }

    Contender revoke() {
        String sql = revokeAll + " AND id = ?";
        return new Each<>(tokens, token -> {
            try (Connection connection = pool.getConnection();
                    PreparedStatement statement = connection.prepareStatement(sql)) {
                bindRevocation(statement, token.owner());
                statement.setString(9, token.id());
                return statement.executeUpdate() == 1;
            }
        });
    }

    Contender revokeAll(int each) {
        return new Each<>(tokens.users(), user -> {
            try (Connection connection = pool.getConnection();
                    PreparedStatement statement = connection.prepareStatement(revokeAll)) {
                bindRevocation(statement, user);
                return statement.executeUpdate() == each;
            }
        });
    }

    private static void bindRevocation(PreparedStatement statement, String owner) throws SQLException {
        byte[] id = ByteBuffer.allocate(16)
                .putLong(NEXT_ID.getAndIncrement())
                .putLong(0)
                .array();
        statement.setString(1, null);
        statement.setString(2, null);
        statement.setString(3, owner);
        statement.setString(4, "USER");
        statement.setObject(5, NOW);
        statement.setBytes(6, id);
        statement.setString(7, owner);
        statement.setBytes(8, id);
    }

    Contender authenticate() {
        return new Each<>(tokens, token -> {
            try (Connection connection = pool.getConnection();
                    PreparedStatement statement = connection.prepareStatement(find)) {
                statement.setString(1, token.id());
                try (ResultSet row = statement.executeQuery()) {
                    return row.next()
                            && MessageDigest.isEqual(row.getBytes(4), token.hash())
                            && row.getString(2).equals(token.owner())
                            && row.getObject(6, LocalDateTime.class) == null
                            && row.getBytes(7) == null
                            && row.getString(9) == null
                            && row.getInt(11) == 0;
                }
            }
        });
    }

    Contender issue() {
        HeldToken.Issuer issuer = new HeldToken.Issuer();
        String sql = tokens.insert();
        return new Each<>(new Issued(tokens, held -> issuer.issue(held.owner())), token -> {
            try (Connection connection = pool.getConnection();
                    PreparedStatement statement = connection.prepareStatement(sql)) {
                TokenTable.bind(statement, token, null);
                return statement.executeUpdate() == 1;
            }
        });
    }

    Contender list() {
        return new Each<>(tokens, token -> {
            try (Connection connection = pool.getConnection();
                    PreparedStatement statement = connection.prepareStatement(list)) {
                statement.setString(1, token.owner());
                statement.setString(2, "");
                statement.setInt(3, PAGE);
                int found = 0;
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        found +=
                                rows.getString(1).isEmpty() || rows.getString(3).isEmpty() ? 0 : 1;
                        rows.getObject(5, LocalDateTime.class);
                        rows.getObject(6, LocalDateTime.class);
                        rows.getBytes(7);
                    }
                }
                return found > 0;
            }
        });
    }

    /** One statement for all: what a purge by steps is to come near to. */
    Contender purge() {
        String sql = "DELETE FROM " + tokens.name() + " WHERE COALESCE(revoked_at, expires_at) < ?";
        return new Each<>(tokens.loads(), size -> {
            try (Connection connection = pool.getConnection();
                    PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setObject(1, NOW.minusDays(60));
                return statement.executeUpdate() == size / 2;
            }
        });
    }
}
