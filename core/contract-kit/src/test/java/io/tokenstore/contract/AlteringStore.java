package io.tokenstore.contract;

import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.fixtures.TreeMapStore;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A store that is right in all but one method, which writes or reads tokens otherwise than they are. */
final class AlteringStore extends TreeMapStore {

    /** The method, and the test of the kit that is about what it writes or reads. */
    enum Method {
        ADD("r1_a_token_is_found_as_it_was"),
        ADD_ALL("r25_each_token"),
        REVOKE("r6_a_revoked_token_tells"),
        REVOKE_ALL("r12_a_token_in_whatever_state"),
        ACTIVATE("r23_it_is_true_again"),
        FIND("r1_a_token_is_found_as_it_was"),
        FIND_ALL("r26_those_that_are_kept"),
        LIST("r14_tokens_are_listed_in_whatever_state"),
        SCAN("r21_a_walk_returns_every_token_of_every_owner");

        final String test;

        Method(String test) {
            this.test = test;
        }

        /** The tests of the other methods have one owner; other owners are in tests of their own. */
        boolean canAlter(String component) {
            return component.startsWith("owner")
                    ? EnumSet.of(ADD, ADD_ALL, FIND, FIND_ALL, SCAN).contains(this)
                    : this != ACTIVATE || !component.matches("(by|reason|revocation|predecessor).*");
        }
    }

    private final Method altering;
    private final UnaryOperator<Token> alter;
    private boolean revokesAll;

    AlteringStore(Method altering, UnaryOperator<Token> alter) {
        this.altering = altering;
        this.alter = alter;
    }

    private Token in(Method method, Token token) {
        return method == altering ? alter.apply(token) : token;
    }

    private void written(Method by, TokenId id) {
        tokens.computeIfPresent(id, (key, token) -> in(by, token));
    }

    @Override
    public synchronized void add(Token token) {
        super.add(in(Method.ADD, token));
    }

    @Override
    public synchronized void addAll(Collection<Token> many) {
        if (many.size() > MAX_PAGE) {
            throw new IllegalArgumentException();
        }
        many.forEach(token -> super.add(in(Method.ADD_ALL, token)));
    }

    @Override
    public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
        boolean wasLive = super.find(id).map(Token::revocation).isEmpty();
        boolean revoked = super.revoke(owner, id, revocation);
        if (revoked && wasLive) {
            written(revokesAll ? Method.REVOKE_ALL : Method.REVOKE, id);
        }
        return revoked;
    }

    @Override
    public synchronized int revokeAll(Owner owner, Revocation revocation) {
        revokesAll = true;
        try {
            return super.revokeAll(owner, revocation);
        } finally {
            revokesAll = false;
        }
    }

    @Override
    public synchronized boolean activate(Owner owner, TokenId id) {
        boolean activated = super.activate(owner, id);
        if (activated) {
            written(Method.ACTIVATE, id);
        }
        return activated;
    }

    @Override
    public synchronized Optional<Token> find(TokenId id) {
        return super.find(id).map(token -> in(Method.FIND, token));
    }

    @Override
    public synchronized Map<TokenId, Token> findAll(Collection<TokenId> ids) {
        Map<TokenId, Token> found = new HashMap<>();
        ids.forEach(id -> super.find(id).ifPresent(token -> found.put(id, in(Method.FIND_ALL, token))));
        return Map.copyOf(found);
    }

    @Override
    public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
        return page(Method.LIST, super.list(owner, after, limit));
    }

    @Override
    public synchronized TokenPage scan(TokenId after, int limit) {
        return page(Method.SCAN, super.scan(after, limit));
    }

    private TokenPage page(Method method, TokenPage page) {
        List<Token> read =
                page.tokens().stream().map(token -> in(method, token)).toList();
        return new TokenPage(read, page.resumeAfter());
    }
}
