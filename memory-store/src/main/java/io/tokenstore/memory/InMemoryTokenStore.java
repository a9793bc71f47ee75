package io.tokenstore.memory;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenUses;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tokens in memory, for tests and for hosts of a single process: they are gone when the process ends.
 *
 * <p>Safe to call from many threads. {@link #find}, {@link #list} and {@link #scan} never wait for another thread. A write
 * waits only for a write of the same token, or of a token at the same place of the hash table; an {@link #add} also waits for a
 * {@link #revokeAll}. A call's cost for each token that it touches grows with the logarithm of the number of tokens, whatever
 * the ids and owners are. A token takes about half a kilobyte.
 */
public final class InMemoryTokenStore implements TokenStore, TokenUses {

    private static final TokenId FIRST = new TokenId("!");
    private static final TokenId LAST = new TokenId("~".repeat(255));

    /*
     * The map, by the ids' strings, is the truth: the store keeps exactly the tokens in it. A change replaces the whole token
     * by compare-and-set, since tokens are immutable. So a call takes effect on a token at one instant.
     *
     * The two sets keep the order. A kept token's id is in both, from before the token is kept until after it is gone. So a
     * walk skips ids without a token, and misses no kept token. The sets change only within ConcurrentHashMap.compute of the
     * id, so that the clean-up after a removal excludes an addition of the same id.
     */
    private final ConcurrentMap<String, Token> tokens = new ConcurrentHashMap<>();

    private final ConcurrentSkipListSet<TokenId> ids = new ConcurrentSkipListSet<>();
    private final ConcurrentSkipListSet<OwnedId> ownedIds = new ConcurrentSkipListSet<>();

    /** Changed only within a computation of the id in the map of tokens, like the sets. */
    private final ConcurrentMap<String, Instant> uses = new ConcurrentHashMap<>();

    /**
     * Excludes every add while revokeAll passes over an owner's tokens. Otherwise a token could be added behind the pass, and
     * be activated before the pass finds its predecessor revoked.
     */
    private final ReadWriteLock additions = new ReentrantReadWriteLock();

    /** A permit for each token for which there is still room. */
    private final Semaphore room;

    /** Creates an empty store that is bounded only by memory, up to 2,147,483,647 tokens. */
    public InMemoryTokenStore() {
        this(Integer.MAX_VALUE);
    }

    /**
     * Creates an empty store that refuses tokens when it is full. It never evicts a token, because a forgotten revoked token
     * could come back.
     *
     * @param capacity the most tokens to keep, whatever their states, 1 or more
     * @throws IllegalArgumentException if {@code capacity} is less than 1
     */
    public InMemoryTokenStore(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be 1 or more");
        }
        room = new Semaphore(capacity);
    }

    /**
     * {@inheritDoc}
     *
     * @throws TokenStoreException with {@link TokenStoreException.Applied#NO} if the store is full
     */
    @Override
    public void add(Token token) {
        additions.readLock().lock();
        try {
            tokens.compute(token.id().value(), (id, kept) -> {
                if (kept != null) {
                    throw new DuplicateTokenException();
                }
                if (!room.tryAcquire()) {
                    throw new TokenStoreException("the store is full", TokenStoreException.Applied.NO, null);
                }
                uses.remove(id); // Left by a removed token that is not quite forgotten.
                ids.add(token.id());
                ownedIds.add(new OwnedId(token.owner(), token.id()));
                return token;
            });
        } finally {
            additions.readLock().unlock();
        }
    }

    @Override
    public Optional<Token> find(TokenId id) {
        return Optional.ofNullable(tokens.get(id.value()));
    }

    @Override
    public TokenPage list(Owner owner, @Nullable TokenId after, int limit) {
        return page(tokensOf(owner, after), limit);
    }

    @Override
    public TokenPage scan(@Nullable TokenId after, int limit) {
        return page(idsAfter(after).stream().map(id -> tokens.get(id.value())).filter(Objects::nonNull), limit);
    }

    @Override
    public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
        Objects.requireNonNull(revocation, "revocation");
        Token token = change(owner, id, kept -> kept.revocation() == null ? kept.withRevocation(revocation) : kept);
        return token != null && isRevokedBy(revocation, token);
    }

    @Override
    public int revokeAll(Owner owner, Revocation revocation) {
        Objects.requireNonNull(revocation, "revocation");
        additions.writeLock().lock();
        try {
            return Math.toIntExact(tokensOf(owner, null)
                    .filter(token -> revoke(owner, token.id(), revocation))
                    .count());
        } finally {
            additions.writeLock().unlock();
        }
    }

    @Override
    public boolean activate(Owner owner, TokenId id) {
        Token token = change(
                owner,
                id,
                kept -> kept.revocation() == null && kept.predecessor() != null
                        ? kept.toBuilder().predecessor(null).build()
                        : kept);
        return token != null && token.revocation() == null;
    }

    @Override
    public PurgePage purge(Instant endedBefore, @Nullable TokenId after, int maxExamined) {
        Objects.requireNonNull(endedBefore, "endedBefore");
        if (maxExamined < 1) {
            throw new IllegalArgumentException("maxExamined must be 1 or more");
        }
        int removed = 0;
        TokenId last = after;
        Iterator<TokenId> walk = idsAfter(after).iterator();
        for (int examined = 0; examined < maxExamined && walk.hasNext(); examined++) {
            last = walk.next();
            removed += removeIfEnded(last, endedBefore) ? 1 : 0;
        }
        return new PurgePage(removed, walk.hasNext() ? last : null);
    }

    private boolean removeIfEnded(TokenId id, Instant endedBefore) {
        for (Token token = tokens.get(id.value()); token != null; token = tokens.get(id.value())) {
            Instant end = token.endsAt();
            if (end == null || !end.isBefore(endedBefore)) {
                return false;
            }
            if (tokens.remove(id.value(), token)) { // Fails if it was revoked meanwhile.
                room.release();
                forget(token);
                return true;
            }
        }
        return false;
    }

    /** Takes a removed token's id out of the sets, except what a token added since needs there. */
    private void forget(Token removed) {
        TokenId id = removed.id();
        tokens.compute(id.value(), (key, added) -> {
            if (added == null) {
                uses.remove(key);
                ids.remove(id);
            }
            if (added == null || !added.owner().equals(removed.owner())) {
                ownedIds.remove(new OwnedId(removed.owner(), id));
            }
            return added;
        });
    }

    @Override
    public void record(Map<TokenId, Instant> newUses) {
        requireAtMostOnePage(newUses.size());
        Map<TokenId, Instant> all = Map.copyOf(newUses);
        all.forEach((id, at) -> tokens.computeIfPresent(id.value(), (key, kept) -> {
            uses.merge(key, at, (before, now) -> now.isAfter(before) ? now : before);
            return kept;
        }));
    }

    @Override
    public Map<TokenId, Instant> lastUses(Collection<TokenId> of) {
        requireAtMostOnePage(of.size());
        Map<TokenId, Instant> last = new HashMap<>();
        of.forEach(id -> {
            Instant at = uses.get(id.value());
            if (at != null) {
                last.put(id, at);
            }
        });
        return Map.copyOf(last);
    }

    private static void requireAtMostOnePage(int size) {
        if (size > MAX_PAGE) {
            throw new IllegalArgumentException("at most " + MAX_PAGE + " at once");
        }
    }

    /** Replaces a token by its changed version; returns the token as it is then, or null if the owner has no such token. */
    private @Nullable Token change(Owner owner, TokenId id, UnaryOperator<Token> change) {
        Objects.requireNonNull(owner, "owner");
        while (true) {
            Token kept = tokens.get(id.value());
            if (kept == null || !kept.owner().equals(owner)) {
                return null;
            }
            Token changed = change.apply(kept);
            if (changed == kept || tokens.replace(id.value(), kept, changed)) {
                return changed;
            }
        }
    }

    private static boolean isRevokedBy(Revocation revocation, Token token) {
        Revocation kept = token.revocation();
        return kept != null && kept.id().equals(revocation.id());
    }

    private NavigableSet<TokenId> idsAfter(@Nullable TokenId after) {
        return ids.tailSet(after == null ? FIRST : after, after == null);
    }

    private Stream<Token> tokensOf(Owner owner, @Nullable TokenId after) {
        Objects.requireNonNull(owner, "owner");
        OwnedId from = new OwnedId(owner, after == null ? FIRST : after);
        return ownedIds.subSet(from, after == null, new OwnedId(owner, LAST), true).stream()
                .map(owned -> tokens.get(owned.id().value()))
                .filter(token -> token != null && token.owner().equals(owner));
    }

    private static TokenPage page(Stream<Token> walk, int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("limit must be 1 to " + MAX_PAGE);
        }
        List<Token> page = walk.limit(limit + 1L).toList();
        return page.size() <= limit
                ? new TokenPage(page, null)
                : new TokenPage(page.subList(0, limit), page.get(limit - 1).id());
    }
}
