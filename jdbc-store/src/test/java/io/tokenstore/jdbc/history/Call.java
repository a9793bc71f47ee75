package io.tokenstore.jdbc.history;

import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** One call as far as it concerns one token id: when it began and ended, and what it does there to be answered as it was. */
final class Call {

    /** What an id may have after the call has taken effect, by what it had before: nothing where the answer can't be. */
    private interface Effect {
        Set<Optional<Token>> on(Optional<Token> kept);
    }

    private static final Set<Optional<Token>> IMPOSSIBLE = Set.of();

    private final long began;
    private final long ended;
    private final boolean once;
    private final Effect effect;
    private final Object[] text;

    private Call(long began, long ended, boolean once, Effect effect, Object... text) {
        this.began = began;
        this.ended = ended;
        this.once = once;
        this.effect = effect;
        this.text = text;
    }

    static Call add(long began, long ended, Token token, boolean added) {
        Effect effect = kept -> {
            if (kept.isPresent() == added) {
                return IMPOSSIBLE;
            }
            return Set.of(added ? Optional.of(token) : kept);
        };
        return new Call(began, ended, added, effect, "add", token, added);
    }

    /** A call that did nothing here, and whose answer says nothing of this id. */
    static Call nothing(long began, long ended) {
        return new Call(began, ended, false, Set::of, "nothing");
    }

    static Call activate(long began, long ended, Owner owner, boolean answer) {
        Effect effect = kept -> {
            Optional<Token> live = kept.filter(token -> token.owner().equals(owner) && token.revocation() == null);
            if (live.isPresent() != answer) {
                return IMPOSSIBLE;
            }
            return Set.of(
                    answer
                            ? live.map(
                                    token -> token.toBuilder().predecessor(null).build())
                            : kept);
        };
        return new Call(began, ended, answer, effect, "activate", owner, answer);
    }

    static Call find(long began, long ended, Optional<Token> found) {
        return new Call(began, ended, false, kept -> kept.equals(found) ? Set.of(kept) : IMPOSSIBLE, "find", found);
    }

    /** A page of {@code list} within whose bounds the id is. */
    static Call list(long began, long ended, Owner owner, Optional<Token> listed) {
        Effect effect =
                kept -> kept.filter(token -> token.owner().equals(owner)).equals(listed) ? Set.of(kept) : IMPOSSIBLE;
        return new Call(began, ended, false, effect, "list", owner, listed);
    }

    static Call revoke(long began, long ended, Owner owner, Revocation how, boolean answer) {
        Effect effect = kept -> {
            Optional<Token> revoked = revoked(kept, owner, how);
            if (revoked.isPresent() != answer) {
                return IMPOSSIBLE;
            }
            return Set.of(answer ? revoked : kept);
        };
        return new Call(began, ended, answer, effect, "revoke", owner, how, answer);
    }

    /** Each token as {@code revoke} does, and more than once if there is another token of this id meanwhile. */
    static Call revokeAll(long began, long ended, Owner owner, Revocation how) {
        Effect effect = kept -> Set.of(revoked(kept, owner, how).or(() -> kept));
        return new Call(began, ended, false, effect, "revokeAll", owner, how);
    }

    /** A walk of {@code purge} over all tokens. */
    static Call purge(long began, long ended, Instant endedBefore) {
        Effect effect = kept -> Set.of(
                kept.filter(token -> token.endsAt() == null || !token.endsAt().isBefore(endedBefore)));
        return new Call(began, ended, false, effect, "purge", endedBefore);
    }

    /** The token as it is when this owner's revocation was answered true. */
    private static Optional<Token> revoked(Optional<Token> kept, Owner owner, Revocation how) {
        return kept.filter(token -> token.owner().equals(owner))
                .map(token -> token.revocation() == null ? token.withRevocation(how) : token)
                .filter(token -> token.revocation().id().equals(how.id()));
    }

    long began() {
        return began;
    }

    long ended() {
        return ended;
    }

    /** Whether it takes effect exactly once: what only looks may look twice, and a walk may meet two tokens of one id. */
    boolean takesEffectOnce() {
        return once;
    }

    Set<Optional<Token>> effectOn(Optional<Token> kept) {
        return effect.on(kept);
    }

    @Override
    public String toString() {
        return began + " to " + ended + ": " + Arrays.toString(text);
    }
}
