package io.tokenstore.service;

import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenUses;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects the uses of tokens until a flush writes them: one instant for each token and granule.
 *
 * <p>Bounded in tokens, without a thread. A use in a granule that is already recorded costs a map look-up and no allocation.
 */
final class RecentUses {

    static final int MAX_TOKENS = 100_000;

    private static final Logger log = LoggerFactory.getLogger(TokenServices.class);

    /** A use, and whether it still has to be written. A written use stays for the rest of its granule, which needs no other. */
    private record Use(long millis, boolean isWaiting) {

        Instant at() {
            return Instant.ofEpochMilli(millis);
        }
    }

    private final TokenUses kept;
    private final boolean besideTokens;
    private final long granule;
    private final Clock clock;
    private final int maxTokens;
    private final ConcurrentMap<TokenId, Use> uses = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder lost = new LongAdder();
    /** So that no use is written twice, and a flush at shutdown returns when all is written. */
    private final Lock flushing = new ReentrantLock();

    static void requireInRange(Duration granule) {
        if (granule.compareTo(Duration.ofSeconds(1)) < 0 || granule.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("the granule must be 1 second to 1 day");
        }
    }

    /**
     * @param besideTokens whether the store of the services keeps the uses too
     * @param maxTokens how many tokens may have waiting uses; after a flush, half as many written uses are remembered too
     */
    RecentUses(TokenUses kept, boolean besideTokens, Duration granule, Clock clock, int maxTokens) {
        this.kept = kept;
        this.besideTokens = besideTokens;
        this.granule = granule.toMillis();
        this.clock = clock;
        this.maxTokens = maxTokens;
    }

    /**
     * Records a successful use.
     *
     * @param now the time if the caller knows it, else null: reading the clock takes longer than all the rest
     */
    void add(TokenId id, @Nullable Instant now) {
        long millis = now == null ? clock.millis() : now.toEpochMilli();
        Use use = uses.get(id);
        if (use == null || millis - use.millis >= granule) {
            uses.compute(id, (key, before) -> later(before, millis));
        }
    }

    /** Runs once for each call, while no other call changes the same token. */
    private @Nullable Use later(@Nullable Use before, long millis) {
        if (before != null && millis - before.millis < granule) {
            return before;
        }
        if ((before == null || !before.isWaiting) && waiting.incrementAndGet() > maxTokens) {
            waiting.decrementAndGet();
            lost.increment();
            return before;
        }
        return new Use(millis, true);
    }

    /**
     * Writes the waiting uses in the order of their ids. Uses that could not be written keep waiting.
     *
     * <p>After one failed batch the next ones are still tried; two failures mean that the store is down.
     */
    int flush() {
        flushing.lock();
        try {
            List<Map.Entry<TokenId, Use>> all = uses.entrySet().stream()
                    .filter(use -> use.getValue().isWaiting)
                    .sorted(Map.Entry.comparingByKey())
                    .toList();
            RuntimeException failure = null;
            for (int from = 0; from < all.size(); from += TokenStore.MAX_PAGE) {
                try {
                    write(all.subList(from, Math.min(from + TokenStore.MAX_PAGE, all.size())));
                } catch (RuntimeException e) {
                    if (failure != null) {
                        throw failure;
                    }
                    failure = e;
                }
            }
            if (failure != null) {
                throw failure;
            }
            return all.size();
        } finally {
            makeRoom();
            flushing.unlock();
        }
    }

    private void write(List<Map.Entry<TokenId, Use>> batch) {
        Map<TokenId, Instant> instants = new LinkedHashMap<>();
        batch.forEach(use -> instants.put(use.getKey(), use.getValue().at()));
        kept.record(instants);
        // A later use that came meanwhile keeps waiting.
        batch.forEach(use -> {
            if (uses.replace(use.getKey(), use.getValue(), new Use(use.getValue().millis, false))) {
                waiting.decrementAndGet();
            }
        });
    }

    /** Forgets written uses whose granule is over, or all written uses if room is scarce. */
    private void makeRoom() {
        long now = clock.millis();
        boolean isScarce = uses.size() > maxTokens / 2;
        uses.values().removeIf(use -> !use.isWaiting && (isScarce || Math.abs(now - use.millis) >= granule));
        long unrecorded = lost.sumThenReset();
        if (unrecorded > 0) {
            log.warn(
                    "{} uses of tokens were not recorded, because {} tokens had uses to be written: flush more often",
                    unrecorded,
                    maxTokens);
        }
    }

    /**
     * Returns the last uses that are written or wait here; other nodes may know later ones.
     *
     * @param tokens the store of the tokens. Within the host's transaction it also answers for uses if it keeps them: another
     *     store would need a second connection, and threads that hold all connections of a pool would wait for each other
     */
    Map<TokenId, Instant> lastUses(Collection<TokenId> ids, TokenStore tokens) {
        TokenStore store = tokens instanceof WatchedStore watched ? watched.store() : tokens;
        boolean joins = besideTokens && store instanceof TokenUses && store.inHostTransaction();
        Map<TokenId, Instant> last = new HashMap<>((joins ? (TokenUses) store : kept).lastUses(ids));
        for (TokenId id : ids) {
            Use use = uses.get(id);
            if (use != null) {
                last.merge(id, use.at(), (one, other) -> one.isAfter(other) ? one : other);
            }
        }
        return last;
    }
}
