package io.tokenstore.service;

import io.tokenstore.TokenId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Limits how much of a walk over all tokens one call does.
 *
 * @param step the most tokens that one call of the store examines, 1 to 10,000: a longer step of a purge holds its locks
 *     longer; other walks read 1,000 tokens at most
 * @param tokens the most tokens to examine in all, 1 or more
 * @param time the time after which no further step begins, more than zero
 */
public record WalkBudget(int step, long tokens, Duration time) {

    private static final int MAX_STEP = 10_000;

    /**
     * Creates a budget.
     *
     * @param step the component of that name
     * @param tokens the component of that name
     * @param time the component of that name
     * @throws NullPointerException if {@code time} is null
     * @throws IllegalArgumentException if a component is out of range
     */
    public WalkBudget {
        if (step < 1 || step > MAX_STEP || tokens < 1 || time.isZero() || time.isNegative()) {
            throw new IllegalArgumentException(
                    "a walk needs a step of 1 to " + MAX_STEP + " tokens, 1 token or more, and more than no time");
        }
    }

    /** {@return an unlimited budget, in steps of 1,000 tokens} */
    public static WalkBudget unlimited() {
        return new WalkBudget(1_000, Long.MAX_VALUE, Duration.ofDays(366));
    }

    /** One call of the store, which examines the next tokens. */
    interface Step {
        WalkProgress take(WalkProgress soFar, int maxExamined);
    }

    /** Takes steps, at least one, until this budget is spent or the walk ends. */
    WalkProgress walk(Clock clock, @Nullable TokenId after, int largestStep, Step next) {
        Instant begin = clock.instant();
        WalkProgress soFar = new WalkProgress(0, 0, after);
        do {
            soFar = next.take(soFar, (int) Math.min(Math.min(step, largestStep), tokens - soFar.examined()));
        } while (soFar.resumeAfter() != null
                && soFar.examined() < tokens
                && Duration.between(begin, clock.instant()).compareTo(time) < 0);
        return soFar;
    }
}
