package io.tokenstore.service;

import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.fixtures.TreeMapStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A store that tells which of its methods were called, and fails when told to. */
class RecordingStore extends TreeMapStore {

    /** The methods that were called, in order. */
    final List<String> asked = new ArrayList<>();

    /** What a method is to throw. */
    final Map<String, Throwable> failing = new HashMap<>();

    boolean inHostTransaction;

    /** Keeps a token without having been asked. */
    synchronized void given(Token token) {
        super.add(token);
    }

    @Override
    public synchronized void add(Token token) {
        ask("add");
        super.add(token);
    }

    @Override
    public synchronized Optional<Token> find(TokenId id) {
        ask("find");
        return super.find(id);
    }

    @Override
    public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
        ask("list");
        return super.list(owner, after, limit);
    }

    @Override
    public synchronized TokenPage scan(TokenId after, int limit) {
        ask("scan");
        return super.scan(after, limit);
    }

    @Override
    public synchronized boolean activate(Owner owner, TokenId id) {
        ask("activate");
        return super.activate(owner, id);
    }

    @Override
    public synchronized void addAll(Collection<Token> tokens) {
        ask("addAll");
        super.addAll(tokens);
    }

    @Override
    public synchronized Map<TokenId, Token> findAll(Collection<TokenId> ids) {
        ask("findAll");
        return super.findAll(ids);
    }

    @Override
    public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
        ask("revoke");
        return super.revoke(owner, id, revocation);
    }

    @Override
    public synchronized int revokeAll(Owner owner, Revocation revocation) {
        ask("revokeAll");
        return super.revokeAll(owner, revocation);
    }

    @Override
    public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
        ask("purge");
        return super.purge(endedBefore, after, maxExamined);
    }

    @Override
    public boolean inHostTransaction() {
        return inHostTransaction;
    }

    void ask(String method) {
        asked.add(method);
        if (failing.containsKey(method)) {
            sneak(failing.get(method));
        }
    }

    /** Throws what the compiler would have declared. */
    @SuppressWarnings("unchecked")
    static <E extends Throwable> void sneak(Throwable failure) throws E {
        throw (E) failure;
    }
}
