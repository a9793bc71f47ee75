package io.tokenstore;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Issues access tokens: the secret is in the answer once, and the store keeps its hash.
 *
 * <p>Safe to call from many threads. Every attempt is one line in the log.
 */
public final class TokenIssuanceService {

    private static final Logger log = LoggerFactory.getLogger(TokenIssuanceService.class);

    private final TokenStore store;
    private final Clock clock;
    private final TokenPrefix prefix;
    private final TokenLifetimes lifetimes;
    private final Attempts attempts;

    /**
     * Creates a service with the default policy, {@link AccessPolicy#ownerOrAdmin()}, by which owners issue for themselves,
     * the system's clock, and no events.
     *
     * @param store where the tokens are kept
     * @throws NullPointerException if {@code store} is null
     */
    public TokenIssuanceService(TokenStore store) {
        this(store, AccessPolicy.ownerOrAdmin(), Clock.systemUTC(), TokenEvents.none());
    }

    /**
     * Creates a service with the default prefix and lifetimes.
     *
     * @param store where the tokens are kept
     * @param policy who may issue whose tokens
     * @param clock what a token takes its instants from
     * @param events told of each answer
     * @throws NullPointerException if an argument is null
     */
    public TokenIssuanceService(TokenStore store, AccessPolicy policy, Clock clock, TokenEvents events) {
        this(store, policy, clock, events, TokenPrefix.personalAccessToken(), TokenLifetimes.defaults());
    }

    /**
     * Creates a service.
     *
     * @param store where the tokens are kept
     * @param policy who may issue whose tokens
     * @param clock what a token takes its instants from
     * @param events told of each answer
     * @param prefix what the presented form begins with
     * @param lifetimes how long a token may live
     * @throws NullPointerException if an argument is null
     */
    public TokenIssuanceService(
            TokenStore store,
            AccessPolicy policy,
            Clock clock,
            TokenEvents events,
            TokenPrefix prefix,
            TokenLifetimes lifetimes) {
        this.store = Objects.requireNonNull(store, "store");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.prefix = Objects.requireNonNull(prefix, "prefix");
        this.lifetimes = Objects.requireNonNull(lifetimes, "lifetimes");
        this.attempts = new Attempts(policy, events, log);
    }

    /**
     * Issues a token.
     *
     * <p>The answer is {@link Status#UNAUTHORIZED} if the caller is anonymous; else {@link Status#BAD_REQUEST} if the
     * username or the request breaks a rule, with an issue for each violation; else {@link Status#FORBIDDEN} if the policy
     * does not permit it; else {@link Status#OK}. {@link Status#INTERNAL_SERVER_ERROR} if the policy, the clock or the
     * store throws; a token that was kept all the same is of no use to anybody, since nobody has its secret.
     *
     * @param caller who asks
     * @param username the user who is to own the token, as the client sent it
     * @param request its name and its time to live
     * @return the answer, with the secret
     * @throws NullPointerException if {@code caller} or {@code request} is null
     */
    public Result<IssuedToken> issue(Caller caller, @Nullable String username, TokenRequest request) {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(request, "request");
        Result<IssuedToken> result =
                attempts.check(caller, Action.ISSUE, username, violations(request), owner -> issue(owner, request));
        return attempts.conclude(
                result,
                Action.ISSUE,
                () -> result.status() == Status.OK
                        ? caller + " issues token " + result.value().id() + " to user " + username
                        : caller + " issues a token to user " + LogText.excerpt(username),
                watched -> watched.issued(result.value().owner(), result.value().id(), store.inHostTransaction()));
    }

    private List<Issue> violations(TokenRequest request) {
        return Issue.joined(
                request.name() == null
                        ? List.of(new Issue("name is required"))
                        : Text.violations("name", request.name()),
                lifetimes.violations(request.ttl()));
    }

    private Result<IssuedToken> issue(Username owner, TokenRequest request) {
        Instant now = clock.instant();
        Instant expiresAt = request.ttl() == null ? null : now.plus(request.ttl());
        PresentedToken presented = PresentedToken.create(prefix, now);
        Token token = new Token(
                presented.id(), owner, Objects.requireNonNull(request.name()), presented.hash(), now, expiresAt, null);
        store.add(token);
        return Result.ok(new IssuedToken(token, presented.text()));
    }
}
