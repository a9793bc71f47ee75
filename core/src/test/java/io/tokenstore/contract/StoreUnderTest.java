package io.tokenstore.contract;

import io.tokenstore.TokenStore;

/** What the kit needs from a store's test class. */
public interface StoreUnderTest {

    /**
     * Returns the store to prove, with no token in it; called once for each test. The kit does not close it.
     *
     * @return an empty store
     * @throws Exception if there is none to be had; fails the test
     */
    TokenStore emptyStore() throws Exception;
}
