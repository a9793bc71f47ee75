package io.tokenstore.jdbc;

import io.tokenstore.InvalidInputException;
import io.tokenstore.Revocation;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.Username;
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

    static final String COLUMNS = "id, owner, name, secret_hash, created_at, expires_at,"
            + " revocation_id, revoked_at, revoked_by, revoked_reason";
    static final String PLACEHOLDERS = "?, ?, ?, ?, ?, ?, ?, ?, ?, ?";

    private TokenRow() {}

    static void bind(PreparedStatement statement, Token token) throws SQLException {
        Revocation revocation = token.revocation();
        statement.setString(1, token.id().value());
        statement.setString(2, token.owner().value());
        statement.setString(3, token.name());
        setHash(statement, 4, token.hash());
        Sql.setInstant(statement, 5, token.createdAt());
        Sql.setInstant(statement, 6, token.expiresAt());
        statement.setBytes(7, revocation == null ? null : Sql.bytes(revocation.id()));
        Sql.setInstant(statement, 8, revocation == null ? null : revocation.at());
        statement.setString(9, revocation == null ? null : revocation.by());
        statement.setString(10, revocation == null ? null : revocation.reason());
    }

    /** As a stream, since PostgreSQL's driver writes bytes that are bound, but not what streams, into its finest log. */
    private static void setHash(PreparedStatement statement, int position, @Nullable SecretHash hash)
            throws SQLException {
        if (hash == null) {
            statement.setBytes(position, null);
        } else {
            byte[] bytes = hash.toBytes();
            statement.setBinaryStream(position, new ByteArrayInputStream(bytes), bytes.length);
        }
    }

    static Token read(ResultSet row) throws SQLException {
        try {
            return token(row);
        } catch (InvalidInputException e) {
            // For one, the name of a user whose letters only a later Java version knows.
            throw new SQLDataException("a row is not a token to this JVM", "22000", e);
        }
    }

    private static Token token(ResultSet row) throws SQLException {
        byte[] hash = row.getBytes(4);
        return new Token(
                new TokenId(row.getString(1)),
                new Username(row.getString(2)),
                row.getString(3),
                hash == null ? null : new SecretHash(hash),
                Objects.requireNonNull(Sql.getInstant(row, 5)),
                Sql.getInstant(row, 6),
                readRevocation(row));
    }

    private static @Nullable Revocation readRevocation(ResultSet row) throws SQLException {
        UUID id = Sql.getUuid(row, 7);
        return id == null
                ? null
                : new Revocation(
                        id, Objects.requireNonNull(Sql.getInstant(row, 8)), row.getString(9), row.getString(10));
    }
}
