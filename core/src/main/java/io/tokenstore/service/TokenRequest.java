package io.tokenstore.service;

import io.tokenstore.NotSerializable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Describes a token to issue. A request that breaks a rule is answered with {@link Status#BAD_REQUEST}. Immutable. */
public final class TokenRequest implements NotSerializable {

    private final Object unwritable = UNWRITABLE;
    private final @Nullable String name;
    private final @Nullable Duration ttl;
    private final @Nullable List<String> scopes;
    private final @Nullable Instant renewableUntil;

    private TokenRequest(
            @Nullable String name,
            @Nullable Duration ttl,
            @Nullable List<String> scopes,
            @Nullable Instant renewableUntil) {
        this.name = name;
        this.ttl = ttl;
        this.scopes = scopes;
        this.renewableUntil = renewableUntil;
    }

    /**
     * Returns a request for a token with a name.
     *
     * @param name what the owner calls it: 1 to 255 code points, without control and format characters (joiners are allowed),
     *     line separators, noncharacters and unpaired surrogates; required
     * @return the request
     */
    public static TokenRequest named(@Nullable String name) {
        return new TokenRequest(name, null, null, null);
    }

    /**
     * Returns this request with a time to live.
     *
     * @param newTtl how long it lives, within the lifetimes of the {@link TokenServices}; null if it does not expire
     * @return the request
     */
    public TokenRequest withTtl(@Nullable Duration newTtl) {
        return new TokenRequest(name, newTtl, scopes, renewableUntil);
    }

    /**
     * Returns this request with scopes.
     *
     * @param newScopes some of the scopes that the {@link TokenServices} know, or only {@code *} for everything; null for
     *     everything, if they know none
     * @return the request
     */
    public TokenRequest withScopes(@Nullable Collection<String> newScopes) {
        return new TokenRequest(
                name,
                ttl,
                newScopes == null ? null : Collections.unmodifiableList(new ArrayList<>(newScopes)),
                renewableUntil);
    }

    /**
     * Returns this request with an instant until which the token can be {@linkplain TokenIssuanceService#rotate rotated}.
     *
     * @param newRenewableUntil until when, within the limits of the {@link TokenServices}; null, the default, if it can't be
     *     rotated
     * @return the request
     */
    public TokenRequest withRenewableUntil(@Nullable Instant newRenewableUntil) {
        return new TokenRequest(name, ttl, scopes, newRenewableUntil);
    }

    /** {@return what the owner calls it} */
    public @Nullable String name() {
        return name;
    }

    /** {@return how long it lives; null if it does not expire} */
    public @Nullable Duration ttl() {
        return ttl;
    }

    /** {@return what it may do; null for everything, if the {@link TokenServices} know no scopes} */
    public @Nullable List<String> scopes() {
        return scopes;
    }

    /** {@return until when it can be rotated; null if it can't be} */
    public @Nullable Instant renewableUntil() {
        return renewableUntil;
    }
}
