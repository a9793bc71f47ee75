package io.tokenstore.service;

import io.tokenstore.NotSerializable;
import io.tokenstore.Scopes;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The token that authenticated a caller, without its secret and its hash. Immutable. */
public final class CurrentToken implements NotSerializable {

    private final Object unwritable = UNWRITABLE;
    private final TokenId id;
    private final String name;
    private final Scopes scopes;
    private final @Nullable Instant expiresAt;

    CurrentToken(Token token) {
        this.id = token.id();
        this.name = token.name();
        this.scopes = token.scopes();
        this.expiresAt = token.expiresAt();
    }

    /** {@return the id, by which the token is listed and revoked; not a secret} */
    public TokenId id() {
        return id;
    }

    /** {@return what the owner calls it} */
    public String name() {
        return name;
    }

    /** {@return what it may do} */
    public Scopes scopes() {
        return scopes;
    }

    /** {@return when it expires, in whole microseconds; null if it does not} */
    public @Nullable Instant expiresAt() {
        return expiresAt;
    }

    /** Returns the id and the scopes. */
    @Override
    public String toString() {
        return "CurrentToken[" + id + ", " + scopes + "]";
    }
}
