package io.tokenstore.memory;

import io.tokenstore.Revocation;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.Username;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A kept token, in as few objects and bytes as it goes. */
final class Entry extends Revocable {

    private static final long serialVersionUID = 1L;

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int NANOS_PER_MICRO = 1_000;
    private static final long NEVER = Long.MAX_VALUE;

    /** Stands for an entry that was taken out. */
    static final Entry GONE = new Entry(
            new Token(new TokenId("-"), new Username("gone"), "gone", null, Instant.EPOCH, null, REMOVED),
            new Username("gone"));

    private final String name;
    private final boolean hasHash;
    private final long hash0;
    private final long hash1;
    private final long hash2;
    private final long hash3;
    private final long createdAt;
    private final long expiresAt;

    /**
     * Creates an entry.
     *
     * @param owner the owner's name as all their entries share it
     */
    Entry(Token token, Username owner) {
        super(token.id().value(), owner, token.revocation());
        this.name = token.name();
        SecretHash hash = token.hash();
        this.hasHash = hash != null;
        ByteBuffer bytes = hash == null ? ByteBuffer.allocate(4 * Long.BYTES) : ByteBuffer.wrap(hash.toBytes());
        this.hash0 = bytes.getLong();
        this.hash1 = bytes.getLong();
        this.hash2 = bytes.getLong();
        this.hash3 = bytes.getLong();
        this.createdAt = micros(token.createdAt());
        Instant end = token.expiresAt();
        this.expiresAt = end == null ? NEVER : micros(end);
    }

    /** Returns the token as it is now, or null where it was removed. */
    @Nullable
    Token current() {
        Revocation revocation = get();
        return revocation == REMOVED
                ? null
                : new Token(new TokenId(id()), owner(), name, hash(), instant(createdAt), expiresAt(), revocation);
    }

    private @Nullable SecretHash hash() {
        return hasHash
                ? new SecretHash(ByteBuffer.allocate(4 * Long.BYTES)
                        .putLong(hash0)
                        .putLong(hash1)
                        .putLong(hash2)
                        .putLong(hash3)
                        .array())
                : null;
    }

    boolean endedBefore(Instant instant) {
        return endedBefore(get(), instant);
    }

    /** Removes the token if it ended before the instant, unless it is revoked meanwhile. */
    boolean removeIfEndedBefore(Instant instant) {
        Revocation kept = get();
        return kept != REMOVED && endedBefore(kept, instant) && compareAndSet(kept, REMOVED);
    }

    private boolean endedBefore(@Nullable Revocation kept, Instant instant) {
        Instant end = kept == null ? expiresAt() : kept.at();
        return end != null && end.isBefore(instant);
    }

    private @Nullable Instant expiresAt() {
        return expiresAt == NEVER ? null : instant(expiresAt);
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * MICROS_PER_SECOND + instant.getNano() / NANOS_PER_MICRO;
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(micros / MICROS_PER_SECOND, micros % MICROS_PER_SECOND * NANOS_PER_MICRO);
    }
}
