package io.tokenstore.contract.correct;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A correct store whose {@code revokeAll} writes one mark, however many tokens the owner has: the first mark that is younger
 * than a token revokes it, unless the token was revoked by itself before.
 */
public final class WatermarkStore extends WalkedStore {

    /** The token has a revocation of its own only if no mark revoked it before. */
    private record Row(Token token, long number) {}

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final NavigableMap<TokenId, Row> rows = new TreeMap<>();
    private final Map<Owner, NavigableMap<Long, Revocation>> marks = new HashMap<>();
    private long lastNumber;

    private static <T> T holding(Lock lock, Supplier<T> call) {
        lock.lock();
        try {
            return call.get();
        } finally {
            lock.unlock();
        }
    }

    private Token asMarked(Row row) {
        if (row == null
                || row.token().revocation() != null
                || !marks.containsKey(row.token().owner())) {
            return row == null ? null : row.token();
        }
        Map.Entry<Long, Revocation> mark = marks.get(row.token().owner()).higherEntry(row.number());
        return mark == null ? row.token() : row.token().withRevocation(mark.getValue());
    }

    @Override
    public void add(Token token) {
        holding(lock.writeLock(), () -> {
            if (rows.putIfAbsent(token.id(), new Row(token, lastNumber + 1)) != null) {
                throw new DuplicateTokenException();
            }
            return ++lastNumber;
        });
    }

    @Override
    public Optional<Token> find(TokenId id) {
        return holding(lock.readLock(), () -> Optional.ofNullable(asMarked(rows.get(id))));
    }

    @Override
    public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
        Objects.requireNonNull(owner);
        Objects.requireNonNull(revocation);
        return holding(lock.writeLock(), () -> {
            Row row = rows.get(id);
            Token token = asMarked(row);
            if (token == null || !token.owner().equals(owner)) {
                return false;
            }
            if (token.revocation() == null) {
                rows.put(id, new Row(token.withRevocation(revocation), row.number()));
                return true;
            }
            return token.revocation().id().equals(revocation.id());
        });
    }

    @Override
    public int revokeAll(Owner owner, Revocation revocation) {
        Objects.requireNonNull(owner);
        Objects.requireNonNull(revocation);
        return holding(lock.writeLock(), () -> {
            marks.computeIfAbsent(owner, key -> new TreeMap<>()).put(++lastNumber, revocation);
            return (int) snapshotAfter(null)
                    .filter(token -> token.owner().equals(owner))
                    .filter(token -> token.revocation().id().equals(revocation.id()))
                    .count();
        });
    }

    @Override
    public boolean activate(Owner owner, TokenId id) {
        Objects.requireNonNull(owner);
        return holding(lock.writeLock(), () -> {
            Row row = rows.get(id);
            Token token = asMarked(row);
            if (token == null || !token.owner().equals(owner) || token.revocation() != null) {
                return false;
            }
            rows.put(id, new Row(token.toBuilder().predecessor(null).build(), row.number()));
            return true;
        });
    }

    @Override
    boolean removeIfEnded(TokenId id, Instant endedBefore) {
        return holding(lock.writeLock(), () -> {
            Token token = asMarked(rows.get(id));
            return token != null && ended(token, endedBefore) && rows.remove(id) != null;
        });
    }

    @Override
    Stream<Token> snapshotAfter(TokenId after) {
        return holding(lock.readLock(), () -> {
            List<Token> tokens = new ArrayList<>();
            (after == null ? rows : rows.tailMap(after, false)).values().forEach(row -> tokens.add(asMarked(row)));
            return tokens.stream();
        });
    }
}
