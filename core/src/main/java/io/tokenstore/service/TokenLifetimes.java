package io.tokenstore.service;

import io.tokenstore.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How long the tokens that a host issues may live. */
record TokenLifetimes(
        Duration shortest,
        Duration longest,
        boolean neverExpiring,
        @Nullable Duration longestRenewal) {

    private static final Duration MOST = Duration.ofDays(366_000);

    TokenLifetimes {
        if (shortest.isZero()
                || shortest.isNegative()
                || longest.compareTo(shortest) < 0
                || longest.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("lifetimes must be more than zero, in order, and at most 366,000 days");
        }
        if (longestRenewal != null && (longestRenewal.isNegative() || longestRenewal.compareTo(MOST) > 0)) {
            throw new IllegalArgumentException("the longest renewal must be at most 366,000 days");
        }
    }

    /** Checks the instant until which a token can be rotated. */
    List<Violation> violations(Instant renewableUntil, Instant now) {
        Duration most = longestRenewal == null ? longest : longestRenewal;
        return renewableUntil.isBefore(now.plus(shortest)) || renewableUntil.isAfter(now.plus(most))
                ? List.of(new Violation("renewableUntil must be " + shortest + " to " + most + " from now"))
                : List.of();
    }

    List<Violation> violations(@Nullable Duration ttl) {
        if (ttl == null) {
            return neverExpiring ? List.of() : List.of(new Violation("ttl is required"));
        }
        return ttl.compareTo(shortest) < 0 || ttl.compareTo(longest) > 0
                ? List.of(new Violation("ttl must be " + shortest + " to " + longest))
                : List.of();
    }
}
