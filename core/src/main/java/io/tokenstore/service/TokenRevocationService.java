package io.tokenstore.service;

import io.tokenstore.Actor;
import io.tokenstore.NotSerializable;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.Violation;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Revokes user access tokens: the domain of the OpenAPI operation {@code users-deleteToken}, and three variants: all of a
 * user's tokens, the current token, and the token presented.
 *
 * <p>Safe to call from many threads. Every attempt is one line in the log.
 */
public final class TokenRevocationService implements NotSerializable {

    private static final UUID PROBE = new UUID(0, 0);
    private static final Actor ANYBODY = Actor.user("anybody");
    private static final String BY_PRESENTER = "presented";
    private static final Presented UNKNOWN = new Presented(Verdict.UNKNOWN, null, null);

    private final Object unwritable = UNWRITABLE;
    private final TokenStore store;
    private final Clock clock;
    private final Gate gate;
    private final Journal journal;

    TokenRevocationService(TokenStore store, TokenServices.Settings settings) {
        this.store = store;
        this.clock = settings.clock();
        this.gate = settings.gate();
        this.journal = new Journal(settings.events(), LoggerFactory.getLogger(TokenRevocationService.class));
    }

    /**
     * Revokes a token, with no reason given; see {@link #revoke(Caller, String, String, RevocationRequest)}.
     *
     * @param caller who asks
     * @param username the user whose token it is, as the client sent it
     * @param tokenId the token's id, as the client sent it
     * @return the answer
     * @throws NullPointerException if {@code caller} is null
     */
    public Result<Revocation> revoke(Caller caller, @Nullable String username, @Nullable String tokenId) {
        return revoke(caller, username, tokenId, RevocationRequest.plain());
    }

    /**
     * Revokes a token permanently, by one atomic write.
     *
     * <p>The checks, in this order, so that whoever may not act learns nothing of which users and tokens exist:
     *
     * <ol>
     *   <li>{@link Status#UNAUTHORIZED} if the caller is anonymous
     *   <li>{@link Status#BAD_REQUEST} if the username or the reason breaks its rule, or the username or the token id is
     *       null; with an issue for each violation
     *   <li>{@link Status#FORBIDDEN} if the caller's token or the policy does not permit it; by any token its owner revokes that
     *       token, by one with the scope {@code tokens} others of the owner, and by one with {@code tokens:admin} those of others
     *   <li>{@link Status#NOT_FOUND} if the user has no such token, or it is revoked already; a string that is not a
     *       valid id is one that no user has
     *   <li>{@link Status#OK} if this call revoked the token; or if an earlier one by the same caller with the same
     *       {@link RevocationRequest#id()} did
     * </ol>
     *
     * <p>{@link Status#INTERNAL_SERVER_ERROR} if the policy, the clock or the store throws: {@link Result#cause()} has
     * the exception. The token may be revoked then; repeating the request with the same id makes sure. An {@link Error}
     * is not caught.
     *
     * @param caller who asks
     * @param username the user whose token it is, as the client sent it
     * @param tokenId the token's id, as the client sent it
     * @param request the identity and the reason of this revocation
     * @return the answer, with the revocation as this call made it; if it repeats an earlier one, the store keeps what that said
     * @throws NullPointerException if {@code caller} or {@code request} is null
     */
    public Result<Revocation> revoke(
            Caller caller, @Nullable String username, @Nullable String tokenId, RevocationRequest request) {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(request, "request");
        Result<Revoked> result = gate.admitToToken(
                caller,
                Action.REVOKE,
                username,
                tokenId,
                () -> violations(request),
                caller.presented(tokenId) && !request.revokesSuccessors(), // A successor is another token.
                (owner, id) -> revoke(caller, owner, id, request));
        boolean known = result.status() == Status.OK;
        return journal.record(
                        caller,
                        Action.REVOKE,
                        result,
                        // A secret that was pasted into the wrong segment of the path may well be a username.
                        () -> caller + " revokes token " + LogText.of(tokenId, known) + " of user "
                                + LogText.of(username, known),
                        events -> tell(events, caller, result.value()))
                .map(Revoked::revocation);
    }

