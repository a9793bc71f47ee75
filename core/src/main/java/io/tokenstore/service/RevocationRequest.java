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

/** A revocation's id, its reason, and whether it extends to successors. Immutable. */
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

    /** {@return a request without an id and without a reason} */
    public static RevocationRequest plain() {
        return PLAIN;
    }

    /**
     * Returns this request with an id.
     *
     * @param newId identifies the revocation, so that the same caller who repeats it gets the same answer (an
     *     {@code Idempotency-Key}); each leaked list needs its own id; null if the request is not repeated
     * @return the request
     */
    public RevocationRequest withId(@Nullable UUID newId) {
        return new RevocationRequest(newId, reason, revokesSuccessors);
    }

    /**
     * Returns this request with a reason.
     *
     * @param newReason why: 1 to 255 code points, without control and format characters (joiners are allowed), line separators,
     *     noncharacters and unpaired surrogates, otherwise the answer is {@link Status#BAD_REQUEST}; null if there is none
     * @return the request
     */
    public RevocationRequest withReason(@Nullable String newReason) {
        return new RevocationRequest(id, newReason, revokesSuccessors);
    }

    /**
     * Returns this request, extended to successors: if a successor has replaced the token, the last
     * successor is revoked.
     *
     * <p>It is not the default, since a late report of a rotated secret must not end the successor. The store must still keep
     * the tokens in between. A caller with a token needs the scope {@code tokens}, even for that same token. Within the host's
     * transaction, which may not see the successor, the answer is {@link Status#INTERNAL_SERVER_ERROR}.
     *
     * @return the request
     */
    public RevocationRequest andSuccessors() {
        return new RevocationRequest(id, reason, true);
    }

    /** Returns the violations in the client's input. */
    List<Violation> violations() {
        return reason == null
                ? List.of()
                : Gate.violations(() -> new Revocation(PROBE, Instant.EPOCH, ANYBODY, reason));
    }

    /** Returns an actor's revocation by this request: the same act if the request is repeated. */
    Revocation by(Actor actor, Clock clock) {
        return by(actor, idOf(actor), clock);
    }

    /** Returns this act at the current time, as a long operation records it in each of its steps. */
    Revocation by(Actor actor, UUID act, Clock clock) {
        return new Revocation(act, clock.instant(), actor, reason);
    }

    /** Returns the act's id; an operation on many tokens passes its name. */
    UUID idOf(Actor actor, String... operation) {
        return id == null ? UUID.randomUUID() : RevocationIds.of(actor, id, operation);
    }

    /** {@return the id of the revocation; null if it is not repeated} */
    public @Nullable UUID id() {
        return id;
    }

    /** {@return why; null if there is no reason} */
    public @Nullable String reason() {
        return reason;
    }

    /** {@return whether it extends to the token's successors} */
    public boolean revokesSuccessors() {
        return revokesSuccessors;
    }
}
