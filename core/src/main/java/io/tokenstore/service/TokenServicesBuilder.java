package io.tokenstore.service;

import io.tokenstore.NotSerializable;
import io.tokenstore.Owner;
import io.tokenstore.Scopes;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenUses;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Builds {@link TokenServices}. Not safe to use from several threads. */
public final class TokenServicesBuilder implements NotSerializable {

    private static final Duration DEFAULT_GRANULE = Duration.ofMinutes(1);

    private final Object unwritable = UNWRITABLE;
    private final TokenStore store;
    private @Nullable Duration maxStaleness;
    private int remembered;
    private @Nullable TokenUses uses;
    private Duration granule = DEFAULT_GRANULE;
    private List<TokenPrefix> prefixes = List.of(new TokenPrefix("pat"));
    private TokenForms forms = new TokenForms(List.of());
    private TokenLifetimes lifetimes = new TokenLifetimes(Duration.ofMinutes(5), Duration.ofDays(366), false, null);
    private Set<String> scopes = Set.of();
    private int limit = Integer.MAX_VALUE;
    private Clock clock = Clock.systemUTC();
    private TokenEvents events = TokenEvents.none();
    private Function<Owner, Role> roles = owner -> Role.USER;
    private AccessPolicy policy = AccessPolicy.ownerOrAdmin();
    private UsernameRule usernames = UsernameRule.openApi();

    TokenServicesBuilder(TokenStore store) {
        this.store = store;
    }

    /**
     * Sets the beginning of the host's tokens, by which secret scanners and people recognize them. It is {@code acme_pat} in
     * {@code acme_pat_0Kc…}. A token is bound to its prefix: with another prefix it is another token.
     *
     * @param issued the prefix of new tokens, {@code pat} by default: 1 to 20 ASCII letters, digits and underscores, the first
     *     a letter, the last not an underscore
     * @param alsoAccepted the prefixes of other tokens that also authenticate
     * @return this builder
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if a prefix breaks its rule
     */
    public TokenServicesBuilder prefix(String issued, String... alsoAccepted) {
        prefixes = Stream.concat(Stream.of(issued), Stream.of(alsoAccepted))
                .map(TokenPrefix::new)
                .toList();
        return this;
    }

    /**
     * Sets the forms of an older scheme's tokens, which then authenticate and are revoked like ours.
     *
     * @param older the formats, asked in this order about strings that do not have our own form; none by default
     * @return this builder
     * @throws NullPointerException if an argument is null
     */
    public TokenServicesBuilder formats(TokenFormat... older) {
        forms = new TokenForms(List.of(older));
        return this;
    }

    /**
     * Sets how long issued tokens may live.
     *
     * @param shortest the shortest time to live, more than zero; 5 minutes by default
     * @param longest the longest, at least {@code shortest}, at most 366,000 days; 366 days by default
     * @return this builder
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if an argument is out of range
     */
    public TokenServicesBuilder lifetimes(Duration shortest, Duration longest) {
        lifetimes = new TokenLifetimes(shortest, longest, lifetimes.neverExpiring(), lifetimes.longestRenewal());
        return this;
    }

    /**
     * Allows tokens that never expire; by default each token has an end.
     *
     * @return this builder
     */
    public TokenServicesBuilder allowNeverExpiring() {
        lifetimes = new TokenLifetimes(lifetimes.shortest(), lifetimes.longest(), true, lifetimes.longestRenewal());
        return this;
    }

    /**
     * Sets how long after its issue a token may be renewable, if its request asks for it. The token and all its successors by
     * rotation end by then.
     *
     * @param longest the longest time, at least the shortest lifetime, at most 366,000 days; the longest lifetime by default
     * @return this builder
     * @throws NullPointerException if {@code longest} is null
     * @throws IllegalArgumentException if {@code longest} is negative or more than 366,000 days
     */
    public TokenServicesBuilder renewableFor(Duration longest) {
        lifetimes = new TokenLifetimes(
                lifetimes.shortest(),
                lifetimes.longest(),
                lifetimes.neverExpiring(),
                Objects.requireNonNull(longest, "longest"));
        return this;
    }

