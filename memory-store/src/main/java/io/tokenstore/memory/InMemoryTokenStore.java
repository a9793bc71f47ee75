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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tokens in memory, for tests and for hosts of a single process: they are gone when the process ends.
 *
 * <p>Safe to call from many threads. {@link #find}, {@link #list} and the two ways of revoking never block: a revocation is one
 * compare-and-set. {@link #add} and the removals of {@link #purge} exclude each other.
 */
public final class InMemoryTokenStore implements TokenStore {

    private final int capacity;
    private final ReentrantLock membership = new ReentrantLock();
    private final Map<String, Entry> byId = new ConcurrentHashMap<>();
    private final ConcurrentNavigableMap<TokenId, Entry> inIdOrder = new ConcurrentSkipListMap<>();
    private final ConcurrentNavigableMap<OwnedId, Entry> inOwnerOrder = new ConcurrentSkipListMap<>();

    /** Where a token stands among its owner's; the empty id is before all of them. */
    private record OwnedId(Username owner, String id) implements Comparable<OwnedId> {
        @Override
        public int compareTo(OwnedId other) {
            int byOwner = owner.compareTo(other.owner);
            return byOwner == 0 ? id.compareTo(other.id) : byOwner;
        }
    }

    /** Creates an empty store that is bounded by the memory alone. */
    public InMemoryTokenStore() {
        this(Integer.MAX_VALUE);
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
        this.capacity = capacity;
    }

    /**
     * {@inheritDoc}
     *
     * @throws TokenStoreException with {@link TokenStoreException.Applied#NO} if the store is full
     */
    @Override
    public void add(Token token) {
        Entry entry = new Entry(token);
        String id = token.id().value();
        membership.lock();
        try {
            if (byId.containsKey(id)) {
                throw new DuplicateTokenException();
            }
            if (byId.size() >= capacity) {
                throw new TokenStoreException("the store is full", TokenStoreException.Applied.NO, null);
            }
            inIdOrder.put(token.id(), entry);
            inOwnerOrder.put(new OwnedId(token.owner(), id), entry);
            byId.put(id, entry);
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
        for (Entry entry : entriesOf(owner, after == null ? "" : after.value())) {
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
        return entry != null && entry.added().owner().equals(owner) && entry.revoke(how);
    }

    @Override
    public int revokeAll(Username owner, Revocation how) {
        Objects.requireNonNull(how, "how");
        int revoked = 0;
        for (Entry entry : entriesOf(owner, "")) {
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
        NavigableMap<TokenId, Entry> rest = after == null ? inIdOrder : inIdOrder.tailMap(after, false);
        int examined = 0;
        int removed = 0;
        for (Entry entry : rest.values()) {
            removed += entry.endedBefore(endedBefore) && remove(entry, endedBefore) ? 1 : 0;
            if (++examined == examine) {
                return new PurgePage(removed, entry.added().id());
            }
        }
        return new PurgePage(removed, null);
    }

    private boolean remove(Entry entry, Instant endedBefore) {
        membership.lock();
        try {
            if (!entry.removeIfEndedBefore(endedBefore)) {
                return false;
            }
            TokenId id = entry.added().id();
            byId.remove(id.value());
            inOwnerOrder.remove(new OwnedId(entry.added().owner(), id.value()));
            inIdOrder.remove(id);
            return true;
        } finally {
            membership.unlock();
        }
    }

    private Collection<Entry> entriesOf(Username owner, String after) {
        OwnedId first = new OwnedId(owner, after);
        OwnedId beyondLast = new OwnedId(owner, "\u007F");
        return inOwnerOrder.subMap(first, false, beyondLast, false).values();
    }
}
