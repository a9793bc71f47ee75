package io.tokenstore;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An access token as a store keeps it: everything except the secret. Immutable; equal if all components are.
 *
 * <p>A store keeps, returns and compares every component, whatever it means. A JSON library that is given a token fails.
 */
public final class Token implements NotSerializable {

    /** The largest {@link #minReaderVersion} that this release understands. */
    public static final int READER_VERSION = 0;

    private final TokenId id;
    private final Owner owner;
    private final String name;
    private final @Nullable SecretHash hash;
    private final Scopes scopes;
    private final @Nullable TokenId predecessor;
    private final @Nullable Instant renewableUntil;
    private final int minReaderVersion;
    private final Instant createdAt;
    private final @Nullable Instant expiresAt;
    private final @Nullable Revocation revocation;

    private Token(Builder from) {
        id = Objects.requireNonNull(from.id, "id");
        owner = Objects.requireNonNull(from.owner, "owner");
        InvalidInputException.throwIfAny(FreeText.violationsOfInput("name", from.name));
        name = from.name;
        hash = from.hash;
        scopes = Objects.requireNonNull(from.scopes, "scopes");
        predecessor = from.predecessor;
        renewableUntil = StorableInstant.ofNullable("renewableUntil", from.renewableUntil);
        if (from.minReaderVersion < 0) {
            throw new InvalidInputException(List.of(new Violation("minReaderVersion must not be negative")));
        }
        minReaderVersion = from.minReaderVersion;
        createdAt = StorableInstant.of("createdAt", from.createdAt);
        expiresAt = StorableInstant.ofNullable("expiresAt", from.expiresAt);
        revocation = from.revocation;
    }

    /**
     * Returns a builder of a token that has no hash, permits nothing and never expires.
     *
     * @param id unique in the store
     * @param owner whose token it is
     * @param name what the owner calls it: 1 to 255 code points, without control and format characters (joiners are
     *     allowed), line separators, noncharacters and unpaired surrogates
     * @param createdAt when it was issued, truncated to whole microseconds, within the years 1970 to 9999
     * @return a builder
     */
    public static Builder builder(TokenId id, Owner owner, String name, Instant createdAt) {
        return new Builder(id, owner, name, createdAt);
    }

    /** {@return a builder that begins with every component of this token} */
    public Builder toBuilder() {
        return new Builder(id, owner, name, createdAt)
                .hash(hash)
                .scopes(scopes)
                .predecessor(predecessor)
                .renewableUntil(renewableUntil)
                .minReaderVersion(minReaderVersion)
                .expiresAt(expiresAt)
                .revocation(revocation);
    }

    /** {@return the id, unique in the store and not a secret} */
    public TokenId id() {
        return id;
    }

    /** {@return whose token it is} */
    public Owner owner() {
        return owner;
    }

    /** {@return what the owner calls it} */
    public String name() {
        return name;
    }

    /** {@return the hash of its secret; null for a token that the host authenticates by other means} */
    public @Nullable SecretHash hash() {
        return hash;
    }

    /** {@return what it may do} */
    public Scopes scopes() {
        return scopes;
    }

    /** {@return the token that this one replaces at its first use; null if there is none, or after that use} */
    public @Nullable TokenId predecessor() {
        return predecessor;
    }

    /** {@return until when it can be rotated, in whole microseconds; null if it can't be} */
    public @Nullable Instant renewableUntil() {
        return renewableUntil;
    }

    /**
     * Returns the lowest reader version that may authenticate anybody by this token.
     *
     * <p>A later release that adds a restriction writes a larger number. So a node that does not know the restriction rejects
     * the token instead of ignoring the restriction, as with {@code crit} in RFC 7515.
     *
     * @return 0 or more
     */
    public int minReaderVersion() {
        return minReaderVersion;
    }

    /** {@return when it was issued, in whole microseconds} */
    public Instant createdAt() {
        return createdAt;
    }

    /** {@return the instant from which it is expired, in whole microseconds; null if it does not expire} */
    public @Nullable Instant expiresAt() {
        return expiresAt;
    }

    /** {@return the act that revoked it; null while it is not revoked} */
    public @Nullable Revocation revocation() {
        return revocation;
    }

    /**
     * {@return this token with another revocation}
     *
     * @param newRevocation the act that revoked it, or null
     */
    public Token withRevocation(@Nullable Revocation newRevocation) {
        return toBuilder().revocation(newRevocation).build();
    }

