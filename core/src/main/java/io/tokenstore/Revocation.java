package io.tokenstore;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One act of revoking: when, by whom and why. Revocations with equal ids are the same act.
 *
 * @param id identifies the act
 * @param at when, truncated to whole microseconds, within the years 1970 to 9999
 * @param by who revoked
 * @param reason why: 1 to 255 code points, without control and format characters (joiners are allowed), line separators,
 *     noncharacters and unpaired surrogates; null if no reason was given
 */
public record Revocation(
        UUID id, Instant at, Actor by, @Nullable String reason) {

    /**
     * Creates a revocation.
     *
     * @param id the component of that name
     * @param at the component of that name
     * @param by the component of that name
     * @param reason the component of that name
     * @throws NullPointerException if {@code id}, {@code at} or {@code by} is null
     * @throws InvalidInputException if {@code at} is out of range or {@code reason} breaks its rule
     */
    public Revocation {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(by, "by");
        at = StorableInstant.of("at", at);
        if (reason != null) {
            InvalidInputException.throwIfAny(FreeText.violationsOfInput("reason", reason));
        }
    }
}
