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
@SuppressWarnings("exports") // JUnit finds the extension, and nobody else needs it.
public interface StoreUnderTest {

    /**
     * Returns an empty store to test.
     *
     * <p>Each test of the kit calls this once. The kit closes nothing: close what a store holds in an {@code @AfterEach}
     * method. JUnit creates a new object of the test class for each test, so a field can remember the store. If tests run in
     * parallel, this is called for several objects at once.
     *
     * @return an empty store
     * @throws Exception if the store can't be created; fails the test
     */
    TokenStore emptyStore() throws Exception;

    /**
     * Returns how long a test of the kit may take. A test that takes longer fails, with its threads' stacks and locks.
     *
     * <p>A test whose threads are deadlocked fails after a sixth of this time. A test whose threads all wait in calls that do
     * not return, for example for a connection that was never given back, fails after half of it. A minute is enough for a
     * store whose calls take 20 ms.
     *
     * @return more than zero; 1 minute by default
     */
    default Duration timeLimit() {
        return Duration.ofMinutes(1);
    }

    /**
     * Returns how long each race of the kit lasts; a store that is slow under load gets more time.
     *
     * <p>The kit has some thirty races. A test class that tests a store again with another setting may shorten them, and a
     * nightly run may prolong them.
     *
     * @return zero or more; half a second by default
     */
    default Duration raceTime() {
        return Duration.ofMillis(500);
    }
}
