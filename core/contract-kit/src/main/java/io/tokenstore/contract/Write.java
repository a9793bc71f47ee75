package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenStore;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/** The ways to change a kept token, each for the rounds of a duel. */
enum Write {
    ADD {
        @Override
        Change change(TokenStore store, Token token, Revocation revocation) {
            return new Change(null, token, () -> store.add(token));
        }
    },
    ADD_ALL {
        @Override
        Change change(TokenStore store, Token token, Revocation revocation) {
            Token other = expiringLike(token);
            return new Change(null, token, () -> store.addAll(List.of(other, token)));
        }
    },
    REVOKE {
        @Override
        Change change(TokenStore store, Token token, Revocation revocation) {
            return new Change(
                    token, token.withRevocation(revocation), () -> store.revoke(token.owner(), token.id(), revocation));
        }
    },
    REVOKE_ALL {
        @Override
        Change change(TokenStore store, Token token, Revocation revocation) {
            return new Change(
                    token, token.withRevocation(revocation), () -> store.revokeAll(token.owner(), revocation));
        }
    },
    ACTIVATE {
        @Override
        Change change(TokenStore store, Token token, Revocation revocation) {
            return new Change(
                    token,
                    token.toBuilder().predecessor(null).build(),
                    () -> store.activate(token.owner(), token.id()));
        }
    },
    PURGE {
        @Override
        Change change(TokenStore store, Token token, Revocation revocation) {
            return new Change(
                    token, null, () -> Walk.purge(store, revocation.at().plus(1, ChronoUnit.MICROS)));
        }
    };

    /** A token before and after a write; null if it is not kept. */
    record Change(Token before, Token after, Runnable write) {

        /** Returns the token in the state that is not null. */
        Token token() {
            return before == null ? after : before;
        }
    }

    abstract Change change(TokenStore store, Token token, Revocation revocation);

    /** Puts a token into its state before the write. */
    Change prepare(TokenStore store, int round) {
        // A purge in one round must not remove what the other ways wrote in earlier rounds.
        Instant end = this == PURGE ? end(round).minus(Duration.ofDays(3_650)) : end(round);
        Revocation revocation = new Revocation(
                new UUID(1, round), end, new Actor(Actor.Kind.ADMIN, "ops", id("token-of-ops")), "leaked");
        Token token = live(new Owner("user" + round), "t" + round).toBuilder()
                .predecessor(id("old"))
                .expiresAt(end)
                .build();
        boolean isRevokedBefore = this == PURGE || this == ADD && round / 2 % 2 == 0;
        Change change = change(store, isRevokedBefore ? token.withRevocation(revocation) : token, revocation);
        if (change.before() != null) {
            store.add(change.before());
        }
        return change;
    }

    /** Returns the latest end of a round's token. */
    static Instant end(int round) {
        return NOW.plusSeconds(round);
    }

    private static Token expiringLike(Token token) {
        return Token.builder(id(token.id() + "-other"), token.owner(), "other", NOW)
                .expiresAt(token.expiresAt())
                .build();
    }
}
