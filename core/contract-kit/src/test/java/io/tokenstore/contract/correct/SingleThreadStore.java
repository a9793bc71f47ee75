package io.tokenstore.contract.correct;

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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A correct store whose calls are messages to one thread, and whose answers are futures. */
public final class SingleThreadStore implements TokenStore, AutoCloseable {

    private final TokenStore store = new TreeMapStore();
    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    private <T> T ask(Callable<T> call) {
        try {
            return thread.submit(call).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TokenStoreException("interrupted while waiting for the answer", Applied.UNKNOWN, e);
        }
    }

    @Override
    public void add(Token token) {
        ask(() -> {
            store.add(token);
            return null;
        });
    }

    @Override
    public Optional<Token> find(TokenId id) {
        return ask(() -> store.find(id));
    }

    @Override
    public TokenPage list(Owner owner, TokenId after, int limit) {
        return ask(() -> store.list(owner, after, limit));
    }

    @Override
    public TokenPage scan(TokenId after, int limit) {
        return ask(() -> store.scan(after, limit));
    }

    @Override
    public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
        return ask(() -> store.revoke(owner, id, revocation));
    }

    @Override
    public int revokeAll(Owner owner, Revocation revocation) {
        return ask(() -> store.revokeAll(owner, revocation));
    }

    @Override
    public boolean activate(Owner owner, TokenId id) {
        return ask(() -> store.activate(owner, id));
    }

    @Override
    public PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
        return ask(() -> store.purge(endedBefore, after, maxExamined));
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
