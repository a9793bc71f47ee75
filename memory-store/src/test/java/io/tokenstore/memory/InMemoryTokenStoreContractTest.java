package io.tokenstore.memory;

import io.tokenstore.TokenStore;
import io.tokenstore.contract.StalenessContract;
import io.tokenstore.contract.TokenStoreContract;

// tag::contract[]
class InMemoryTokenStoreContractTest implements TokenStoreContract, StalenessContract {

    @Override
    public TokenStore emptyStore() {
        return new InMemoryTokenStore();
    }
}
// end::contract[]
