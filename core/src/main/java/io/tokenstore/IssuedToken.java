package io.tokenstore;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token that was just issued, with the secret that the client is to keep: the only time that it is seen.
 *
 * <p>Hand {@link #secret()} to the client and drop this object. A JSON library that is handed the object itself fails, and
 * its {@code toString} masks the secret. Immutable.
 */
public final class IssuedToken implements Unserializable {

    private final Token token;
    private final transient String secret;

    IssuedToken(Token token, String secret) {
        this.token = token;
        this.secret = secret;
    }

    /**
     * Returns the id, by which the token is listed and revoked; not a secret.
     *
     * @return the id
     */
    public TokenId id() {
        return token.id();
    }

    /**
     * Returns the user whose token it is.
     *
     * @return the owner
     */
    public Username owner() {
        return token.owner();
    }

    /**
     * Returns what the owner calls it.
     *
     * @return the name
     */
    public String name() {
        return token.name();
    }

    /**
     * Returns when it was issued.
     *
     * @return the instant, in whole microseconds
     */
    public Instant createdAt() {
        return token.createdAt();
    }

    /**
     * Returns when it expires.
     *
     * @return the instant, in whole microseconds, or null if it does not
     */
    public @Nullable Instant expiresAt() {
        return token.expiresAt();
    }

    /**
     * Returns what the client presents as its bearer token (RFC 6750).
     *
     * @return the secret, in its presented form
     */
    public String secret() {
        return secret;
    }

    /** Returns the id and a mask. */
    @Override
    public String toString() {
        return "IssuedToken[" + token.id() + ", masked]";
    }
}
