package io.tokenstore;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One act of revoking: when, by whom and why; two are the same act when their ids are equal.
 *
 * @param id what tells this act from every other
 * @param at when, truncated to whole microseconds, within the years 1970 to 9999
 * @param by the name of who revoked: 1 to 255 code points, no control characters, line separators or unpaired surrogates
 * @param reason why, by the same rule as {@code by}; null where no reason was given
 */
public record Revocation(
        UUID id, Instant at, String by, @Nullable String reason) {

    /**
     * Creates a revocation.
     *
     * @param id the component of that name
     * @param at the component of that name
     * @param by the component of that name
     * @param reason the component of that name
     * @throws NullPointerException if {@code id}, {@code at} or {@code by} is null
     * @throws InvalidInputException if {@code at} is out of range, or {@code by} or {@code reason} breaks its rule
     */
    public Revocation {
        Objects.requireNonNull(id, "id");
        at = Timestamps.storable("at", at);
        InvalidInputException.throwIfAny(Issue.joined(Text.violations("by", by), violationsOfReason(reason)));
    }

    static List<Issue> violationsOfReason(@Nullable String reason) {
        return reason == null ? List.of() : Text.violations("reason", reason);
    }
}
