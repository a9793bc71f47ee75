package io.tokenstore.memory;

import io.tokenstore.Revocation;
import io.tokenstore.Token;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A kept token; the reference is its revocation, which moves once: from none to the first, or to removed. */
final class Entry extends AtomicReference<@Nullable Revocation> {

    private static final long serialVersionUID = 1L;

    /** Marks an entry that a purge takes out, so that no revocation is recorded in it any more. */
    private static final Revocation REMOVED = new Revocation(new UUID(0, 0), Instant.EPOCH, "purge", null);

    /** The token as it was added. */
    private final transient Token added;

    Entry(Token token) {
        super(token.revocation());
        this.added = token;
    }

    Token added() {
        return added;
    }

    /** Returns the token as it is now, or null where it was removed. */
    @Nullable
    Token current() {
        Revocation revocation = get();
        if (revocation == REMOVED) {
            return null;
        }
        return revocation == added.revocation() ? added : added.withRevocation(revocation);
    }

    boolean revoke(Revocation how) {
        Revocation kept = get();
        if (kept == null) {
            if (compareAndSet(null, how)) {
                return true;
            }
            kept = get();
        }
        return kept != REMOVED && kept.id().equals(how.id());
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
        Instant end = kept == null ? added.expiresAt() : kept.at();
        return end != null && end.isBefore(instant);
    }
}
