package io.tokenstore.service;

import io.tokenstore.Actor;
import io.tokenstore.NotSerializable;
import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenState;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.service.TokenEvents.AuthenticationFailed.Reason;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Tells who presents a bearer token (RFC 6750).
 *
 * <p>Safe to call from many threads. What can't be a token of this host costs no look-up; the rest costs one, by id.
 */
public final class TokenAuthenticator implements NotSerializable {

    private static final int MAX_HEADER = 1024;
    private static final String SCHEME = "Bearer ";

    private final Object unwritable = UNWRITABLE;
    private final TokenStore store;
    private final List<TokenPrefix> prefixes;
    private final Function<Owner, Role> roles;
    private final Clock clock;
    private final Journal journal;

    TokenAuthenticator(TokenStore store, TokenServices.Settings settings, Function<Owner, Role> roles) {
        this.store = store;
        this.prefixes = settings.prefixes();
        this.roles = roles;
        this.clock = settings.clock();
        this.journal = new Journal(settings.events(), LoggerFactory.getLogger(TokenAuthenticator.class));
    }

    /**
     * Returns who a request's {@code Authorization} header speaks for.
     *
     * <p>That is the owner of a token that is in the store, has one of the host's prefixes, is presented with its secret and is
     * {@linkplain TokenState#ACTIVE active}, if the owner's role is not {@link Role#NONE}; for anything else
     * {@link Caller#anonymous()}: no header, another scheme, a header of more than 1,024 characters. The scheme's case does not
     * matter. {@link TokenEvents#authenticationFailed} says why.
     *
     * @param authorizationHeader the header's value; null if there is none
     * @return the owner, as an administrator if that is their role, or the anonymous caller
     * @throws TokenStoreException if the store failed; nobody is anonymous, or known, because of that
     * @throws IllegalStateException within the host's transaction, whose snapshot may be older than a revocation
     * @throws RuntimeException if the roles throw, or return null
     */
    public Caller authenticate(@Nullable String authorizationHeader) {
        if (authorizationHeader == null || !authorizationHeader.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return refuse(Reason.NO_TOKEN, null, null);
        }
        int begin = SCHEME.length();
        while (begin < authorizationHeader.length() && authorizationHeader.charAt(begin) == ' ') {
            begin++;
        }
        PresentedToken presented = authorizationHeader.length() > MAX_HEADER
                ? null
                : PresentedToken.parse(authorizationHeader, begin).orElse(null);
        if (presented == null || !presented.hasOneOf(prefixes)) {
            return refuse(Reason.MALFORMED, null, null);
        }
        if (store.inHostTransaction()) {
            throw new IllegalStateException(
                    "authenticate before the host's transaction begins: what it sees may be old");
        }
        Token kept = store.find(presented.id()).orElse(null);
        if (kept == null) {
            return refuse(Reason.UNKNOWN, presented.id(), null);
        }
        if (!presented.proves(kept)) {
            return refuse(Reason.WRONG_SECRET, kept.id(), kept.owner());
        }
        // A token that does not expire is not worth a look at the clock, which takes as long as all the rest.
        Instant now = kept.expiresAt() == null ? Instant.EPOCH : clock.instant();
        TokenState state = kept.stateAt(now);
        return state == TokenState.ACTIVE
                ? callerOf(kept)
                : refuse(
                        switch (state) {
                            case EXPIRED -> Reason.EXPIRED;
                            case REVOKED -> Reason.REVOKED;
                            case PENDING -> Reason.PENDING;
                            default -> Reason.UNKNOWN_READER_VERSION;
                        },
                        kept.id(),
                        kept.owner());
    }

    private Caller callerOf(Token token) {
        return switch (Objects.requireNonNull(roles.apply(token.owner()), "the role")) {
            case USER -> Caller.by(token, Actor.Kind.USER);
            case ADMIN -> Caller.by(token, Actor.Kind.ADMIN);
            case NONE -> refuse(Reason.SUSPENDED_OWNER, token.id(), token.owner());
        };
    }

    private Caller refuse(Reason reason, @Nullable TokenId id, @Nullable Owner owner) {
        journal.authenticationFailed(reason, id, owner);
        return Caller.anonymous();
    }
}
