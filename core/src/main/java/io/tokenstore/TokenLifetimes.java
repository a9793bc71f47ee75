package io.tokenstore;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long the tokens that a host issues may live.
 *
 * @param shortest the shortest time to live, more than zero
 * @param longest the longest, at least {@code shortest}, at most 366,000 days
 * @param endless whether a token may also live without an end
 */
public record TokenLifetimes(Duration shortest, Duration longest, boolean endless) {

    private static final Duration MOST = Duration.ofDays(366_000);
    private static final TokenLifetimes DEFAULTS =
            new TokenLifetimes(Duration.ofMinutes(5), Duration.ofDays(366), true);

    /**
     * Creates limits.
     *
     * @param shortest the component of that name
     * @param longest the component of that name
     * @param endless the component of that name
     * @throws NullPointerException if {@code shortest} or {@code longest} is null
     * @throws IllegalArgumentException if they are out of range
     */
    public TokenLifetimes {
        if (shortest.isZero()
                || shortest.isNegative()
                || longest.compareTo(shortest) < 0
                || longest.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("lifetimes must be more than zero, in order, and at most 366,000 days");
        }
    }

    /**
     * Returns 5 minutes to 366 days, or endless.
     *
     * @return the defaults
     */
    public static TokenLifetimes defaults() {
        return DEFAULTS;
    }

    List<Issue> violations(@Nullable Duration ttl) {
        if (ttl == null) {
            return endless ? List.of() : List.of(new Issue("ttl is required"));
        }
        return ttl.compareTo(shortest) < 0 || ttl.compareTo(longest) > 0
                ? List.of(new Issue("ttl must be " + shortest + " to " + longest))
                : List.of();
    }
}
