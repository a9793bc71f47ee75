package io.tokenstore;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The instants that every store gives back as they were given: whole microseconds of the years 1970 to 9999, UTC. */
final class Timestamps {

    private static final Instant FIRST = Instant.EPOCH;
    private static final Instant AFTER_LAST = Instant.parse("+10000-01-01T00:00:00Z");

    private Timestamps() {}

    static Instant storable(String field, Instant instant) {
        if (instant.isBefore(FIRST) || !instant.isBefore(AFTER_LAST)) {
            throw new InvalidInputException(List.of(new Issue(field + " must be in the years 1970 to 9999")));
        }
        return instant.truncatedTo(ChronoUnit.MICROS);
    }
}
