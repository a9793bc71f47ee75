package io.tokenstore.service;

import io.tokenstore.NotSerializable;
import io.tokenstore.Owner;
import io.tokenstore.Scopes;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token that was just issued, with its secret, which only this object shows.
 *
 * <p>Send {@link #secret()} to the client and drop this object. A JSON library that is given the object itself fails, and its
 * {@code toString} masks the secret. Immutable.
 */
public final class IssuedToken implements NotSerializable {

    private final Token token;
    private final transient String secret;

    IssuedToken(Token token, String secret) {
        this.token = token;
        this.secret = secret;
    }

    /** {@return the id, by which the token is listed and revoked; not a secret} */
    public TokenId id() {
        return token.id();
    }

    /** {@return the user whose token it is} */
    public Owner owner() {
        return token.owner();
    }

    /** {@return what the owner calls it} */
    public String name() {
        return token.name();
    }

    /** {@return what it may do} */
    public Scopes scopes() {
        return token.scopes();
    }

    /** {@return when it was issued, in whole microseconds} */
    public Instant createdAt() {
        return token.createdAt();
    }

    /** {@return when it expires, in whole microseconds; null if it does not} */
    public @Nullable Instant expiresAt() {
        return token.expiresAt();
    }

    /** {@return the token that this one replaces at its first use; null if it replaces none} */
    public @Nullable TokenId predecessor() {
        return token.predecessor();
    }

    /** {@return until when it can be rotated, in whole microseconds; null if it can't be} */
    public @Nullable Instant renewableUntil() {
        return token.renewableUntil();
    }

    /** {@return what the client presents as its bearer token (RFC 6750)} */
    public String secret() {
        return secret;
    }

    /** Returns the id and a mask. */
    @Override
    public String toString() {
        return "IssuedToken[" + token.id() + ", masked]";
    }
}