    /**
     * Sets the scopes that the host knows. A token can be issued with these, with {@code *} for everything, and with
     * {@code tokens} and {@code tokens:admin}, which let it list and revoke its owner's tokens, or those of others.
     *
     * <p>The host checks its own scopes with {@link Caller#permits}; the services check those two.
     *
     * @param known the scopes, perhaps none; unless this method is called, every token permits everything
     * @return this builder
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if a scope breaks the rule of {@link Scopes}
     */
    public TokenServicesBuilder scopes(String... known) {
        List<String> all = new ArrayList<>(List.of(known));
        all.addAll(List.of(Caller.MANAGES_TOKENS, Caller.MANAGES_TOKENS_OF_ALL));
        all.forEach(scope -> Scopes.of(List.of(scope))); // One by one: a token has at most 64.
        scopes = Set.copyOf(all);
        return this;
    }

    /**
     * Sets the function that returns an owner's current role; it is asked at every authentication. An administrator with a
     * token acts as one only if the token has the scope {@code tokens:admin} or {@code *}.
     *
     * @param newRoles the roles; by default everybody is a user. What it throws propagates, and a null is an exception too
     * @return this builder
     * @throws NullPointerException if {@code newRoles} is null
     */
    public TokenServicesBuilder roles(Function<Owner, Role> newRoles) {
        roles = Objects.requireNonNull(newRoles, "roles");
        return this;
    }

    /**
     * Sets who may do what with whose tokens.
     *
     * @param newPolicy the policy; {@link AccessPolicy#ownerOrAdmin()} by default
     * @return this builder
     * @throws NullPointerException if {@code newPolicy} is null
     */
    public TokenServicesBuilder policy(AccessPolicy newPolicy) {
        policy = Objects.requireNonNull(newPolicy, "policy");
        return this;
    }

    /**
     * Sets which usernames are accepted.
     *
     * @param newUsernames the rule; {@link UsernameRule#openApi()} by default
     * @return this builder
     * @throws NullPointerException if {@code newUsernames} is null
     */
    public TokenServicesBuilder usernames(UsernameRule newUsernames) {
        usernames = Objects.requireNonNull(newUsernames, "usernames");
        return this;
    }

    /**
     * Sets the clock by which tokens are issued, expire and are revoked.
     *
     * @param newClock the clock; the system's by default
     * @return this builder
     * @throws NullPointerException if {@code newClock} is null
     */
    public TokenServicesBuilder clock(Clock newClock) {
        clock = Objects.requireNonNull(newClock, "clock");
        return this;
    }

    /**
     * Sets the listener that is told of each answer.
     *
     * @param newEvents the listener; {@link TokenEvents#none()} by default
     * @return this builder
     * @throws NullPointerException if {@code newEvents} is null
     */
    public TokenServicesBuilder events(TokenEvents newEvents) {
        events = Objects.requireNonNull(newEvents, "events");
        return this;
    }

    /**
     * Sets how many active tokens an owner may have. It is a guard, not a quota: concurrent requests can exceed it.
     *
     * @param mostActive the most active tokens of an owner, 1 or more; no limit by default
     * @return this builder
     * @throws IllegalArgumentException if {@code mostActive} is less than 1
     */
    public TokenServicesBuilder limit(int mostActive) {
        if (mostActive < 1) {
            throw new IllegalArgumentException("the limit must be 1 or more");
        }
        limit = mostActive;
        return this;
    }