    /** What was revoked: one token, or as many of the owner's as carry this revocation. */
    private record Revoked(Owner owner, @Nullable TokenId id, Revocation revocation, int tokens) {}

    private void tell(TokenEvents events, Caller caller, Revoked done) {
        events.revoked(new TokenEvents.Revoked(
                caller, done.owner(), done.id(), done.revocation(), done.tokens(), store.inHostTransaction()));
    }

    private static List<Violation> violations(RevocationRequest request) {
        return request.reason() == null
                ? List.of()
                : Gate.violations(() -> new Revocation(PROBE, Instant.EPOCH, ANYBODY, request.reason()));
    }

    private Result<Revoked> revoke(Caller caller, Owner owner, TokenId id, RevocationRequest request) {
        if (request.revokesSuccessors() && store.inHostTransaction()) {
            throw new IllegalStateException(
                    "revoke successors outside of the host's transaction: what it sees may be old");
        }
        Revocation revocation = revocation(caller.actor(), request);
        @Nullable TokenId last = id;
        while (last != null && !store.revoke(owner, last, revocation)) {
            last = request.revokesSuccessors()
                    ? store.find(last)
                            .filter(token -> token.owner().equals(owner))
                            .flatMap(Succession::successorOf)
                            .orElse(null)
                    : null;
        }
        return last == null ? Result.refused(Status.NOT_FOUND) : Result.ok(new Revoked(owner, last, revocation, 1));
    }

    private Revocation revocation(Actor actor, RevocationRequest request) {
        UUID id = request.id() == null ? UUID.randomUUID() : RevocationIds.of(actor, request.id());
        return new Revocation(id, clock.instant(), actor, request.reason());
    }

    /**
     * Revokes the token by which the caller was authenticated, whatever its scopes.
     *
     * <p>Neither the policy nor the rule for usernames is asked: who holds a token may end it, as by {@link #revokePresented}.
     *
     * <p>The answer is {@link Status#UNAUTHORIZED} if the caller is anonymous; else {@link Status#BAD_REQUEST} if the reason
     * breaks its rule; else {@link Status#NOT_FOUND} if the caller logged in without a token, or it is revoked already; else
     * {@link Status#FORBIDDEN} if the request is for successors too, and the token lacks the scope {@code tokens}; else
     * {@link Status#OK}. {@link Status#INTERNAL_SERVER_ERROR} if the clock or the store throws.
     *
     * @param caller who asks
     * @param request the identity and the reason of this revocation
     * @return the answer, with the revocation as this call made it
     * @throws NullPointerException if {@code caller} or {@code request} is null
     */
    public Result<Revocation> revokeCurrent(Caller caller, RevocationRequest request) {
        Objects.requireNonNull(caller, "caller");
        List<Violation> violations = violations(request);
        CurrentToken token = caller.token();
        Result<Revoked> result;
        if (caller.isAnonymous()) {
            result = Result.refused(Status.UNAUTHORIZED);
        } else if (!violations.isEmpty()) {
            result = Result.badRequest(violations);
        } else if (token == null) {
            result = Result.refused(Status.NOT_FOUND);
        } else if (request.revokesSuccessors() && !caller.permits(Caller.MANAGES_TOKENS)) {
            result = Result.lackingScope(Caller.MANAGES_TOKENS);
        } else {
            result = Gate.guard(() -> revoke(caller, caller.owner(), token.id(), request));
        }
        return journal.record(
                        caller,
                        Action.REVOKE,
                        result,
                        () -> caller + " revokes the current token " + (token == null ? "none" : token.id()),
                        events -> tell(events, caller, result.value()))
                .map(Revoked::revocation);
    }

