package io.tokenstore;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Revokes user access tokens: the domain of the OpenAPI operation {@code users-deleteToken}.
 *
 * <p>Safe to call from many threads. Every attempt is one line in the log.
 */
public final class TokenRevocationService {

    private static final Logger log = LoggerFactory.getLogger(TokenRevocationService.class);
    private static final RevocationRequest PLAIN = new RevocationRequest(null, null);

    private final TokenStore store;
    private final AccessPolicy policy;
    private final Clock clock;

    /**
     * Creates a service with the default policy, {@link AccessPolicy#ownerOrAdmin()}, and the system's clock.
     *
     * @param store where the tokens are
     * @throws NullPointerException if {@code store} is null
     */
    public TokenRevocationService(TokenStore store) {
        this(store, AccessPolicy.ownerOrAdmin(), Clock.systemUTC());
    }

    /**
     * Creates a service.
     *
     * @param store where the tokens are
     * @param policy who may revoke whose tokens
     * @param clock what a revocation takes its instant from
     * @throws NullPointerException if an argument is null
     */
    public TokenRevocationService(TokenStore store, AccessPolicy policy, Clock clock) {
        this.store = Objects.requireNonNull(store, "store");
        this.policy = Objects.requireNonNull(policy, "policy");
        this.clock = Objects.requireNonNull(clock, "clock");
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
        return revoke(caller, username, tokenId, PLAIN);
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
        Result<Revocation> result = check(caller, username, tokenId, request);
        log(caller, username, tokenId, result);
        return result;
    }

    private Result<Revocation> check(
            Caller caller, @Nullable String username, @Nullable String tokenId, RevocationRequest request) {
        if (caller.isAnonymous()) {
            return Result.refused(Status.UNAUTHORIZED);
        }
        List<Issue> issues = violations(username, tokenId, request);
        if (!issues.isEmpty()) {
            return Result.badRequest(issues);
        }
        try {
            Username owner = new Username(Objects.requireNonNull(username));
            if (!policy.permits(caller, Action.REVOKE, owner)) {
                return Result.refused(Status.FORBIDDEN);
            }
            Optional<TokenId> id = TokenId.of(tokenId);
            return id.isEmpty() ? Result.refused(Status.NOT_FOUND) : revoke(caller, owner, id.get(), request);
        } catch (Exception e) {
            return Result.failed(e);
        }
    }

    private static List<Issue> violations(
            @Nullable String username, @Nullable String tokenId, RevocationRequest request) {
        List<Issue> ofUsername = Username.violations(username);
        List<Issue> ofReason = Revocation.violationsOfReason(request.reason());
        if (ofUsername.isEmpty() && tokenId != null && ofReason.isEmpty()) {
            return List.of();
        }
        List<Issue> issues = new ArrayList<>(ofUsername);
        if (tokenId == null) {
            issues.add(new Issue("token_id is required"));
        }
        issues.addAll(ofReason);
        return issues;
    }

    private Result<Revocation> revoke(Caller caller, Username owner, TokenId id, RevocationRequest request) {
        UUID revocationId = request.id() == null ? UUID.randomUUID() : request.id();
        Revocation revocation = new Revocation(revocationId, clock.instant(), caller.name(), request.reason());
        if (!store.revoke(owner, id, revocation)) {
            return Result.refused(Status.NOT_FOUND);
        }
        if (request.id() == null) {
            return Result.ok(revocation);
        }
        // The store tells revocations apart by id alone, so who made the one it keeps is still to be compared; a read
        // that
        // does not show it (from a replica that is behind) proves nothing.
        Revocation kept = store.find(id)
                .map(Token::revocation)
                .filter(stored -> stored.id().equals(revocationId))
                .orElseThrow(
                        () -> new IllegalStateException("the store does not show the revocation that it answered"));
        return kept.by().equals(caller.name()) ? Result.ok(kept) : Result.refused(Status.NOT_FOUND);
    }

    private static void log(
            Caller caller, @Nullable String username, @Nullable String tokenId, Result<Revocation> result) {
        boolean failed = result.status() == Status.INTERNAL_SERVER_ERROR;
        if (!failed && !log.isInfoEnabled()) {
            return;
        }
        // A secret that was pasted into the wrong segment of the path may well be a username.
        boolean known = result.status() == Status.OK;
        String whose = known ? username : LogText.excerpt(username);
        String which = known ? tokenId : LogText.excerpt(tokenId);
        if (failed) {
            log.error(
                    "{} revokes token {} of user {}: {}",
                    caller,
                    which,
                    whose,
                    result.status(),
                    result.cause().orElseThrow());
        } else {
            log.info("{} revokes token {} of user {}: {}", caller, which, whose, result.status());
        }
    }
}
