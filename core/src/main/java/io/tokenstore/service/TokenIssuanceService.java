package io.tokenstore.service;

import io.tokenstore.NotSerializable;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Scopes;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenState;
import io.tokenstore.TokenStore;
import io.tokenstore.Violation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Issues access tokens. Only the answer holds the secret; the store keeps its hash.
 *
 * <p>Safe to call from many threads. Every attempt is one line in the log.
 */
public final class TokenIssuanceService implements NotSerializable {

    private static final List<String> EVERYTHING = Scopes.all().toList();
    private static final int MAX_ISSUES = 64;
    private static final String TOO_MANY = "rotated too often without being used";
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
     * <p>The answer is {@link Status#UNAUTHORIZED} if the caller is anonymous; else {@link Status#BAD_REQUEST} if the username
     * or the request breaks a rule, with an issue for each violation; else {@link Status#FORBIDDEN} if a token authenticated
     * the caller, whatever its scopes, or the policy does not permit it; else {@link Status#OK}.
     * {@link Status#INTERNAL_SERVER_ERROR} if the policy, the clock or the store throws; a token that was kept nevertheless is
     * of no use, since nobody has its secret.
     *
     * @param caller who asks
     * @param username the user who will own the token, as the client sent it
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
                () -> violations(request),
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
                watched -> tell(watched, caller, result.value()));
    }

    /**
     * Issues a successor that replaces a token at the successor's first use. Until then the token does not change.
     *
     * <p>So a client that did not get the answer keeps its token and asks again. However many answers are lost, at most one
     * successor ever becomes valid, and none if anybody revokes the token first. The successor has the token's owner, name and
     * scopes, and the prefix of these services. It expires at the latest when the token stops being renewable, and lives no
     * longer than the token's own lifetime, or than the lifetimes allow. If a token gets more than
     * {@value Succession#MAX_PENDING} unused successors, the oldest is revoked.
     *
     * <p>The answer is {@link Status#UNAUTHORIZED} if the caller is anonymous; else {@link Status#BAD_REQUEST} if an argument
     * breaks its rule, with an issue for each violation; else {@link Status#FORBIDDEN} unless the caller is the owner, who
     * logged in or authenticated by this token, and the policy permits it; else {@link Status#NOT_FOUND} if the user has no
     * such token, or it has ended; else {@link Status#BAD_REQUEST} if the token can't be rotated: it is not renewable now, not
     * used yet, issued by a later release, or without a hash; its successor would live shorter than the lifetimes allow; or it
     * has a scope that the {@link TokenServices} do not know; else {@link Status#OK}. {@link Status#INTERNAL_SERVER_ERROR} if
     * the policy, the clock or the store throws; repeating the request is always safe.
     *
     * @param caller who asks
     * @param username the user whose token it is, as the client sent it
     * @param tokenId the token's id, as the client sent it
     * @param ttl how long the successor lives, within the lifetimes of the {@link TokenServices}; null for the token's own
     *     lifetime
     * @return the answer, with the successor's secret
     * @throws NullPointerException if {@code caller} is null
     */
    public Result<IssuedToken> rotate(
            Caller caller, @Nullable String username, @Nullable String tokenId, @Nullable Duration ttl) {
        Objects.requireNonNull(caller, "caller");
        Result<IssuedToken> result = gate.admitToToken(
                caller,
                Action.ROTATE,
                username,
                tokenId,
                () -> ttl == null ? List.of() : lifetimes.violations(ttl),
                caller.presented(tokenId),
                (owner, id) -> rotate(caller, owner, id, ttl));
        boolean known = result.status() == Status.OK;
        return journal.record(
                caller,
                Action.ROTATE,
                result,
                () -> caller + " rotates token " + LogText.of(tokenId, known) + " of user "
                        + LogText.of(username, known)
                        + (known ? " to token " + result.value().id() : ""),
                watched -> tell(watched, caller, result.value()));
    }

    private void tell(TokenEvents events, Caller caller, IssuedToken token) {
        events.issued(new TokenEvents.Issued(
                caller, token.owner(), token.id(), token.predecessor(), store.inHostTransaction()));
    }

    private Result<IssuedToken> rotate(Caller caller, Owner owner, TokenId id, @Nullable Duration ttl) {
        Instant now = clock.instant();
        Token token = notEnded(owner, id, now);
        if (token == null) {
            return Result.refused(Status.NOT_FOUND);
        }
        Instant until = token.renewableUntil();
        String objection = objection(token, now);
        Instant end = until == null ? now : endOfSuccessor(token, ttl, now, until);
        if (objection == null && end.isBefore(now.plus(lifetimes.shortest()))) {
            objection = "is not renewable";
        }
        if (objection != null) {
            return Result.badRequest(List.of(new Violation("token_id is of a token that " + objection)));
        }
        revokeTheOldestIfTooMany(caller, owner, id, now);
        PresentedToken presented = PresentedToken.create(prefix, now);
        Token successor = Token.builder(presented.id(), owner, token.name(), now)
                .hash(presented.hash())
                .scopes(token.scopes())
                .predecessor(id)
                .renewableUntil(until)
                .minReaderVersion(token.minReaderVersion())
                .expiresAt(end)
                .build();
        store.add(successor);
        return Result.ok(new IssuedToken(successor, presented.text()));
    }

    private @Nullable Token notEnded(Owner owner, TokenId id, Instant now) {
        return store.find(id)
                .filter(token -> token.owner().equals(owner))
                .filter(token -> token.revocation() == null && token.stateAt(now) != TokenState.EXPIRED)
                .orElse(null);
    }

    /** Returns why a token can't be rotated, apart from how long its successor would live; null if it can be. */
    private @Nullable String objection(Token token, Instant now) {
        if (token.stateAt(now) == TokenState.UNREADABLE) {
            return "a later release issued";
        }
        if (token.predecessor() != null) {
            return "was not used yet";
        }
        if (token.hash() == null) {
            return "this service did not issue";
        }
        if (!knownScopes.isEmpty()
                && !token.scopes().equals(Scopes.all())
                && !knownScopes.containsAll(token.scopes().toList())) {
            return "has a scope that this service does not know";
        }
        return null;
    }

    /**
     * Checks each again before revoking it, since a client that uses it just now would be left without a token. The host's
     * transaction may see too old a state for that.
     */
    private void revokeTheOldestIfTooMany(Caller caller, Owner owner, TokenId id, Instant now) {
        if (store.inHostTransaction()) {
            return;
        }
        for (Token oldest : Succession.tooManyBesidesAnother(store, owner, id, now)) {
            boolean waits = store.find(oldest.id())
                    .filter(token -> Succession.isWaiting(token, id, now))
                    .isPresent();
            if (waits && notEnded(owner, id, now) != null) {
                store.revoke(owner, oldest.id(), new Revocation(UUID.randomUUID(), now, caller.actor(), TOO_MANY));
            }
        }
    }

    /** Returns the earliest end that the token, the request, the lifetimes and the end of renewal allow. */
    private Instant endOfSuccessor(Token token, @Nullable Duration ttl, Instant now, Instant until) {
        Instant expiresAt = token.expiresAt();
        return Stream.of(
                        until,
                        expiresAt == null ? until : now.plus(Duration.between(token.createdAt(), expiresAt)),
                        ttl == null ? until : now.plus(ttl),
                        lifetimes.neverExpiring() ? until : now.plus(lifetimes.longest()))
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    private List<Violation> violations(TokenRequest request) {
        List<Violation> violations = new ArrayList<>(
                request.name() == null
                        ? List.of(new Violation("name is required"))
                        : Gate.violations(() -> Token.builder(PROBE, ANYBODY, request.name(), Instant.EPOCH)
                                .build()));
        violations.addAll(lifetimes.violations(request.ttl()));
        if (request.renewableUntil() != null) {
            violations.addAll(lifetimes.violations(request.renewableUntil(), clock.instant()));
        }
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
                .renewableUntil(request.renewableUntil())
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
