package io.tokenstore.contract;

import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.fixtures.TreeMapStore;
import java.time.Instant;
import java.util.Optional;

/** A correct store of one node: what it keeps is in a database that other nodes share, and that carries out a call at once. */
class NodeStore implements TokenStore {

    final TreeMapStore database;

    NodeStore(TreeMapStore database) {
        this.database = database;
    }

    @Override
    public void add(Token token) {
        database.add(token);
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
        return database.revoke(owner, id, revocation);
    }

    @Override
    public int revokeAll(Owner owner, Revocation revocation) {
        return database.revokeAll(owner, revocation);
    }

    @Override
    public boolean activate(Owner owner, TokenId id) {
        return database.activate(owner, id);
    }

    @Override
    public PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
        return database.purge(endedBefore, after, maxExamined);
    }
}