    /**
     * Lets a token that authenticated do so again for a while without asking the store; off by default.
     *
     * <p>A revocation through these services takes effect at once. A revocation through another node, other services, the store
     * itself or the host's transaction takes effect for every authentication that begins more than the bound after its commit.
     * The bound counts from before the look-up began, by the monotonic clock and by the {@linkplain #clock clock} of these
     * services, whichever is stricter. Once it has passed, a failing store makes authentication throw. Roles, scopes, expiry
     * and rotation work as they do without it.
     *
     * @param bound for how long, 10 milliseconds to 1 hour
     * @return this builder
     * @throws NullPointerException if {@code bound} is null
     * @throws IllegalArgumentException if {@code bound} is out of range
     */
    public TokenServicesBuilder maxStaleness(Duration bound) {
        return maxStaleness(bound, RecentLooks.DEFAULT_ENTRIES);
    }

    /**
     * Does what {@link #maxStaleness(Duration)} does, with a limit of remembered tokens.
     *
     * @param bound for how long, 10 milliseconds to 1 hour
     * @param tokens how many tokens are remembered at most, 4 to 10,000,000, rounded up to a power of two; 16,384 by default.
     *     Choose four times as many as are presented within the bound: a full table forgets before the bound has passed
     * @return this builder
     * @throws NullPointerException if {@code bound} is null
     * @throws IllegalArgumentException if an argument is out of range
     */
    public TokenServicesBuilder maxStaleness(Duration bound, int tokens) {
        RecentLooks.requireInRange(bound, tokens);
        maxStaleness = bound;
        remembered = tokens;
        return this;
    }

    /**
     * Records the last use of each token, to the minute; off by default. See {@link #uses(TokenUses, Duration)}.
     *
     * @param newUses keeps the uses; usually the store
     * @return this builder
     * @throws NullPointerException if {@code newUses} is null
     */
    public TokenServicesBuilder uses(TokenUses newUses) {
        return uses(newUses, DEFAULT_GRANULE);
    }

    /**
     * Records the last use of each token, every time that it authenticates. Lists then show it as
     * {@link TokenSummary#lastUsedAt}, and fail if the uses can't be read. A list within the host's transaction reads the uses
     * in it if this builder's store keeps them and the store of {@link TokenServices#withStore} is also a {@link TokenUses}.
     *
     * <p>Uses wait in memory until the host calls {@link TokenServices#flushUses}, regularly and before it ends. A killed
     * process loses the uses that wait. At most 100,000 tokens have waiting uses at a time; further uses are lost, and each
     * flush logs their number.
     *
     * @param newUses keeps the uses; usually the store
     * @param newGranule how much later the next use must be to be recorded, 1 second to 1 day; a minute by default
     * @return this builder
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if {@code newGranule} is out of range
     */
    public TokenServicesBuilder uses(TokenUses newUses, Duration newGranule) {
        RecentUses.requireInRange(newGranule);
        uses = Objects.requireNonNull(newUses, "uses");
        granule = newGranule;
        return this;
    }

    /**
     * {@return the services, which later calls of this builder do not change}
     *
     * @throws IllegalArgumentException if {@link #renewableFor} is less than the shortest lifetime
     */
    public TokenServices build() {
        return build(maxStaleness == null ? null : new RecentLooks(maxStaleness, remembered, System::nanoTime));
    }

    TokenServices build(@Nullable RecentLooks recent) {
        if (lifetimes.longestRenewal() != null && lifetimes.longestRenewal().compareTo(lifetimes.shortest()) < 0) {
            throw new IllegalArgumentException("renewableFor must be at least the shortest lifetime");
        }
        Gate gate = new Gate(policy, usernames);
        RecentUses recentUses =
                uses == null ? null : new RecentUses(uses, uses == store, granule, clock, RecentUses.MAX_TOKENS);
        TokenServices.Settings settings = new TokenServices.Settings(
                prefixes, forms, lifetimes, scopes, limit, gate, clock, events, recent, recentUses);
        TokenStore watched = settings.watched(store);
        return new TokenServices(settings, watched, new TokenAuthenticator(watched, settings, roles));
    }
}
