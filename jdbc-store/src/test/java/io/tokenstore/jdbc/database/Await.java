package io.tokenstore.jdbc.database;

import java.time.Duration;
import java.util.function.Supplier;

/** Waits for a state of another process, which can only be asked for and not be told. */
public final class Await {

    private static final Duration LIMIT = Duration.ofSeconds(180);
    private static final Duration PAUSE = Duration.ofMillis(10);

    private Await() {}

    /** Whether the state is reached. */
    public interface Condition<E extends Exception> {
        boolean holds() throws E;
    }

    public static <E extends Exception> void until(Supplier<String> state, Condition<E> condition) throws E {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("waited " + LIMIT.toSeconds() + " s in vain for " + state.get());
            }
            sleep();
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting", e);
        }
    }
}
