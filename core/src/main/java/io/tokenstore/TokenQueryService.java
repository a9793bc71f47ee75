package io.tokenstore;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists a user's tokens, for the user and for administrators.
 *
 * <p>Safe to call from many threads. Every attempt is one line in the log.
 */
public final class TokenQueryService {

    private static final Logger log = LoggerFactory.getLogger(TokenQueryService.class);

    private final TokenStore store;
    private final Clock clock;
    private final Attempts attempts;

    /**
     * Creates a service with the default policy, {@link AccessPolicy#ownerOrAdmin()}, the system's clock, and no events.
     *
     * @param store where the tokens are
     * @throws NullPointerException if {@code store} is null
     */
    public TokenQueryService(TokenStore store) {
        this(store, AccessPolicy.ownerOrAdmin(), Clock.systemUTC(), TokenEvents.none());
    }

    /**
     * Creates a service.
     *
     * @param store where the tokens are
     * @param policy who may list whose tokens
     * @param clock by which tokens expire
     * @param events told of each answer but OK
     * @throws NullPointerException if an argument is null
     */
    public TokenQueryService(TokenStore store, AccessPolicy policy, Clock clock, TokenEvents events) {
        this.store = Objects.requireNonNull(store, "store");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.attempts = new Attempts(policy, events, log);
    }

    /**
     * Lists a page of a user's tokens, in whatever state they are, in the order of their ids.
     *
     * <p>The answer is {@link Status#UNAUTHORIZED} if the caller is anonymous; else {@link Status#BAD_REQUEST} if the
     * username or the page breaks a rule, with an issue for each violation; else {@link Status#FORBIDDEN} if the policy
     * does not permit it; else {@link Status#OK}, also for a user who has no token or does not exist.
     * {@link Status#INTERNAL_SERVER_ERROR} if the policy, the clock or the store throws.
     *
     * @param caller who asks
     * @param username the user whose tokens they are, as the client sent it
     * @param page which page
     * @return the answer
     * @throws NullPointerException if {@code caller} or {@code page} is null
     */
    public Result<TokenPage> list(Caller caller, @Nullable String username, PageRequest page) {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(page, "page");
        Result<TokenPage> result =
                attempts.check(caller, Action.LIST, username, page.violations(), owner -> list(owner, page));
        return attempts.conclude(
                result,
                Action.LIST,
                // A secret that was pasted for the username is a user who has no tokens.
                () -> caller + " lists tokens of user "
                        + LogText.of(
                                username,
                                result.status() == Status.OK
                                        && !result.value().tokens().isEmpty()),
                watched -> {});
    }

    private Result<TokenPage> list(Username owner, PageRequest page) {
        TokenId after = page.after() == null ? null : new TokenId(page.after());
        List<Token> tokens = store.list(owner, after, page.limit());
        Instant now = clock.instant();
        String next = tokens.size() < page.limit()
                ? null
                : tokens.get(tokens.size() - 1).id().value();
        return Result.ok(new TokenPage(
                tokens.stream().map(token -> TokenSummary.of(token, now)).toList(), next));
    }
}
