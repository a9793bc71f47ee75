package io.tokenstore.contract;

import io.tokenstore.TokenStore;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.ResourceLockTarget;
import org.junit.jupiter.api.parallel.Resources;

/** What the kit needs from a store's test class. */
@ExtendWith(RuleExtension.class)
@ResourceLock(value = Resources.TIME_ZONE, mode = ResourceAccessMode.READ, target = ResourceLockTarget.CHILDREN)
@SuppressWarnings("exports") // The extension is found by JUnit and of no use to others.
public interface StoreUnderTest {

    /**
     * Returns the store to prove, with no token in it.
     *
     * <p>Each test of the kit calls this once, and the kit closes nothing: close in an {@code @AfterEach} method what a store
     * holds. JUnit creates a new object of the test class for each test, so a field can remember the store. If tests run in
     * parallel, this is called for several objects at once.
     *
     * @return an empty store
     * @throws Exception if there is none to be had; fails the test
     */
    TokenStore emptyStore() throws Exception;

    /**
     * Returns how long a test of the kit may take before it fails, with the stacks and the locks of its threads.
     *
     * <p>A test whose threads are deadlocked fails after a sixth of it, and one whose threads all wait in calls that do not
     * return, as for a connection that was never given back, after half of it. A minute is enough for a store whose calls take
     * 20 ms.
     *
     * @return more than zero; 1 minute by default
     */
    default Duration timeLimit() {
        return Duration.ofMinutes(1);
    }

    /**
     * Returns how long each race of the kit lasts; a store that is slow under load gets more time.
     *
     * <p>The kit has some thirty races. A test class that proves a store once more, with another setting, may shorten
     * them, and a nightly run may prolong them.
     *
     * @return zero or more; half a second by default
     */
    default Duration raceTime() {
        return Duration.ofMillis(500);
    }
}
