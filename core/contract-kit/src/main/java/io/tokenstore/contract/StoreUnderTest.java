package io.tokenstore.contract;

import io.tokenstore.TokenStore;
import java.time.Duration;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the kit needs from a store's test class. */
@ExtendWith(RuleExtension.class)
@SuppressWarnings("exports") // The extension is found by JUnit and of no use to others.
public interface StoreUnderTest {

    /**
     * Returns the store to prove, with no token in it; called once for each test. The kit does not close it.
     *
     * @return an empty store
     * @throws Exception if there is none to be had; fails the test
     */
    TokenStore emptyStore() throws Exception;

    /**
     * Returns how long a test of the kit may take before it fails, with the stacks of its threads.
     *
     * @return more than zero; 5 minutes by default
     */
    default Duration timeLimit() {
        return Duration.ofMinutes(5);
    }
}
