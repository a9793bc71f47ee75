package io.tokenstore.service;

import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenState;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A token as its owner or an administrator sees it, without the secret and the hash. Any JSON library that supports records and
 * instants writes it.
 *
 * @param id the id, by which it is revoked
 * @param owner the owner of the token
 * @param name what the owner calls it
 * @param scopes what it may do, in ascending order; only {@code *} for everything
 * @param state its state at the time of the answer
 * @param createdAt when it was issued
 * @param expiresAt when it expires; null if it does not
 * @param lastUsedAt its last recorded use, and perhaps it was used later; null if it never was, or if the host records no uses
 * @param renewableUntil until when it can be rotated; null if it can't be
 * @param predecessor the token that it replaces at its first use; null if there is none, or after that use
 * @param revokedAt when it was revoked; null if it was not
 * @param revokedBy who revoked it; null if it was not
 * @param reason why; null if it was not, or if no reason was given
 */
public record TokenSummary(
        String id,
        String owner,
        String name,
        List<String> scopes,
        TokenState state,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt,
        @Nullable Instant renewableUntil,
        @Nullable String predecessor,
        @Nullable Instant revokedAt,
        @Nullable String revokedBy,
        @Nullable String reason) {

    /**
     * Returns a condition that is true for active and pending tokens that expire within a period.
     *
     * <p>A token that this node can't read is neither: send notices from a node of the newest version.
     *
     * @param from the first instant of the period
     * @param to the first instant after it
     * @return the condition, for {@link TokenQueryService#search}
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if {@code to} is before {@code from}
     */
    public static Predicate<TokenSummary> expiring(Instant from, Instant to) {
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("to must not be before from");
        }
        return token -> (token.state() == TokenState.ACTIVE || token.state() == TokenState.PENDING)
                && token.expiresAt() != null
                && !token.expiresAt().isBefore(from)
                && token.expiresAt().isBefore(to);
    }

    static TokenSummary of(Token token, Instant now, @Nullable Instant lastUse) {
        Revocation revocation = token.revocation();
        return new TokenSummary(
                token.id().value(),
                token.owner().value(),
                token.name(),
                token.scopes().toList(),
                token.stateAt(now),
                token.createdAt(),
                token.expiresAt(),
                // The clock of another node may be behind.
                lastUse != null && lastUse.isBefore(token.createdAt()) ? token.createdAt() : lastUse,
                token.renewableUntil(),
                token.predecessor() == null ? null : token.predecessor().value(),
                revocation == null ? null : revocation.at(),
                revocation == null ? null : revocation.by().name(),
                revocation == null ? null : revocation.reason());
    }
}
