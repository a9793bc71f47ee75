package io.tokenstore.contract;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.fixtures.TreeMapStore;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A correct store that gives up if another write came between, as a database with serializable transactions does. */
final class OptimisticStore implements TokenStore {

    private final TreeMapStore database = new TreeMapStore();
    private final AtomicLong version = new AtomicLong();

    private <T> T write(Supplier<T> write) {
        long seen = version.get();
        Thread.yield(); // It would read here.
        synchronized (database) {
            if (!version.compareAndSet(seen, seen + 1)) {
                throw new TokenStoreException("another write came between", Applied.NO, null);
            }
            return write.get();
        }
    }

    @Override
    public void add(Token token) {
        boolean added = write(() -> {
            try {
                database.add(token);
                return true;
            } catch (DuplicateTokenException e) {
                return false;
            }
        });
        if (!added) {
            throw new DuplicateTokenException();
        }
    }

    @Override
    public Optional<Token> find(TokenId id) {
        return database.find(id);
    }

    @Override
    public TokenPage list(Owner owner, TokenId after, int limit) {
        return database.list(owner, after, limit);
    }

    @Override
    public TokenPage scan(TokenId after, int limit) {
        return database.scan(after, limit);
    }

    @Override
    public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
        return write(() -> database.revoke(owner, id, revocation));
    }

    @Override
    public int revokeAll(Owner owner, Revocation revocation) {
        return write(() -> database.revokeAll(owner, revocation));
    }

    @Override
    public boolean activate(Owner owner, TokenId id) {
        return write(() -> database.activate(owner, id));
    }

    @Override
    public PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
        return write(() -> database.purge(endedBefore, after, maxExamined));
    }
}
