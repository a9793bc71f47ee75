package io.tokenstore.examples.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.data.ByteUtils;
import com.datastax.oss.driver.api.core.uuid.Uuids;
import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Scopes;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A token as a row. An instant is a number of microseconds, since Cassandra's own type has only milliseconds. */
final class TokenColumns {

    private static final int MICROS = 1_000_000;
    private static final Duration LONGEST_CALL = Duration.ofMinutes(1);

    private TokenColumns() {}

    static List<@Nullable Object> of(Token token, UUID addition) {
        List<@Nullable Object> values = new ArrayList<>(Arrays.asList(
                token.owner().value(),
                token.name(),
                optional(token.hash(), hash -> ByteBuffer.wrap(hash.toBytes())),
                token.scopes().toString(),
                optional(token.predecessor(), TokenId::value),
                optional(token.renewableUntil(), TokenColumns::micros),
                token.minReaderVersion(),
                micros(token.createdAt()),
                optional(token.expiresAt(), TokenColumns::micros)));
        values.addAll(token.revocation() == null ? Collections.nCopies(6, null) : of(token.revocation()));
        Collections.addAll(values, addition, null);
        return values;
    }

    static List<@Nullable Object> of(Revocation revocation) {
        Actor by = revocation.by();
        return Arrays.asList(
                revocation.id(),
                micros(revocation.at()),
                by.kind().name(),
                by.name(),
                optional(by.token(), TokenId::value),
                revocation.reason());
    }

    static boolean isApplied(Row answer) {
        return answer.getBoolean("[applied]");
    }

    /** Whether this write is in the row, by this try or an earlier one. */
    static boolean isDone(Row answer, String column, UUID write) {
        return isApplied(answer) || write.equals(uuid(answer, column));
    }

    /**
     * Returns a column; null if it is empty or missing. An answer to a transaction has the compared columns only if it was refused
     * and there is a row.
     */
    static @Nullable UUID uuid(Row answer, String column) {
        return answer.getColumnDefinitions().contains(column) ? answer.getUuid(column) : null;
    }

    /** Whether no purge has claimed the row. */
    static boolean isKept(Row row) {
        return uuid(row, "removal") == null;
    }

    static boolean isEnded(Row row, Instant before) {
        Instant end = token(row).endsAt();
        return isKept(row) && end != null && end.isBefore(before);
    }

    /**
     * Whether a claimed row may go. Until then it shows a repeated addition that it came first, so that the token stays gone.
     */
    static boolean isOver(Row row) {
        UUID removal = uuid(row, "removal");
        return removal != null && Uuids.unixTimestamp(removal) < System.currentTimeMillis() - LONGEST_CALL.toMillis();
    }

    static TokenId id(Row row) {
        return new TokenId(row.getString("id"));
    }

    static List<Token> tokens(List<Row> rows) {
        return rows.stream()
                .filter(TokenColumns::isKept)
                .map(TokenColumns::token)
                .toList();
    }

    static List<TokenId> ids(List<Row> rows) {
        return rows.stream().map(TokenColumns::id).toList();
    }

    static Token token(Row row) {
        Owner owner = new Owner(row.getString("owner"));
        return Token.builder(id(row), owner, row.getString("name"), instant(row, "created_at"))
                .hash(optional(row.getByteBuffer("hash"), hash -> new SecretHash(ByteUtils.getArray(hash))))
                .scopes(Scopes.parse(row.getString("scopes")))
                .predecessor(optional(row.getString("predecessor"), TokenId::new))
                .renewableUntil(instant(row, "renewable_until"))
                .minReaderVersion(row.getInt("min_reader_version"))
                .expiresAt(instant(row, "expires_at"))
                .revocation(optional(row.getUuid("act"), act -> revocation(act, row)))
                .build();
    }

    private static Revocation revocation(UUID act, Row row) {
        TokenId token = optional(row.getString("actor_token"), TokenId::new);
        Actor by = new Actor(Actor.Kind.valueOf(row.getString("actor_kind")), row.getString("actor_name"), token);
        return new Revocation(act, instant(row, "revoked_at"), by, row.getString("reason"));
    }

    static long micros(Instant instant) {
        return instant.getEpochSecond() * MICROS + instant.getNano() / 1_000;
    }

    static @Nullable Instant instant(Row row, String column) {
        return optional(
                row.get(column, Long.class), micros -> Instant.ofEpochSecond(micros / MICROS, micros % MICROS * 1_000));
    }

    private static <F, T> @Nullable T optional(@Nullable F value, Function<F, T> read) {
        return value == null ? null : read.apply(value);
    }
}