    /**
     * Revokes every token of a user that is not revoked yet, each atomically; one that is issued meanwhile may escape.
     *
     * <p>The answer is {@link Status#UNAUTHORIZED} if the caller is anonymous; else {@link Status#BAD_REQUEST} if the
     * username or the reason breaks its rule, with an issue for each violation; else {@link Status#FORBIDDEN} if the caller's
     * token or the policy does not permit it; else {@link Status#OK}, also for a user who has no token or does not exist.
     * {@link Status#INTERNAL_SERVER_ERROR} if the policy, the clock or the store throws: some tokens may be revoked then,
     * and repeating the request with the same id finishes.
     *
     * @param caller who asks
     * @param username the user whose tokens they are, as the client sent it
     * @param request the identity and the reason of this revocation
     * @return the answer, with the number of tokens that carry this revocation
     * @throws NullPointerException if {@code caller} or {@code request} is null
     */
    public Result<Integer> revokeAll(Caller caller, @Nullable String username, RevocationRequest request) {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(request, "request");
        Result<Revoked> result = gate.admit(
                caller,
                Action.REVOKE,
                username,
                () -> violations(request),
                false,
                secret -> Result.ok(new Revoked(secret, null, revocation(caller.actor(), request), 0)),
                owner -> {
                    Revocation revocation = revocation(caller.actor(), request);
                    return Result.ok(new Revoked(owner, null, revocation, store.revokeAll(owner, revocation)));
                });
        return journal.record(
                        caller,
                        Action.REVOKE,
                        result,
                        // A secret that was pasted for the username is a user who has no tokens.
                        () -> caller + " revokes all tokens of user "
                                + LogText.of(
                                        username,
                                        result.status() == Status.OK
                                                && result.value().tokens() > 0),
                        events -> {
                            if (!TokenId.mayHoldSecret(result.value().owner().value())) {
                                tell(events, caller, result.value());
                            }
                        })
                .map(Revoked::tokens);
    }

    /**
     * Revokes the token that is presented, as its holder may (RFC 7009): a secret that leaked is authority enough to end it.
     *
     * <p>The prefix is read from the token itself, so every token that the store keeps is revoked, whatever this service was
     * told. The answer is {@link Status#OK} whether it was a token or not; {@link Status#INTERNAL_SERVER_ERROR} if the clock
     * or the store throws. The client must not learn the verdict: send it an empty object.
     *
     * @param secret the token in its presented form; anything else, null too, is not a token
     * @return the answer, with the verdict for the host
     */
    public Result<Verdict> revokePresented(@Nullable String secret) {
        PresentedToken presented =
                secret == null ? null : PresentedToken.parse(secret).orElse(null);
        Result<Presented> result =
                Gate.guard(() -> Result.ok(presented == null ? UNKNOWN : revokePresented(presented)));
        return journal.record(
                        Caller.anonymous(),
                        Action.REVOKE,
                        result,
                        () -> "its holder revokes token "
                                + (result.status() == Status.OK
                                                && result.value().id() != null
                                        ? String.valueOf(result.value().id())
                                        : "unknown"),
                        events -> {
                            if (result.value().revoked() != null) {
                                tell(events, Caller.anonymous(), result.value().revoked());
                            }
                        })
                .map(Presented::verdict);
    }

    private record Presented(
            Verdict verdict, @Nullable TokenId id, @Nullable Revoked revoked) {}

    private Presented revokePresented(PresentedToken presented) {
        Token kept = store.find(presented.id()).orElse(null);
        if (kept == null || !presented.proves(kept)) {
            return UNKNOWN;
        }
        Actor actor = new Actor(Actor.Kind.PRESENTER, BY_PRESENTER, kept.id());
        Revocation revocation = revocation(actor, RevocationRequest.plain());
        return store.revoke(kept.owner(), kept.id(), revocation)
                ? new Presented(Verdict.REVOKED_NOW, kept.id(), new Revoked(kept.owner(), kept.id(), revocation, 1))
                : new Presented(Verdict.REVOKED_ALREADY, kept.id(), null);
    }
}
