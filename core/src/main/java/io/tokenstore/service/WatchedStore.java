package io.tokenstore.service;

import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Invalidates what was remembered of a token after each write to it, before the write returns, even if the write failed. */
record WatchedStore(TokenStore store, RecentLooks recent) implements TokenStore {

    @Override
    public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
        try {
            return store.revoke(owner, id, revocation);
        } finally {
            recent.forget(id);
        }
    }

    @Override
    public int revokeAll(Owner owner, Revocation revocation) {
        try {
            return store.revokeAll(owner, revocation);
        } finally {
            recent.forgetAll(owner);
        }
    }

    @Override
    public boolean activate(Owner owner, TokenId id) {
        return store.activate(owner, id); // A token that waits for this is never remembered.
    }

    @Override
    public void add(Token token) {
        store.add(token);
    }

    @Override
    public void addAll(Collection<Token> tokens) {
        store.addAll(tokens);
    }

    @Override
    public Optional<Token> find(TokenId id) {
        return store.find(id);
    }

    @Override
    public Map<TokenId, Token> findAll(Collection<TokenId> ids) {
        return store.findAll(ids);
    }

    @Override
    public TokenPage list(Owner owner, @Nullable TokenId after, int limit) {
        return store.list(owner, after, limit);
    }

    @Override
    public TokenPage scan(@Nullable TokenId after, int limit) {
        return store.scan(after, limit);
    }

    @Override
    public PurgePage purge(Instant endedBefore, @Nullable TokenId after, int maxExamined) {
        return store.purge(endedBefore, after, maxExamined);
    }

    @Override
    public boolean inHostTransaction() {
        return store.inHostTransaction();
    }
}
