package io.tokenstore.service;

import java.time.Duration;

/**
 * How much of a purge to do in one go.
 *
 * @param step the most tokens to examine by one call of the store, 1 to 10,000: the longer a step, the longer its locks
 * @param tokens the most tokens to examine in all, 1 or more
 * @param time after how long to begin no other step, more than zero
 */
public record PurgeBudget(int step, long tokens, Duration time) {

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
    public PurgeBudget {
        if (step < 1 || step > MAX_STEP || tokens < 1 || time.isZero() || time.isNegative()) {
            throw new IllegalArgumentException(
                    "a purge needs a step of 1 to " + MAX_STEP + " tokens, 1 token or more, and more than no time");
        }
    }

    /** {@return a budget without an end, in steps of 1,000 tokens} */
    public static PurgeBudget unlimited() {
        return new PurgeBudget(1_000, Long.MAX_VALUE, Duration.ofDays(366));
    }
}
