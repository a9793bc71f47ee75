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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Repeats a failed call, as a host does with a store that gives up if other calls are in the way. It repeats a call that
 * certainly was not applied, or that may always be repeated. Any other failure propagates.
 */
final class RetryingStore implements TokenStore {

    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** One try of a store with its own deadline may last as long. */
    private static final int MIN_TRIES = 6;

    private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final TokenStore store;

    RetryingStore(TokenStore store) {
        this.store = store;
    }

    /** @param always whether the call may also be repeated if it is not known whether it was applied */
    static <T> T repeat(boolean always, Supplier<T> call) {
        long start = System.nanoTime();
        for (int tries = 1; ; tries++) {
            try {
                return call.get();
            } catch (DuplicateTokenException e) {
                throw e;
            } catch (TokenStoreException e) {
                if ((e.applied() != Applied.NO && !always)
                        || tries >= MIN_TRIES && System.nanoTime() - start > MAX_NANOS
                        || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
            }
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(1, LONGEST_PAUSE_NANOS));
        }
    }

    @Override
    public void add(Token token) {
        repeat(false, () -> {
            store.add(token);
            return true;
        });
    }

    @Override
    public void addAll(Collection<Token> tokens) {
        List<Token> missing = new ArrayList<>(tokens);
        repeat(true, () -> {
            try {
                store.addAll(missing);
            } catch (DuplicateTokenException e) {
                throw e;
            } catch (TokenStoreException e) {
                missing.removeIf(token -> find(token.id()).filter(token::equals).isPresent()); // Some may be kept.
                throw e;
            }
            return true;
        });
    }

    @Override
    public Optional<Token> find(TokenId id) {
        return repeat(true, () -> store.find(id));
    }

    @Override
    public Map<TokenId, Token> findAll(Collection<TokenId> ids) {
        return repeat(true, () -> store.findAll(ids));
    }

    @Override
    public TokenPage list(Owner owner, @Nullable TokenId after, int limit) {
        return repeat(true, () -> store.list(owner, after, limit));
    }

    @Override
    public TokenPage scan(@Nullable TokenId after, int limit) {
        return repeat(true, () -> store.scan(after, limit));
    }

    @Override
    public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
        return repeat(true, () -> store.revoke(owner, id, revocation));
    }

    @Override
    public int revokeAll(Owner owner, Revocation revocation) {
        return repeat(true, () -> store.revokeAll(owner, revocation));
    }

    @Override
    public boolean activate(Owner owner, TokenId id) {
        return repeat(true, () -> store.activate(owner, id));
    }

    @Override
    public PurgePage purge(Instant endedBefore, @Nullable TokenId after, int maxExamined) {
        return repeat(false, () -> store.purge(endedBefore, after, maxExamined));
    }

    @Override
    public boolean inHostTransaction() {
        return store.inHostTransaction();
    }
}
