package io.tokenstore.service;

import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what recent looks at tokens showed, up to a time bound that counts from before each look began.
 *
 * <p>The invariants, by which no race undoes a revocation:
 *
 * <ul>
 *   <li>A look notes the stamps of its token's id and owner, and both clocks, before it asks the store. What it remembers is
 *       valid only while these stamps do not move, and while neither clock shows that more than the bound has passed.
 *   <li>Each write through these services moves the stamps after the store's answer and before its own, even if it failed. So a
 *       call that begins later finds no older look, and a look under way remembers nothing valid.
 *   <li>The owner is not known before a look. So {@link #owners} moves after {@link #allOwners}, and a look that began before
 *       either move is forgotten.
 *   <li>A revoked token may be remembered for longer, since nothing revives it.
 * </ul>
 *
 * <p>Bounded: in a table of fixed size, a new look replaces the oldest of a few. There are no locks and no threads; a look that
 * is lost in a race is repeated.
 */
final class RecentLooks {

    static final int DEFAULT_ENTRIES = 16_384;

    private static final int WAYS = 4;
    private static final int STRIPES = 1_024;
    private static final long NOT_PRESENTED = -1;
    private static final long NANOS_PER_MILLI = 1_000_000;

    /**
     * What a look showed, when it began, and the stamps before it.
     *
     * @param checksum of what was presented; {@link #NOT_PRESENTED} if nothing was
     */
    private record Look(
            Token token,
            long checksum,
            long nanos,
            long millis,
            int ofId,
            long idStamp,
            int ofOwner,
            long ownerStamp) {}

    private final long boundInNanos;
    private final LongSupplier nanos;
    private final AtomicReferenceArray<@Nullable Look> looks;
    private final AtomicLongArray ids = new AtomicLongArray(STRIPES);
    private final AtomicLongArray owners = new AtomicLongArray(STRIPES);
    private final AtomicLong allOwners = new AtomicLong();

    /**
     * @param entries how many tokens are remembered at most, rounded up to a power of two
     * @param nanos the monotonic clock
     */
    RecentLooks(Duration bound, int entries, LongSupplier nanos) {
        boundInNanos = bound.toNanos();
        this.nanos = nanos;
        int size = Integer.highestOneBit(Math.max(entries, WAYS) * 2 - 1);
        looks = new AtomicReferenceArray<>(size);
    }

    static void requireInRange(Duration bound, int entries) {
        if (bound.compareTo(Duration.ofMillis(10)) < 0 || bound.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("the bound must be 10 milliseconds to 1 hour");
        }
        if (entries < WAYS || entries > 10_000_000) {
            throw new IllegalArgumentException("the tokens that are remembered must be 4 to 10,000,000");
        }
    }

    /** Returns the presented token if a recent enough look confirmed this exact string, or any look showed it revoked. */
    @Nullable
    Token find(PresentedToken presented, Instant now) {
        Look look = lookAt(presented.id());
        // Id, hash and checksum identify a string of our form, and a look-up compares no more of another form. A wrong
        // secret must ask the store: a purge may have freed the id.
        return look != null
                        && look.checksum() == presented.checksumDigits()
                        && presented.proves(look.token())
                        && (look.token().revocation() != null || isOfUse(look, now))
                ? look.token()
                : null;
    }

    /** Returns the token with an id, if a recent enough look showed it. */
    @Nullable
    Token find(TokenId id, Instant now) {
        Look look = lookAt(id);
        return look != null && isOfUse(look, now) ? look.token() : null;
    }

    private @Nullable Look lookAt(TokenId id) {
        int first = first(id);
        for (int i = first; i < first + WAYS; i++) {
            Look look = looks.getAcquire(i);
            if (look != null && look.token().id().equals(id)) {
                return look;
            }
        }
        return null;
    }

    private boolean isOfUse(Look look, Instant now) {
        if (ids.get(look.ofId()) != look.idStamp() || owners.get(look.ofOwner()) != look.ownerStamp()) {
            return false;
        }
        long age = nanos.getAsLong() - look.nanos();
        // A part of a millisecond counts as a whole one, and a clock that was set back proves nothing.
        long ageByTheWall = now.toEpochMilli() - look.millis();
        return age >= 0 && age <= boundInNanos && ageByTheWall >= 0 && ageByTheWall < boundInNanos / NANOS_PER_MILLI;
    }

    /** Asks a store, and remembers what it shows. */
    Optional<Token> look(TokenStore store, TokenId id, @Nullable PresentedToken presented, Instant now) {
        int ofId = stripe(id.hashCode());
        long idStamp = ids.get(ofId);
        long ofAll = allOwners.get();
        long began = nanos.getAsLong();
        long beganByTheWall = now.toEpochMilli();
        Optional<Token> found = store.find(id);
        Token token = found.orElse(null);
        // A wrong secret must not displace what is remembered, and a pending token's first use needs its own look: it
        // writes.
        if (token != null && (presented == null || presented.proves(token)) && token.predecessor() == null) {
            int ofOwner = stripe(token.owner().hashCode());
            long ownerStamp = owners.get(ofOwner);
            if (allOwners.get() == ofAll) {
                long checksum = presented == null ? NOT_PRESENTED : presented.checksumDigits();
                remember(
                        first(id),
                        new Look(token, checksum, began, beganByTheWall, ofId, idStamp, ofOwner, ownerStamp));
            }
        }
        return found;
    }

    /** Replaces an older look at the token, else fills an empty place, else replaces the oldest look. */
    private void remember(int first, Look look) {
        int place = first;
        for (int i = first; i < first + WAYS; i++) {
            Look other = looks.getAcquire(i);
            boolean isOfTheToken =
                    other != null && other.token().id().equals(look.token().id());
            if (isOfTheToken && other.nanos() - look.nanos() > 0) {
                return; // The other look began later, so it is newer.
            }
            if (other == null || isOfTheToken) {
                place = i;
                break;
            }
            if (other.nanos() - looks.getAcquire(place).nanos() < 0) {
                place = i;
            }
        }
        looks.setRelease(place, look);
    }

    private int first(TokenId id) {
        return spread(id.hashCode()) & (looks.length() - WAYS);
    }

    private static int spread(int hash) {
        return hash ^ (hash >>> 16);
    }

    private static int stripe(int hash) {
        return spread(hash) & (STRIPES - 1);
    }

    /** Invalidates what was remembered of a token, also by a look under way. */
    void forget(TokenId id) {
        ids.incrementAndGet(stripe(id.hashCode()));
    }

    /** Invalidates what was remembered of all of an owner's tokens, also by a look under way. */
    void forgetAll(Owner owner) {
        allOwners.incrementAndGet();
        owners.incrementAndGet(stripe(owner.hashCode()));
    }
}
