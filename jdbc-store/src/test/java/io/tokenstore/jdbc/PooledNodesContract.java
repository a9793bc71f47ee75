package io.tokenstore.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.TokenStore;
import io.tokenstore.contract.StalenessContract;
import io.tokenstore.contract.TwoNodesContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;

/** The contract on a pool, and on another node that has a pool of its own. */
abstract class PooledNodesContract extends PooledContract implements TwoNodesContract, StalenessContract {

    private final HikariDataSource ofTheOtherNode;

    PooledNodesContract(HikariConfig config) {
        super(config);
        ofTheOtherNode = new HikariDataSource(config);
    }

    @Override
    public TokenStore anotherNode(TokenStore store) {
        return JdbcTokenStore.create(ofTheOtherNode, () -> false, options());
    }

    @Override
    public Duration raceTime() {
        return LONG_RACES;
    }

    @AfterAll
    void closeTheOtherPool() {
        ofTheOtherNode.close();
    }
}
