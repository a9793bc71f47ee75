package io.tokenstore.contract;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** A correct store without a lock: one concurrent map, whose entries are replaced by compare-and-set. */
class ConcurrentStore implements TokenStore {

    ConcurrentSkipListMap<TokenId, Token> tokens = new ConcurrentSkipListMap<>();

    @Override
    public void add(Token token) {
        if (tokens.putIfAbsent(token.id(), token) != null) {
            throw new DuplicateTokenException();
        }
    }

    @Override
    public Optional<Token> find(TokenId id) {
        return Optional.ofNullable(tokens.get(id));
    }

    @Override
    public TokenPage list(Owner owner, TokenId after, int limit) {
        return page(isOf(owner), after, limit);
    }

    @Override
    public TokenPage scan(TokenId after, int limit) {
        return page(token -> true, after, limit);
    }

    private TokenPage page(Predicate<Token> wanted, TokenId after, int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("limit");
        }
        List<Token> page = examined(wanted, after, limit);
        return new TokenPage(page, endOf(page, limit));
    }

    private List<Token> examined(Predicate<Token> wanted, TokenId after, int most) {
        return (after == null ? tokens : tokens.tailMap(after, false))
                .values().stream().filter(wanted).limit(most).toList();
    }

    private static TokenId endOf(List<Token> page, int most) {
        return page.size() < most ? null : page.get(page.size() - 1).id();
    }

    static Predicate<Token> isOf(Owner owner) {
        Objects.requireNonNull(owner);
        return token -> token.owner().equals(owner);
    }

    static boolean hasEnded(Token token, Instant before) {
        return token.endsAt() != null && token.endsAt().isBefore(before);
    }

    static boolean isRevokedBy(Revocation revocation, Token token) {
        return token != null
                && token.revocation() != null
                && token.revocation().id().equals(revocation.id());
    }

    static Token activated(Token token) {
        return token.toBuilder().predecessor(null).build();
    }

    /** Returns the owner's token as it is after the change, or null if there is none. */
    Token change(Owner owner, TokenId id, UnaryOperator<Token> change) {
        Predicate<Token> own = isOf(owner);
        Objects.requireNonNull(id);
        Token changed = tokens.computeIfPresent(id, (key, kept) -> own.test(kept) ? change.apply(kept) : kept);
        return changed != null && own.test(changed) ? changed : null;
    }

    @Override
    public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
        Objects.requireNonNull(revocation);
        Token now = change(owner, id, kept -> kept.revocation() == null ? kept.withRevocation(revocation) : kept);
        return isRevokedBy(revocation, now);
    }

    @Override
    public int revokeAll(Owner owner, Revocation revocation) {
        Objects.requireNonNull(revocation);
        List<Token> live;
        do {
            live = tokens.values().stream()
                    .filter(isOf(owner))
                    .filter(token -> token.revocation() == null)
                    .toList();
            live.forEach(token -> revoke(owner, token.id(), revocation));
        } while (!live.isEmpty());
        return (int) tokens.values().stream()
                .filter(isOf(owner))
                .filter(token -> isRevokedBy(revocation, token))
                .count();
    }

    @Override
    public boolean activate(Owner owner, TokenId id) {
        Token now = change(owner, id, kept -> kept.revocation() == null ? activated(kept) : kept);
        return now != null && now.revocation() == null;
    }

    @Override
    public PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
        Objects.requireNonNull(endedBefore);
        if (maxExamined < 1) {
            throw new IllegalArgumentException("maxExamined");
        }
        List<Token> page = examined(token -> true, after, maxExamined);
        return new PurgePage(remove(page, endedBefore), endOf(page, maxExamined));
    }

    /** Returns how many of the tokens that were examined were removed. */
    int remove(List<Token> examined, Instant endedBefore) {
        return (int) examined.stream()
                .filter(token -> hasEnded(token, endedBefore))
                .filter(token -> tokens.remove(token.id(), token))
                .count();
    }
}
