package io.tokenstore;

import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells who presents a bearer token (RFC 6750).
 *
 * <p>Safe to call from many threads. What can't be a token of this host's costs no look-up; the rest costs one, by id.
 */
public final class TokenAuthenticator {

    private static final int MAX_HEADER = 1024;
    private static final String SCHEME = "Bearer ";

    private final TokenStore store;
    private final Predicate<Username> isAdmin;
    private final Clock clock;
    private final TokenPrefix prefix;

    /**
     * Creates an authenticator for tokens of the default prefix, with the system's clock.
     *
     * @param store where the tokens are
     * @param isAdmin whether a user is an administrator; an exception that it throws is the caller's
     * @throws NullPointerException if an argument is null
     */
    public TokenAuthenticator(TokenStore store, Predicate<Username> isAdmin) {
        this(store, isAdmin, Clock.systemUTC(), TokenPrefix.personalAccessToken());
    }

    /**
     * Creates an authenticator.
     *
     * @param store where the tokens are
     * @param isAdmin whether a user is an administrator; an exception that it throws is the caller's
     * @param clock by which tokens expire
     * @param prefix what the host's tokens begin with
     * @throws NullPointerException if an argument is null
     */
    public TokenAuthenticator(TokenStore store, Predicate<Username> isAdmin, Clock clock, TokenPrefix prefix) {
        this.store = Objects.requireNonNull(store, "store");
        this.isAdmin = Objects.requireNonNull(isAdmin, "isAdmin");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.prefix = Objects.requireNonNull(prefix, "prefix");
    }

    /**
     * Returns who a request's {@code Authorization} header speaks for.
     *
     * <p>That is the owner of a token that is in the store, is presented with its secret, has not expired and is not
     * revoked; for anything else {@link Caller#anonymous()}: no header, another scheme, a malformed, unknown, expired or
     * revoked token, a wrong secret, a header of more than 1,024 characters. The scheme's case does not matter.
     *
     * @param authorizationHeader the header's value; null where there is none
     * @return the user, as an administrator where the host says so, or the anonymous caller
     * @throws TokenStoreException if the store failed; nobody is anonymous, or known, because of that
     */
    public Caller authenticate(@Nullable String authorizationHeader) {
        if (authorizationHeader == null
                || authorizationHeader.length() > MAX_HEADER
                || !authorizationHeader.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Caller.anonymous();
        }
        int begin = SCHEME.length();
        while (begin < authorizationHeader.length() && authorizationHeader.charAt(begin) == ' ') {
            begin++;
        }
        Optional<PresentedToken> presented = PresentedToken.parse(prefix, authorizationHeader, begin);
        if (presented.isEmpty()) {
            return Caller.anonymous();
        }
        Token kept = store.find(presented.get().id()).orElse(null);
        return kept != null && presented.get().proves(kept) && isActive(kept)
                ? callerOf(kept.owner())
                : Caller.anonymous();
    }

    /** A token that does not expire is not worth a look at the clock, which takes as long as all the rest. */
    private boolean isActive(Token token) {
        Instant now = token.expiresAt() == null ? Instant.EPOCH : clock.instant();
        return token.stateAt(now) == TokenState.ACTIVE;
    }

    private Caller callerOf(Username owner) {
        return isAdmin.test(owner) ? Caller.admin(owner) : Caller.user(owner);
    }
}
