package io.tokenstore.jdbc;

import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The column types that every database keeps exactly: UTC wall clocks without a zone, and bytes. */
final class Sql {

    private Sql() {}

    static void setInstant(PreparedStatement statement, int position, @Nullable Instant instant) throws SQLException {
        statement.setObject(position, instant == null ? null : LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
    }

    static @Nullable Instant getInstant(ResultSet row, int column) throws SQLException {
        LocalDateTime wallClock = row.getObject(column, LocalDateTime.class);
        return wallClock == null ? null : wallClock.toInstant(ZoneOffset.UTC);
    }

    /** Returns parameters for at least this many values: a power of two, so that there are few different statements. */
    static String parameters(int values) {
        return "?" + ", ?".repeat(Integer.highestOneBit(2 * values - 1) - 1);
    }

    /** Binds the values to these parameters, and the last value to all parameters that are left. */
    static void setAll(PreparedStatement statement, List<String> values) throws SQLException {
        int width = Integer.highestOneBit(2 * values.size() - 1);
        for (int i = 0; i < width; i++) {
            statement.setString(i + 1, values.get(Math.min(i, values.size() - 1)));
        }
    }

    static byte[] bytes(UUID uuid) {
        return ByteBuffer.allocate(16)
                .putLong(uuid.getMostSignificantBits())
                .putLong(uuid.getLeastSignificantBits())
                .array();
    }

    static @Nullable UUID getUuid(ResultSet row, int column) throws SQLException {
        byte[] bytes = row.getBytes(column);
        if (bytes == null) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }
}
