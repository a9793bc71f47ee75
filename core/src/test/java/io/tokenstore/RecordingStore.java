package io.tokenstore;

import java.time.Instant;
import java.util.ArrayList;
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

    /** Whether a token is found as it was before its revocation. */
    boolean stale;

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
        return super.find(id).map(token -> stale ? token.withRevocation(null) : token);
    }

    @Override
    public synchronized List<Token> list(Username owner, TokenId after, int limit) {
        ask("list");
        return super.list(owner, after, limit);
    }

    @Override
    public synchronized boolean revoke(Username owner, TokenId id, Revocation how) {
        ask("revoke");
        return super.revoke(owner, id, how);
    }

    @Override
    public synchronized int revokeAll(Username owner, Revocation how) {
        ask("revokeAll");
        return super.revokeAll(owner, how);
    }

    @Override
    public synchronized PurgePage purge(Instant endedBefore, TokenId after, int examine) {
        ask("purge");
        return super.purge(endedBefore, after, examine);
    }

    @Override
    public boolean inHostTransaction() {
        return inHostTransaction;
    }

    private void ask(String method) {
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
