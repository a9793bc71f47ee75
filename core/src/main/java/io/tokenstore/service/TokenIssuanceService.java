package io.tokenstore.service;

import io.tokenstore.NotSerializable;
import io.tokenstore.Owner;
import io.tokenstore.Scopes;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenState;
import io.tokenstore.TokenStore;
import io.tokenstore.Violation;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Issues access tokens: the secret is in the answer once, and the store keeps its hash.
 *
 * <p>Safe to call from many threads. Every attempt is one line in the log.
 */
public final class TokenIssuanceService implements NotSerializable {

    private static final List<String> EVERYTHING = Scopes.all().toList();
    private static final int MAX_ISSUES = 64;
    private static final TokenId PROBE = new TokenId("probe");
    private static final Owner ANYBODY = new Owner("anybody");

    private final Object unwritable = UNWRITABLE;
    private final TokenStore store;
    private final Clock clock;
    private final TokenPrefix prefix;
    private final TokenLifetimes lifetimes;
    private final Set<String> knownScopes;
    private final int limit;
    private final Gate gate;
    private final Journal journal;

    TokenIssuanceService(TokenStore store, TokenServices.Settings settings) {
        this.store = store;
        this.clock = settings.clock();
        this.prefix = settings.prefixes().get(0);
        this.lifetimes = settings.lifetimes();
        this.knownScopes = settings.scopes();
        this.limit = settings.limit();
        this.gate = settings.gate();
        this.journal = new Journal(settings.events(), LoggerFactory.getLogger(TokenIssuanceService.class));
    }

    /**
     * Issues a token.
     *
     * <p>The answer is {@link Status#UNAUTHORIZED} if the caller is anonymous; else {@link Status#BAD_REQUEST} if the
     * username or the request breaks a rule, with an issue for each violation; else {@link Status#FORBIDDEN} if a token
     * authenticated the caller, whatever its scopes, or the policy does not permit it; else {@link Status#OK}.
     * {@link Status#INTERNAL_SERVER_ERROR} if the policy, the clock or the store throws; a token that was kept all the same is
     * of no use to anybody, since nobody has its secret.
     *
     * @param caller who asks
     * @param username the user who is to own the token, as the client sent it
     * @param request its name, its time to live and its scopes
     * @return the answer, with the secret
     * @throws NullPointerException if {@code caller} or {@code request} is null
     */
    public Result<IssuedToken> issue(Caller caller, @Nullable String username, TokenRequest request) {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(request, "request");
        Result<IssuedToken> result = gate.admit(
                caller,
                Action.ISSUE,
                username,
                violations(request),
                false,
                secret -> Result.badRequest(List.of(new Violation("username must not hold a token"))),
                owner -> issue(owner, request));
        return journal.record(
                caller,
                Action.ISSUE,
                result,
                () -> result.status() == Status.OK
                        ? caller + " issues token " + result.value().id() + " to user " + username
                        : caller + " issues a token to user " + LogText.excerpt(username),
                watched -> watched.issued(new TokenEvents.Issued(
                        caller, result.value().owner(), result.value().id(), store.inHostTransaction())));
    }

    private List<Violation> violations(TokenRequest request) {
        List<Violation> violations = new ArrayList<>(
                request.name() == null
                        ? List.of(new Violation("name is required"))
                        : Gate.violations(() -> Token.builder(PROBE, ANYBODY, request.name(), Instant.EPOCH)
                                .build()));
        violations.addAll(lifetimes.violations(request.ttl()));
        violations.addAll(violations(request.scopes()));
        return violations;
    }

    private List<Violation> violations(@Nullable List<String> scopes) {
        if (scopes == null) {
            return knownScopes.isEmpty() ? List.of() : List.of(new Violation("scopes are required"));
        }
        if (scopes.equals(EVERYTHING)) {
            return List.of();
        }
        List<Violation> unknown = IntStream.range(0, scopes.size())
                .filter(i -> scopes.get(i) == null || !knownScopes.contains(scopes.get(i)))
                .limit(MAX_ISSUES)
                .mapToObj(i -> new Violation("scopes[" + i + "] "
                        + (EVERYTHING.contains(String.valueOf(scopes.get(i)))
                                ? "must stand alone"
                                : "is not a scope that this service knows")))
                .toList();
        return unknown.isEmpty() ? Gate.violations(() -> Scopes.of(scopes)) : unknown;
    }

    private Result<IssuedToken> issue(Owner owner, TokenRequest request) {
        Instant now = clock.instant();
        if (limit < Integer.MAX_VALUE && hasAsManyAsTheLimit(owner, now)) {
            return Result.badRequest(List.of(new Violation("an owner must have at most " + limit + " active tokens")));
        }
        PresentedToken presented = PresentedToken.create(prefix, now);
        List<String> scopes = request.scopes();
        Token token = Token.builder(presented.id(), owner, Objects.requireNonNull(request.name()), now)
                .hash(presented.hash())
                .scopes(scopes == null || scopes.equals(EVERYTHING) ? Scopes.all() : Scopes.of(scopes))
                .expiresAt(request.ttl() == null ? null : now.plus(request.ttl()))
                .build();
        store.add(token);
        return Result.ok(new IssuedToken(token, presented.text()));
    }

    private boolean hasAsManyAsTheLimit(Owner owner, Instant now) {
        long active = 0;
        TokenId after = null;
        do {
            TokenPage page = store.list(owner, after, TokenStore.MAX_PAGE);
            active += page.tokens().stream()
                    .filter(token -> token.stateAt(now) == TokenState.ACTIVE)
                    .count();
            after = page.resumeAfter();
        } while (active < limit && after != null);
        return active >= limit;
    }
}
