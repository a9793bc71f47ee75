package io.tokenstore.jdbc;

class H2ContractTest extends PooledNodesContract {

    H2ContractTest() {
        super(PooledContract.on(H2.memoryUrl()));
    }
}
