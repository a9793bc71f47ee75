package io.tokenstore.memory;

import io.tokenstore.Revocation;
import io.tokenstore.Username;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What a revocation looks at; the reference is the revocation itself, which moves once: from none to the first, or to removed.
 *
 * <p>A class of its own because the fields of a superclass come first in memory: so these share a line of the processor's cache.
 */
abstract class Revocable extends AtomicReference<@Nullable Revocation> {

    private static final long serialVersionUID = 1L;

    /** Marks what a purge takes out, so that no revocation is recorded in it any more. */
    static final Revocation REMOVED = new Revocation(new UUID(0, 0), Instant.EPOCH, "purge", null);

    private final String id;
    private final int idHash;
    private final transient Username owner;

    Revocable(String id, Username owner, @Nullable Revocation revocation) {
        super(revocation);
        this.id = id;
        this.idHash = EntriesById.hash(id);
        this.owner = owner;
    }

    final String id() {
        return id;
    }

    /** Returns what {@link EntriesById} sorts by. */
    final int idHash() {
        return idHash;
    }

    final Username owner() {
        return owner;
    }

    final boolean revoke(Revocation how) {
        if (compareAndSet(null, how)) {
            return true;
        }
        Revocation kept = get(); // which stays, whatever it is
        return kept != REMOVED && kept.id().equals(how.id());
    }

    final boolean isRemoved() {
        return get() == REMOVED;
    }
}
