package io.tokenstore.contract.correct;

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
import java.util.stream.Stream;

/** What several of the correct stores do alike: they walk over snapshots of their tokens, in the order of the ids. */
abstract class WalkedStore implements TokenStore {

    /** Returns what is kept after an id, or all, as it is at one moment. */
    abstract Stream<Token> snapshotAfter(TokenId after);

    /** Removes a token if it ended before an instant, in one atomic step, and returns whether it did. */
    abstract boolean removeIfEnded(TokenId id, Instant endedBefore);

    static boolean ended(Token token, Instant before) {
        return token.endsAt() != null && token.endsAt().isBefore(before);
    }

    @Override
    public TokenPage list(Owner owner, TokenId after, int limit) {
        Objects.requireNonNull(owner);
        requirePage(limit);
        return page(snapshotAfter(after).filter(token -> token.owner().equals(owner)), limit);
    }

    @Override
    public TokenPage scan(TokenId after, int limit) {
        requirePage(limit);
        return page(snapshotAfter(after), limit);
    }

    @Override
    public PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
        Objects.requireNonNull(endedBefore);
        if (maxExamined < 1) {
            throw new IllegalArgumentException("maxExamined");
        }
        TokenPage examined = page(snapshotAfter(after), Math.min(maxExamined, MAX_PAGE));
        int removed = 0;
        for (Token token : examined.tokens()) {
            if (ended(token, endedBefore) && removeIfEnded(token.id(), endedBefore)) {
                removed++;
            }
        }
        return new PurgePage(removed, examined.resumeAfter());
    }

    /** Token by token, until a fresh snapshot holds none that is not revoked. */
    @Override
    public int revokeAll(Owner owner, Revocation revocation) {
        Objects.requireNonNull(owner);
        Objects.requireNonNull(revocation);
        for (; ; ) {
            List<Token> own = snapshotAfter(null)
                    .filter(token -> token.owner().equals(owner))
                    .toList();
            List<Token> live =
                    own.stream().filter(token -> token.revocation() == null).toList();
            if (live.isEmpty()) {
                return (int) own.stream()
                        .filter(token -> token.revocation().id().equals(revocation.id()))
                        .count();
            }
            live.forEach(token -> revoke(owner, token.id(), revocation));
        }
    }

    static void requirePage(int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("limit");
        }
    }

    private static TokenPage page(Stream<Token> rest, int limit) {
        List<Token> page = rest.limit(limit).toList();
        return new TokenPage(
                page, page.size() < limit ? null : page.get(limit - 1).id());
    }
}
