package io.tokenstore;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A user's access token as a store keeps it: everything but the secret.
 *
 * @param id unique in the store
 * @param owner the user whose token it is
 * @param name what the owner calls it: 1 to 255 code points, no control characters, line separators or unpaired surrogates
 * @param hash the hash of its secret; null for a token that a host authenticates by other means
 * @param createdAt when it was issued, truncated to whole microseconds, within the years 1970 to 9999
 * @param expiresAt when it ends by itself, truncated and bounded like {@code createdAt}; it is expired from that very
 *     instant on; null for a token that does not expire
 * @param revocation the act that revoked it; null while it is not revoked
 */
public record Token(
        TokenId id,
        Username owner,
        String name,
        @Nullable SecretHash hash,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Revocation revocation) {

    /**
     * Creates a token.
     *
     * @param id the component of that name
     * @param owner the component of that name
     * @param name the component of that name
     * @param hash the component of that name
     * @param createdAt the component of that name
     * @param expiresAt the component of that name
     * @param revocation the component of that name
     * @throws NullPointerException if {@code id}, {@code owner}, {@code name} or {@code createdAt} is null
     * @throws InvalidInputException if {@code name} breaks its rule or an instant is out of range
     */
    public Token {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(owner, "owner");
        InvalidInputException.throwIfAny(Text.violations("name", name));
        createdAt = Timestamps.storable("createdAt", createdAt);
        expiresAt = expiresAt == null ? null : Timestamps.storable("expiresAt", expiresAt);
    }

    /**
     * Returns this token with another revocation.
     *
     * @param newRevocation the act that revoked it, or null
     * @return a token that is otherwise equal
     */
    public Token withRevocation(@Nullable Revocation newRevocation) {
        return new Token(id, owner, name, hash, createdAt, expiresAt, newRevocation);
    }

    /**
     * Returns whether this token is of use at an instant.
     *
     * @param now the instant
     * @return revoked, else expired from {@code expiresAt} on, else active
     */
    public TokenState stateAt(Instant now) {
        if (revocation != null) {
            return TokenState.REVOKED;
        }
        return expiresAt == null || now.isBefore(expiresAt) ? TokenState.ACTIVE : TokenState.EXPIRED;
    }

    /**
     * Returns when this token ended or will end: when it was revoked, else when it expires.
     *
     * @return that instant, or null where it is neither revoked nor bound to expire
     */
    public @Nullable Instant endsAt() {
        return revocation == null ? expiresAt : revocation.at();
    }
}
