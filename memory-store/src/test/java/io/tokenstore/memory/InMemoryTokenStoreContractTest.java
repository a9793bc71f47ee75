package io.tokenstore.memory;

import io.tokenstore.TokenStore;
import io.tokenstore.contract.StalenessContract;
import io.tokenstore.contract.TokenStoreContract;
import io.tokenstore.contract.TokenUsesContract;

// tag::contract[]
class InMemoryTokenStoreContractTest implements TokenStoreContract, StalenessContract, TokenUsesContract {

    @Override
    public TokenStore emptyStore() {
        return new InMemoryTokenStore();
    }
}
// end::contract[]
