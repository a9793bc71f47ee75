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
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Revokes access tokens. That is one token, as in the OpenAPI operation {@code users-deleteToken}, all of a user's, the current
 * token, a presented one, those of a leaked list, or all that were issued before an instant.
 *
 * <p>Safe to call from many threads. Every attempt is one line in the log.
 */
public final class TokenRevocationService implements NotSerializable {

    private final Object unwritable = UNWRITABLE;
    private final TokenStore store;
    private final Clock clock;
    private final Gate gate;
    private final TokenForms forms;
    private final Journal journal;
    private final MassRevocation ofAll;

    TokenRevocationService(TokenStore store, TokenServices.Settings settings) {
        this.store = store;
        this.clock = settings.clock();
        this.gate = settings.gate();
        this.forms = settings.forms();
        this.journal = new Journal(settings.events(), LoggerFactory.getLogger(TokenRevocationService.class));
        this.ofAll = new MassRevocation(store, clock, gate, forms, journal);
    }

    /**
     * Revokes a token without a reason; see {@link #revoke(Caller, String, String, RevocationRequest)}.
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
     * <p>The checks are in this order, so that a caller who may not act does not learn which users and tokens exist:
     *
     * <ol>
     *   <li>{@link Status#UNAUTHORIZED} if the caller is anonymous
     *   <li>{@link Status#BAD_REQUEST} if the username or the reason breaks its rule, or the username or the token id is
     *       null; with an issue for each violation
     *   <li>{@link Status#FORBIDDEN} if the caller's token or the policy does not permit it. Any token can revoke itself; with
     *       the scope {@code tokens} also its owner's other tokens, and with {@code tokens:admin} those of others
     *   <li>{@link Status#NOT_FOUND} if the user has no such token, the string is not an id, or the token is already revoked
     *   <li>{@link Status#OK} if this call revoked the token, or an earlier one by the same caller with the same
     *       {@link RevocationRequest#id()} did
     * </ol>
     *
     * <p>{@link Status#INTERNAL_SERVER_ERROR} if the policy, the clock or the store throws: {@link Result#cause()} has the
     * exception. The token may be revoked then; to be sure, repeat the request with the same id. An {@link Error} propagates.
     *
     * @param caller who asks
     * @param username the user whose token it is, as the client sent it
     * @param tokenId the token's id, as the client sent it
     * @param request the identity and the reason of this revocation
     * @return the answer, with this call's revocation; if it repeats an earlier one, the store keeps the earlier data
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
                request::violations,
                caller.presented(tokenId) && !request.revokesSuccessors(), // A successor is another token.
                (owner, id) -> revoke(caller, owner, id, request));
        boolean known = result.status() == Status.OK;
        return journal.record(
                        caller,
                        Action.REVOKE,
                        result,
                        // A secret pasted into the wrong segment of the path may be a valid username.
                        () -> caller + " revokes token " + LogText.of(tokenId, known) + " of user "
                                + LogText.of(username, known),
                        events -> tell(events, caller, result.value()))
                .map(Revoked::revocation);
    }

    private void tell(TokenEvents events, Caller caller, Revoked done) {
        events.revoked(done.event(caller, store.inHostTransaction()));
    }

    private Result<Revoked> revoke(Caller caller, Owner owner, TokenId id, RevocationRequest request) {
        Revocation revocation = request.by(caller.actor(), clock);
        TokenId last = Succession.revoke(store, owner, id, revocation, request.revokesSuccessors());
        return last == null ? Result.refused(Status.NOT_FOUND) : Result.ok(new Revoked(owner, last, revocation));
    }

    /**
     * Revokes the token that authenticated the caller, whatever its scopes.
     *
     * <p>Neither the policy nor the rule for usernames is asked: a token's holder may end it, as by {@link #revokePresented}.
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
        List<Violation> violations = request.violations();
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
     * Revokes each of a user's unrevoked tokens atomically. A token that is issued meanwhile may escape.
     *
     * <p>The answer is {@link Status#UNAUTHORIZED} if the caller is anonymous; else {@link Status#BAD_REQUEST} if the username
     * or the reason breaks its rule, with an issue for each violation; else {@link Status#FORBIDDEN} if the caller's token or
     * the policy does not permit it; else {@link Status#OK}, also for a user who has no token or does not exist.
     * {@link Status#INTERNAL_SERVER_ERROR} if the policy, the clock or the store throws: some tokens may be revoked then, and
     * repeating the request with the same id finishes the work.
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
                request::violations,
                false,
                secret -> Result.ok(new Revoked(secret, null, request.by(caller.actor(), clock), 0)),
                owner -> {
                    Revocation revocation = request.by(caller.actor(), clock);
                    return Result.ok(new Revoked(owner, null, revocation, store.revokeAll(owner, revocation)));
                });
        return journal.record(
                        caller,
                        Action.REVOKE,
                        result,
                        // A secret pasted as the username is answered as a user without tokens.
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
     * Revokes a presented token (RFC 7009): whoever has the secret, even a leaked one, may end the token.
     *
     * <p>A token of our form is revoked whatever its prefix, one of another form if a {@link TokenFormat} of this service
     * parses it. The answer is {@link Status#OK} whether it was a token or not; {@link Status#INTERNAL_SERVER_ERROR} if the
     * clock, the store or a format throws. The client must not learn the verdict: send it an empty object.
     *
     * @param secret the token in its presented form; anything else, null too, is not a token
     * @return the answer, with the verdict for the host
     */
    public Result<Verdict> revokePresented(@Nullable String secret) {
        Result<Presentation> result = Gate.guard(() -> Result.ok(Optional.ofNullable(secret)
                .flatMap(forms::parse)
                .map(this::revokePresented)
                .orElse(Presentation.NO_TOKEN)));
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
                            if (result.value().done() != null) {
                                tell(events, Caller.anonymous(), result.value().done());
                            }
                        })
                .map(Presentation::verdict);
    }

    private Presentation revokePresented(PresentedToken presented) {
        Actor holder = new Actor(Actor.Kind.PRESENTER, "presented", presented.id());
        Token kept = store.find(presented.id()).orElse(null);
        return Presentation.of(store, presented, kept, RevocationRequest.plain().by(holder, clock), false);
    }

    /**
     * Revokes the tokens of a leaked list, of any prefix and any user, and reports a verdict for each string.
     *
     * <p>A token, even an expired one, is revoked only if its secret is in the list. A string that fails its checksum, or that
     * no {@link TokenFormat} parses, costs no look-up. A rotated token's successor lives, unless you ask for
     * {@linkplain RevocationRequest#andSuccessors() it too}. If the same caller with the same token repeats the request with
     * its id, the verdicts are the same.
     *
     * <p>The answer is as for {@link #revokeIssuedBefore}. It is a failure too if {@code strings} or {@code verdicts} throws
     * (without the message, which may hold a secret), or a verdict is {@link Verdict#FAILED}: the request repeated with its id finishes.
     *
     * @param caller who asks
     * @param strings the leaked strings, each a complete possible token; read once, 1,000 at a time
     * @param request the identity and the reason of this revocation
     * @param verdicts called with each string and its verdict, in order
     * @return the answer, with how many of the strings were {@link Verdict#REVOKED_NOW}
     * @throws NullPointerException if an argument is null
     */
    public Result<Long> revokeLeaked(
            Caller caller, Iterable<String> strings, RevocationRequest request, BiConsumer<String, Verdict> verdicts) {
        return ofAll.revokeLeaked(caller, strings, request, verdicts);
    }

    /**
     * Revokes every token of all users that was issued before an instant: after a breach, or in a restored backup.
     *
     * <p>It works step by step, and revokes the caller's own token too. So log in before you begin: with another token, a
     * repetition is another act. A later successor that has already replaced its predecessor stays, though it may be a thief's,
     * unless the request is for {@linkplain RevocationRequest#andSuccessors() successors too}. A purged token no longer leads
     * to its successor: if you purged since the breach, pass the time at which it was noticed. A token added meanwhile may
     * escape. So repeat the walk if any was being issued at the instant; with the same id the repetition counts exactly.
     *
     * <p>The answer is {@link Status#UNAUTHORIZED} if the caller is anonymous; else {@link Status#BAD_REQUEST} if the reason
     * breaks its rule; else {@link Status#FORBIDDEN} if the caller's token lacks the scope {@code tokens:admin} or the policy
     * does not permit it; else {@link Status#OK}. {@link Status#INTERNAL_SERVER_ERROR} within the host's transaction, or if the
     * policy, the clock, the store or {@code progress} throws: continue with the same id where the last reported progress says.
     * A token that fails is skipped, unless three fail in a row. So after any failure, repeat the whole walk at its end.
     *
     * @param caller who asks
     * @param instant the instant
     * @param request the identity and the reason of this revocation
     * @param after the {@link WalkProgress#resumeAfter()} of an earlier call; null to begin with the first token
     * @param budget how much to do
     * @param progress called after each step
     * @return the answer; {@linkplain WalkProgress#matched matched} counts the tokens issued before that carry this revocation
     * @throws NullPointerException if an argument other than {@code after} is null
     */
    public Result<WalkProgress> revokeIssuedBefore(
            Caller caller,
            Instant instant,
            RevocationRequest request,
            @Nullable TokenId after,
            WalkBudget budget,
            Consumer<WalkProgress> progress) {
        return ofAll.revokeIssuedBefore(caller, instant, request, after, budget, progress);
    }
}
