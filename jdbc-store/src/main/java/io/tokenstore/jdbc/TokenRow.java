package io.tokenstore.jdbc;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Scopes;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import java.io.ByteArrayInputStream;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A token as a row of the table: its columns, in one order for writing and reading. */
final class TokenRow {

    static final String COLUMNS =
            "id, owner, name, secret_hash, scopes, predecessor, renewable_until, min_reader_version,"
                    + " created_at, expires_at, revocation_id, revoked_at, revoked_by_kind, revoked_by, revoked_by_token,"
                    + " revoked_reason";
    static final int WIDTH = 16;

    private TokenRow() {}

    /** Binds a token to the parameters after a position. */
    static void bind(PreparedStatement statement, int before, Token token) throws SQLException {
        statement.setString(before + 1, token.id().value());
        statement.setString(before + 2, token.owner().value());
        statement.setString(before + 3, token.name());
        bindHash(statement, before + 4, token.hash());
        statement.setString(before + 5, token.scopes().toString());
        statement.setString(before + 6, value(token.predecessor()));
        Sql.setInstant(statement, before + 7, token.renewableUntil());
        statement.setInt(before + 8, token.minReaderVersion());
        Sql.setInstant(statement, before + 9, token.createdAt());
        Sql.setInstant(statement, before + 10, token.expiresAt());
        bindRevocation(statement, before + 11, token.revocation());
    }

    /** Binds a stream, since PostgreSQL's driver writes bound bytes, but not streams, into its finest log. */
    private static void bindHash(PreparedStatement statement, int position, @Nullable SecretHash hash)
            throws SQLException {
        if (hash == null) {
            statement.setBytes(position, null);
        } else {
            byte[] bytes = hash.toBytes();
            statement.setBinaryStream(position, new ByteArrayInputStream(bytes), bytes.length);
        }
    }

    /** Binds a revocation's six columns, from a position on. */
    static void bindRevocation(PreparedStatement statement, int first, @Nullable Revocation revocation)
            throws SQLException {
        Actor by = revocation == null ? null : revocation.by();
        statement.setBytes(first, revocation == null ? null : Sql.bytes(revocation.id()));
        Sql.setInstant(statement, first + 1, revocation == null ? null : revocation.at());
        statement.setString(first + 2, by == null ? null : by.kind().name());
        statement.setString(first + 3, by == null ? null : by.name());
        statement.setString(first + 4, by == null ? null : value(by.token()));
        statement.setString(first + 5, revocation == null ? null : revocation.reason());
    }

    private static @Nullable String value(@Nullable TokenId id) {
        return id == null ? null : id.value();
    }

    /**
     * Reads a token. Throws if the row breaks a rule, such as by a name that only a later Java version allows, or a later
     * release's kind.
     */
    static Token read(ResultSet row) throws SQLException {
        try {
            byte[] hash = row.getBytes(4);
            return Token.builder(
                            new TokenId(row.getString(1)),
                            new Owner(row.getString(2)),
                            row.getString(3),
                            Objects.requireNonNull(Sql.getInstant(row, 9)))
                    .hash(hash == null ? null : new SecretHash(hash))
                    .scopes(Scopes.parse(row.getString(5)))
                    .predecessor(id(row, 6))
                    .renewableUntil(Sql.getInstant(row, 7))
                    .minReaderVersion(row.getInt(8))
                    .expiresAt(Sql.getInstant(row, 10))
                    .revocation(readRevocation(row))
                    .build();
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new SQLDataException("a row is not a token to this node", "22000", e);
        }
    }

    private static @Nullable TokenId id(ResultSet row, int column) throws SQLException {
        String value = row.getString(column);
        return value == null ? null : new TokenId(value);
    }

    private static @Nullable Revocation readRevocation(ResultSet row) throws SQLException {
        UUID id = Sql.getUuid(row, 11);
        if (id == null) {
            requireNoPart(row);
            return null;
        }
        return new Revocation(
                id,
                Objects.requireNonNull(Sql.getInstant(row, 12)),
                new Actor(Actor.Kind.valueOf(row.getString(13)), row.getString(14), id(row, 15)),
                row.getString(16));
    }

    /** Somebody who sets the instant by hand means to revoke, so such a token must not be live. */
    private static void requireNoPart(ResultSet row) throws SQLException {
        for (int column = 12; column <= WIDTH; column++) {
            if (row.getString(column) != null) {
                throw new IllegalArgumentException("a part of a revocation without its id");
            }
        }
    }
}
