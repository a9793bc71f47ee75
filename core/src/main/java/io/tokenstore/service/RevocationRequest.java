package io.tokenstore.service;

import io.tokenstore.Actor;
import io.tokenstore.NotSerializable;
import io.tokenstore.Revocation;
import io.tokenstore.Violation;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a caller may say about a revocation. Immutable. */
public final class RevocationRequest implements NotSerializable {

    private static final RevocationRequest PLAIN = new RevocationRequest(null, null, false);

    private static final UUID PROBE = new UUID(0, 0);
    private static final Actor ANYBODY = Actor.user("anybody");

    private final Object unwritable = UNWRITABLE;
    private final @Nullable UUID id;
    private final @Nullable String reason;
    private final boolean revokesSuccessors;

    private RevocationRequest(@Nullable UUID id, @Nullable String reason, boolean revokesSuccessors) {
        this.id = id;
        this.reason = reason;
        this.revokesSuccessors = revokesSuccessors;
    }

    /** {@return a request that is not repeated and gives no reason} */
    public static RevocationRequest plain() {
        return PLAIN;
    }

    /**
     * Returns this request with an id.
     *
     * @param newId identifies the revocation if the caller may repeat it (an {@code Idempotency-Key}): the same caller who
     *     repeats it gets the same answer; another one for each leaked list; null for one that is not repeated
     * @return the request
     */
    public RevocationRequest withId(@Nullable UUID newId) {
        return new RevocationRequest(newId, reason, revokesSuccessors);
    }

    /**
     * Returns this request with a reason.
     *
     * @param newReason why: 1 to 255 code points, without control and format characters (joiners are allowed), line separators,
     *     noncharacters and unpaired surrogates, else the answer is {@link Status#BAD_REQUEST}; null for no reason
     * @return the request
     */
    public RevocationRequest withReason(@Nullable String newReason) {
        return new RevocationRequest(id, newReason, revokesSuccessors);
    }

    /**
     * Returns this request for a token and all that took its place by rotation: if a successor did, that one is revoked.
     *
     * <p>It is not the default, since a late report of a secret that was rotated must not end its successor. The store must still
     * keep the tokens in between. By a token it needs the scope {@code tokens}, also for that very token. Within the host's
     * transaction, which may not show who took the token's place, it is answered with {@link Status#INTERNAL_SERVER_ERROR}.
     *
     * @return the request
     */
    public RevocationRequest andSuccessors() {
        return new RevocationRequest(id, reason, true);
    }

    /** Returns what is wrong with what the client said. */
    List<Violation> violations() {
        return reason == null
                ? List.of()
                : Gate.violations(() -> new Revocation(PROBE, Instant.EPOCH, ANYBODY, reason));
    }

    /** Returns the act that an actor asks for by this request: the same one again if it is repeated. */
    Revocation by(Actor actor, Clock clock) {
        return by(actor, idOf(actor), clock);
    }

    /** Returns this act at the time of now, as an operation that takes a while records it with each of its steps. */
    Revocation by(Actor actor, UUID act, Clock clock) {
        return new Revocation(act, clock.instant(), actor, reason);
    }

    /** Returns the id of the act; an operation that takes many tokens names itself. */
    UUID idOf(Actor actor, String... operation) {
        return id == null ? UUID.randomUUID() : RevocationIds.of(actor, id, operation);
    }

    /** {@return what identifies the revocation; null if it is not repeated} */
    public @Nullable UUID id() {
        return id;
    }

    /** {@return why; null for no reason} */
    public @Nullable String reason() {
        return reason;
    }

    /** {@return whether it is for the tokens that took its place, too} */
    public boolean revokesSuccessors() {
        return revokesSuccessors;
    }
}
