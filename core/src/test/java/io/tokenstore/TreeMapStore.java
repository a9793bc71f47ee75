package io.tokenstore;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** A correct store of another make than the published ones: one sorted map behind one lock. */
class TreeMapStore implements TokenStore {

    final TreeMap<TokenId, Token> tokens = new TreeMap<>();

    @Override
    public synchronized void add(Token token) {
        if (tokens.putIfAbsent(token.id(), token) != null) {
            throw new DuplicateTokenException();
        }
    }

    @Override
    public synchronized Optional<Token> find(TokenId id) {
        return Optional.ofNullable(tokens.get(id));
    }

    @Override
    public synchronized List<Token> list(Username owner, TokenId after, int limit) {
        Objects.requireNonNull(owner);
        if (limit < 1 || limit > MAX_LIST) {
            throw new IllegalArgumentException("limit");
        }
        return tokens.values().stream()
                .filter(token -> token.owner().equals(owner))
                .filter(token -> after == null || token.id().compareTo(after) > 0)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized boolean revoke(Username owner, TokenId id, Revocation how) {
        Objects.requireNonNull(owner);
        Objects.requireNonNull(how);
        Token token = tokens.get(id);
        if (token == null || !token.owner().equals(owner)) {
            return false;
        }
        if (token.revocation() == null) {
            tokens.put(id, token.withRevocation(how));
            return true;
        }
        return token.revocation().id().equals(how.id());
    }

    @Override
    public synchronized int revokeAll(Username owner, Revocation how) {
        Objects.requireNonNull(owner);
        Objects.requireNonNull(how);
        return (int) List.copyOf(tokens.values()).stream()
                .filter(token -> revoke(owner, token.id(), how))
                .count();
    }

    @Override
    public synchronized PurgePage purge(Instant endedBefore, TokenId after, int examine) {
        Objects.requireNonNull(endedBefore);
        if (examine < 1) {
            throw new IllegalArgumentException("examine");
        }
        List<Token> page = tokens.values().stream()
                .filter(token -> after == null || token.id().compareTo(after) > 0)
                .limit(examine)
                .toList();
        int removed = 0;
        for (Token token : page) {
            if (token.endsAt() != null && token.endsAt().isBefore(endedBefore)) {
                tokens.remove(token.id());
                removed++;
            }
        }
        return new PurgePage(
                removed,
                page.size() < examine ? null : page.get(page.size() - 1).id());
    }
}
