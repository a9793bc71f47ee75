package io.tokenstore.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.TokenStore;
import io.tokenstore.contract.TokenStoreContract;
import org.junit.jupiter.api.AfterEach;

/** The store commits where the pool's connections do not. */
class H2WithoutAutocommitContractTest implements TokenStoreContract {

    private HikariDataSource pool;

    @Override
    public TokenStore emptyStore() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(H2.memoryUrl());
        config.setAutoCommit(false);
        pool = new HikariDataSource(config);
        JdbcTokenStore.createSchema(pool);
        return JdbcTokenStore.create(pool);
    }

    @AfterEach
    void dropTheDatabase() {
        pool.close();
    }
}
