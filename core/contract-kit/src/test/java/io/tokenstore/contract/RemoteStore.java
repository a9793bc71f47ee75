package io.tokenstore.contract;

import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.contract.FailureContract.Fate;
import io.tokenstore.fixtures.TreeMapStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A correct store that sends each call to a database in one request, whose fate is asked for. */
class RemoteStore implements TokenStore {

    final TreeMapStore database = new TreeMapStore();
    private final Supplier<Fate> fates;

    RemoteStore(Supplier<Fate> fates) {
        this.fates = fates;
    }

    /** As a driver says it: of a request that was never sent it knows that. */
    static final class ConnectionLost extends RuntimeException {
        private static final long serialVersionUID = 1;

        final boolean wasSent;

        ConnectionLost(boolean wasSent) {
            super("connection reset");
            this.wasSent = wasSent;
        }
    }

    /** One request; what it throws, if a database does. */
    final <T> T request(Supplier<T> call) {
        Fate fate = fates.get();
        if (fate == Fate.REQUEST_LOST) {
            throw new ConnectionLost(false);
        }
        T reply = call.get();
        if (fate == Fate.REPLY_LOST) {
            throw new ConnectionLost(true);
        }
        return reply;
    }

    /** Returns or throws what a method does if its request failed. */
    <T> T failed(String method, ConnectionLost lost, List<Token> given) {
        throw new TokenStoreException(
                "the database failed to " + method, lost.wasSent ? Applied.UNKNOWN : Applied.NO, lost);
    }

    <T> T answer(String method, List<Token> given, Supplier<T> call) {
        try {
            return request(call);
        } catch (ConnectionLost e) {
            return failed(method, e, given);
        }
    }

    @Override
    public void add(Token token) {
        answer("add", List.of(token), () -> {
            database.add(token);
            return true;
        });
    }

    @Override
    public Optional<Token> find(TokenId id) {
        return answer("find", List.of(), () -> database.find(id));
    }

    @Override
    public TokenPage list(Owner owner, TokenId after, int limit) {
        return answer("list", List.of(), () -> database.list(owner, after, limit));
    }

    @Override
    public TokenPage scan(TokenId after, int limit) {
        return answer("scan", List.of(), () -> database.scan(after, limit));
    }

    @Override
    public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
        return answer("revoke", List.of(), () -> database.revoke(owner, id, revocation));
    }

    @Override
    public int revokeAll(Owner owner, Revocation revocation) {
        return answer("revokeAll", List.of(), () -> database.revokeAll(owner, revocation));
    }

    @Override
    public boolean activate(Owner owner, TokenId id) {
        return answer("activate", List.of(), () -> database.activate(owner, id));
    }

    @Override
    public PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
        return answer("purge", List.of(), () -> database.purge(endedBefore, after, maxExamined));
    }
}
