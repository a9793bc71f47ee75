package io.tokenstore.memory;

import io.tokenstore.TokenStore;
import io.tokenstore.contract.TokenStoreContract;

// tag::contract[]
class InMemoryTokenStoreContractTest implements TokenStoreContract {

    @Override
    public TokenStore emptyStore() {
        return new InMemoryTokenStore();
    }
}
// end::contract[]