    /**
     * Returns the state of this token at an instant.
     *
     * @param now the instant
     * @return the first that applies: revoked, expired (from {@code expiresAt} on), unreadable to this release, pending;
     *     otherwise active
     */
    public TokenState stateAt(Instant now) {
        if (revocation != null) {
            return TokenState.REVOKED;
        }
        if (expiresAt != null && !now.isBefore(expiresAt)) {
            return TokenState.EXPIRED;
        }
        if (minReaderVersion > READER_VERSION) {
            return TokenState.UNREADABLE;
        }
        return predecessor == null ? TokenState.ACTIVE : TokenState.PENDING;
    }

    /** {@return when it was revoked, else when it expires; null if it is not revoked and does not expire} */
    public @Nullable Instant endsAt() {
        return revocation == null ? expiresAt : revocation.at();
    }

    private List<@Nullable Object> components() {
        return Arrays.asList(
                id,
                owner,
                name,
                hash,
                scopes,
                predecessor,
                renewableUntil,
                minReaderVersion,
                createdAt,
                expiresAt,
                revocation);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Token that && components().equals(that.components());
    }

    @Override
    public int hashCode() {
        return components().hashCode();
    }

    /** Returns every component, with the hash masked. */
    @Override
    public String toString() {
        return "Token" + components();
    }

    /** Builds a {@link Token}. Not safe to use from several threads. */
    public static final class Builder implements NotSerializable {

        private final TokenId id;
        private final Owner owner;
        private final String name;
        private final Instant createdAt;
        private @Nullable SecretHash hash;
        private Scopes scopes = Scopes.none();
        private @Nullable TokenId predecessor;
        private @Nullable Instant renewableUntil;
        private int minReaderVersion;
        private @Nullable Instant expiresAt;
        private @Nullable Revocation revocation;

        private Builder(TokenId id, Owner owner, String name, Instant createdAt) {
            this.id = id;
            this.owner = owner;
            this.name = name;
            this.createdAt = createdAt;
        }

        /**
         * {@return this builder, with the hash of the secret}
         * @param newHash the hash; null, the default, for a token that the host authenticates by other means
         */
        public Builder hash(@Nullable SecretHash newHash) {
            hash = newHash;
            return this;
        }

        /**
         * {@return this builder, with the token's scopes}
         * @param newScopes the scopes; {@link Scopes#none()} by default
         */
        public Builder scopes(Scopes newScopes) {
            scopes = newScopes;
            return this;
        }

        /**
         * {@return this builder, with the token to replace at the first use}
         * @param newPredecessor the id of that token; null, the default, if there is none
         */
        public Builder predecessor(@Nullable TokenId newPredecessor) {
            predecessor = newPredecessor;
            return this;
        }

        /**
         * {@return this builder, with the instant until which the token can be rotated}
         * @param newRenewableUntil truncated and bounded like the instant of issue; null, the default, if it can't be rotated
         */
        public Builder renewableUntil(@Nullable Instant newRenewableUntil) {
            renewableUntil = newRenewableUntil;
            return this;
        }

        /**
         * {@return this builder, with the lowest reader version that may authenticate anybody by the token}
         * @param newMinReaderVersion 0 or more; 0 by default
         */
        public Builder minReaderVersion(int newMinReaderVersion) {
            minReaderVersion = newMinReaderVersion;
            return this;
        }

        /**
         * {@return this builder, with the instant from which the token is expired}
         * @param newExpiresAt truncated and bounded like the instant of issue; null, the default, if it does not expire
         */
        public Builder expiresAt(@Nullable Instant newExpiresAt) {
            expiresAt = newExpiresAt;
            return this;
        }

        /**
         * {@return this builder, with the act that revoked the token}
         * @param newRevocation the revocation; null, the default, if it is not revoked
         */
        public Builder revocation(@Nullable Revocation newRevocation) {
            revocation = newRevocation;
            return this;
        }

        /**
         * Builds the token.
         *
         * @return the token
         * @throws NullPointerException if the id, the owner, the name, the instant of issue or the scopes are null
         * @throws InvalidInputException if the name breaks its rule, an instant is out of range, or the reader version is
         *     negative
         */
        public Token build() {
            return new Token(this);
        }
    }
}
