package io.tokenstore;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The instants that every store can keep exactly: whole microseconds of the years 1970 to 9999, UTC. */
final class StorableInstant {

    private static final Instant FIRST = Instant.EPOCH;
    private static final Instant AFTER_LAST = Instant.parse("+10000-01-01T00:00:00Z");

    private StorableInstant() {}

    static Instant of(String field, Instant instant) {
        if (instant.isBefore(FIRST) || !instant.isBefore(AFTER_LAST)) {
            throw new InvalidInputException(List.of(new Violation(field + " must be in the years 1970 to 9999")));
        }
        return instant.truncatedTo(ChronoUnit.MICROS);
    }

    static @Nullable Instant ofNullable(String field, @Nullable Instant instant) {
        return instant == null ? null : of(field, instant);
    }
}
