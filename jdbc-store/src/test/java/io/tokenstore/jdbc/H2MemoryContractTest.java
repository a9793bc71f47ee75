package io.tokenstore.jdbc;

import io.tokenstore.TokenStore;
import io.tokenstore.contract.TokenStoreContract;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;

class H2MemoryContractTest implements TokenStoreContract {

    private JdbcConnectionPool pool;

    @Override
    public TokenStore emptyStore() {
        pool = H2.memory();
        JdbcTokenStore.createSchema(pool);
        return JdbcTokenStore.create(pool);
    }

    @AfterEach
    void dropTheDatabase() {
        pool.dispose();
    }
}
