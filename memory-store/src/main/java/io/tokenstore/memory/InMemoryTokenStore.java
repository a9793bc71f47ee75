package io.tokenstore.memory;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.Username;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tokens in memory, for tests and for hosts of a single process: they are gone when the process ends.
 *
 * <p>Safe to call from many threads. {@link #find}, {@link #list} and the two ways of revoking never block: a revocation is one
 * compare-and-set. {@link #add} and the removals of {@link #purge} exclude each other. Of the ids that have one {@link String#hashCode},
 * each costs as long a search as there are of them: let no stranger choose ids by the thousand.
 */
public final class InMemoryTokenStore implements TokenStore {

    private final int capacity;
    private final ReentrantLock membership = new ReentrantLock();
    private final EntriesById byId = new EntriesById();
    private final Map<Username, OwnedEntries> byOwner = new ConcurrentHashMap<>();

    /** Creates an empty store that is bounded by the memory alone, up to 268,435,456 tokens. */
    public InMemoryTokenStore() {
        this(EntriesById.MOST);
    }

    /**
     * Creates an empty store that refuses tokens when it is full; it never evicts one, because a revoked token that is
     * forgotten could come back.
     *
     * @param capacity the most tokens to keep, in whatever state, 1 or more
     * @throws IllegalArgumentException if {@code capacity} is less than 1
     */
    public InMemoryTokenStore(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be 1 or more");
        }
        this.capacity = Math.min(capacity, EntriesById.MOST);
    }

    /**
     * {@inheritDoc}
     *
     * @throws TokenStoreException with {@link TokenStoreException.Applied#NO} if the store is full
     */
    @Override
    public void add(Token token) {
        membership.lock();
        try {
            if (byId.get(token.id().value()) != null) {
                throw new DuplicateTokenException();
            }
            if (byId.size() >= capacity) {
                throw new TokenStoreException("the store is full", TokenStoreException.Applied.NO, null);
            }
            OwnedEntries owned = byOwner.computeIfAbsent(token.owner(), OwnedEntries::new);
            Entry entry = new Entry(token, owned.owner());
            owned.add(entry);
            byId.add(entry);
        } finally {
            membership.unlock();
        }
    }

    @Override
    public Optional<Token> find(TokenId id) {
        Entry entry = byId.get(id.value());
        return entry == null ? Optional.empty() : Optional.ofNullable(entry.current());
    }

    @Override
    public List<Token> list(Username owner, @Nullable TokenId after, int limit) {
        if (limit < 1 || limit > MAX_LIST) {
            throw new IllegalArgumentException("limit must be 1 to " + MAX_LIST);
        }
        List<Token> page = new ArrayList<>();
        for (Entry entry : entriesOf(owner, after)) {
            Token token = entry.current();
            if (token != null) {
                page.add(token);
            }
            if (page.size() == limit) {
                break;
            }
        }
        return List.copyOf(page);
    }

    @Override
    public boolean revoke(Username owner, TokenId id, Revocation how) {
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(how, "how");
        Entry entry = byId.get(id.value());
        return entry != null && entry.owner().equals(owner) && entry.revoke(how);
    }

    @Override
    public int revokeAll(Username owner, Revocation how) {
        Objects.requireNonNull(how, "how");
        int revoked = 0;
        for (Entry entry : entriesOf(owner, null)) {
            revoked += entry.revoke(how) ? 1 : 0;
        }
        return revoked;
    }

    @Override
    public PurgePage purge(Instant endedBefore, @Nullable TokenId after, int examine) {
        Objects.requireNonNull(endedBefore, "endedBefore");
        if (examine < 1) {
            throw new IllegalArgumentException("examine must be 1 or more");
        }
        List<Entry> examined = byId.list(after == null ? null : after.value(), examine);
        int removed = 0;
        for (Entry entry : examined) {
            removed += entry.endedBefore(endedBefore) && remove(entry, endedBefore) ? 1 : 0;
        }
        return new PurgePage(
                removed,
                examined.size() < examine
                        ? null
                        : new TokenId(examined.get(examine - 1).id()));
    }

    private boolean remove(Entry entry, Instant endedBefore) {
        membership.lock();
        try {
            if (!entry.removeIfEndedBefore(endedBefore)) {
                return false;
            }
            byId.remove(entry);
            byOwner.computeIfPresent(entry.owner(), (owner, owned) -> owned.removed() ? null : owned);
            return true;
        } finally {
            membership.unlock();
        }
    }

    private List<Entry> entriesOf(Username owner, @Nullable TokenId after) {
        OwnedEntries owned = byOwner.get(owner);
        return owned == null ? List.of() : owned.after(after == null ? null : after.value());
    }
}
