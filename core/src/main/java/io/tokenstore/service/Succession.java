package io.tokenstore.service;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenState;
import io.tokenstore.TokenStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a token by a successor, so that at most one successor of a token ever becomes valid.
 *
 * <p>A rotation only adds a successor, which names its predecessor and is not valid yet. At the successor's first use, two
 * single-row writes follow, which may be repeated after any failure:
 *
 * <ol>
 *   <li>The predecessor is revoked by an act that is named after the successor. The first revocation of a token wins
 *       permanently, so this succeeds for only one successor, and for none if anybody else revoked the predecessor first.
 *   <li>The successor is activated, unless it was revoked meanwhile.
 * </ol>
 */
final class Succession {

    /** The most successors of one token that wait for their first use. */
    static final int MAX_PENDING = 8;

    private static final UUID FIRST_USE = new UUID(0, 0);

    private Succession() {}

    /**
     * Returns the act by which a successor's first use revokes its predecessor. No client's request has its id, since a client's
     * actor is never of this kind.
     */
    static Revocation firstUseOf(Token successor, Instant now) {
        Actor by = new Actor(Actor.Kind.ROTATION, successor.owner().value(), successor.id());
        return new Revocation(RevocationIds.of(by, FIRST_USE), now, by, null);
    }

    /** Returns the successor whose first use replaced a token. */
    static Optional<TokenId> successorOf(Token token) {
        return Optional.ofNullable(token.revocation())
                .map(Revocation::by)
                .filter(by -> by.kind() == Actor.Kind.ROTATION)
                .map(Actor::token);
    }

    /**
     * Revokes a token, or the last of its successors if {@code andSuccessors} is true and the token was replaced.
     *
     * @return the token that carries the revocation; null if none does
     */
    static @Nullable TokenId revoke(
            TokenStore store, Owner owner, TokenId id, Revocation revocation, boolean andSuccessors) {
        if (andSuccessors && store.inHostTransaction()) {
            throw new IllegalStateException(
                    "revoke successors outside the host's transaction: the transaction may see an old state");
        }
        @Nullable TokenId last = id;
        while (last != null && !store.revoke(owner, last, revocation)) {
            last = andSuccessors
                    ? store.find(last)
                            .filter(token -> token.owner().equals(owner))
                            .flatMap(Succession::successorOf)
                            .orElse(null)
                    : null;
        }
        return last;
    }

    /** Returns a token's oldest waiting successors, as many as must go before another one is added. */
    static List<Token> tooManyBesidesAnother(TokenStore store, Owner owner, TokenId predecessor, Instant now) {
        List<Token> pending = new ArrayList<>();
        @Nullable TokenId after = null;
        do {
            TokenPage page = store.list(owner, after, TokenStore.MAX_PAGE);
            page.tokens().stream()
                    .filter(token -> isWaiting(token, predecessor, now))
                    .forEach(pending::add);
            after = page.resumeAfter();
        } while (after != null);
        return pending.stream()
                .sorted(Comparator.comparing(Token::createdAt).thenComparing(Token::id))
                .limit(Math.max(0, pending.size() - MAX_PENDING + 1))
                .toList();
    }

    /** Returns whether a token is a successor of another one and waits for its first use. */
    static boolean isWaiting(Token token, TokenId predecessor, Instant now) {
        return predecessor.equals(token.predecessor()) && token.stateAt(now) == TokenState.PENDING;
    }
}
