package io.tokenstore;

import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Revokes user access tokens: the domain of the OpenAPI operation {@code users-deleteToken}, and its two relatives, all of
 * a user's tokens, and the very token that was presented.
 *
 * <p>Safe to call from many threads. Every attempt is one line in the log.
 */
public final class TokenRevocationService {

    private static final Logger log = LoggerFactory.getLogger(TokenRevocationService.class);
    private static final String BY_PRESENTER = "presented";

    private final TokenStore store;
    private final Clock clock;
    private final TokenPrefix prefix;
    private final Attempts attempts;

    /**
     * Creates a service with the default policy, {@link AccessPolicy#ownerOrAdmin()}, the system's clock, and no events.
     *
     * @param store where the tokens are
     * @throws NullPointerException if {@code store} is null
     */
    public TokenRevocationService(TokenStore store) {
        this(store, AccessPolicy.ownerOrAdmin(), Clock.systemUTC(), TokenEvents.none());
    }

    /**
     * Creates a service for tokens of the default prefix.
     *
     * @param store where the tokens are
     * @param policy who may revoke whose tokens
     * @param clock what a revocation takes its instant from
     * @param events told of each answer
     * @throws NullPointerException if an argument is null
     */
    public TokenRevocationService(TokenStore store, AccessPolicy policy, Clock clock, TokenEvents events) {
        this(store, policy, clock, events, TokenPrefix.personalAccessToken());
    }

    /**
     * Creates a service.
     *
     * @param store where the tokens are
     * @param policy who may revoke whose tokens
     * @param clock what a revocation takes its instant from
     * @param events told of each answer
     * @param prefix what presented tokens begin with
     * @throws NullPointerException if an argument is null
     */
    public TokenRevocationService(
            TokenStore store, AccessPolicy policy, Clock clock, TokenEvents events, TokenPrefix prefix) {
        this.store = Objects.requireNonNull(store, "store");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.prefix = Objects.requireNonNull(prefix, "prefix");
        this.attempts = new Attempts(policy, events, log);
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
     * Revokes a token by one atomic write, for ever.
     *
     * <p>The checks, in this order, so that whoever may not act learns nothing of which users and tokens exist:
     *
     * <ol>
     *   <li>{@link Status#UNAUTHORIZED} if the caller is anonymous
     *   <li>{@link Status#BAD_REQUEST} if the username or the reason breaks its rule, or the username or the token id is
     *       null; with an issue for each violation
     *   <li>{@link Status#FORBIDDEN} if the policy does not permit it
     *   <li>{@link Status#NOT_FOUND} if the user has no such token, or it is revoked already; an id that no store can
     *       hold is one that no user has
     *   <li>{@link Status#OK} if this call revoked the token; or if an earlier one by the same caller with the same
     *       {@link RevocationRequest#id()} did, and then the value is that earlier revocation
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
     * @return the answer
     * @throws NullPointerException if {@code caller} or {@code request} is null
     */
    public Result<Revocation> revoke(
            Caller caller, @Nullable String username, @Nullable String tokenId, RevocationRequest request) {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(request, "request");
        List<Issue> missing = tokenId == null ? List.of(new Issue("token_id is required")) : List.of();
        Result<Revoked> result = attempts.check(
                caller,
                Action.REVOKE,
                username,
                Issue.joined(missing, Revocation.violationsOfReason(request.reason())),
                owner -> idOf(tokenId)
                        .map(id -> revoke(caller, owner, id, request))
                        .orElse(Result.refused(Status.NOT_FOUND)));
        boolean known = result.status() == Status.OK;
        return attempts.conclude(
                        result,
                        Action.REVOKE,
                        // A secret that was pasted into the wrong segment of the path may well be a username.
                        () -> caller + " revokes token " + LogText.of(tokenId, known) + " of user "
                                + LogText.of(username, known),
                        events -> tell(events, result.value()))
                .map(Revoked::how);
    }

    /** What was revoked: one token, or as many of the owner's as carry this revocation. */
    private record Revoked(Username owner, @Nullable TokenId id, Revocation how, int tokens) {}

    private void tell(TokenEvents events, Revoked done) {
        events.revoked(done.owner(), done.id(), done.how(), done.tokens(), store.inHostTransaction());
    }

    /** A whole secret in place of the id is no id, and no store, driver or database is to see it. */
    private Optional<TokenId> idOf(@Nullable String tokenId) {
        return TokenId.of(tokenId)
                .filter(id -> PresentedToken.parse(prefix, id.value()).isEmpty());
    }

    private Result<Revoked> revoke(Caller caller, Username owner, TokenId id, RevocationRequest request) {
        Revocation revocation = revocation(caller, request);
        if (!store.revoke(owner, id, revocation)) {
            return Result.refused(Status.NOT_FOUND);
        }
        if (request.id() == null) {
            return Result.ok(new Revoked(owner, id, revocation, 1));
        }
        // The store tells revocations apart by id alone, so who made the one it keeps is still to be compared; a read
        // that does not show it (from a replica that is behind) proves nothing.
        Revocation kept = store.find(id)
                .map(Token::revocation)
                .filter(stored -> stored.id().equals(request.id()))
                .orElseThrow(
                        () -> new IllegalStateException("the store does not show the revocation that it answered"));
        return kept.by().equals(caller.name())
                ? Result.ok(new Revoked(owner, id, kept, 1))
                : Result.refused(Status.NOT_FOUND);
    }

    private Revocation revocation(Caller caller, RevocationRequest request) {
        UUID id = request.id() == null ? UUID.randomUUID() : request.id();
        return new Revocation(id, clock.instant(), caller.name(), request.reason());
    }

    /**
     * Revokes every token of a user that is not revoked yet, each atomically; one that is issued meanwhile may escape.
     *
     * <p>The answer is {@link Status#UNAUTHORIZED} if the caller is anonymous; else {@link Status#BAD_REQUEST} if the
     * username or the reason breaks its rule, with an issue for each violation; else {@link Status#FORBIDDEN} if the policy
     * does not permit it; else {@link Status#OK}, also for a user who has no token or does not exist.
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
        Result<Revoked> result = attempts.check(
                caller, Action.REVOKE, username, Revocation.violationsOfReason(request.reason()), owner -> {
                    Revocation revocation = revocation(caller, request);
                    return Result.ok(new Revoked(owner, null, revocation, store.revokeAll(owner, revocation)));
                });
        return attempts.conclude(
                        result,
                        Action.REVOKE,
                        // A secret that was pasted for the username is a user who has no tokens.
                        () -> caller + " revokes all tokens of user "
                                + LogText.of(
                                        username,
                                        result.status() == Status.OK
                                                && result.value().tokens() > 0),
                        events -> tell(events, result.value()))
                .map(Revoked::tokens);
    }

    /**
     * Revokes the very token that is presented, as its holder may (RFC 7009): a secret that leaked is authority enough to
     * end it.
     *
     * <p>The answer is {@link Status#OK} whether it was a token of this host's, and live, or not, and says nothing of it;
     * {@link Status#INTERNAL_SERVER_ERROR} if the clock or the store throws. The revocation is recorded as made by
     * {@code presented}.
     *
     * @param secret the token in its presented form; anything else, null too, is no token
     * @return the answer; an OK has the value null
     */
    public Result<@Nullable Void> revokePresented(@Nullable String secret) {
        Optional<PresentedToken> presented = secret == null ? Optional.empty() : PresentedToken.parse(prefix, secret);
        Result<Optional<Revoked>> result = Attempts.guard(() -> Result.ok(presented.flatMap(this::revokePresented)));
        return attempts.conclude(
                        result,
                        Action.REVOKE,
                        () -> "its holder revokes token "
                                + (result.status() == Status.OK
                                        ? result.value()
                                                .map(done -> String.valueOf(done.id()))
                                                .orElse("unknown")
                                        : "unknown"),
                        events -> result.value().ifPresent(done -> tell(events, done)))
                .map(done -> null);
    }

    private Optional<Revoked> revokePresented(PresentedToken presented) {
        Revocation revocation = new Revocation(UUID.randomUUID(), clock.instant(), BY_PRESENTER, null);
        return store.find(presented.id())
                .filter(presented::proves)
                .filter(token -> store.revoke(token.owner(), token.id(), revocation))
                .map(token -> new Revoked(token.owner(), token.id(), revocation, 1));
    }
}
