package io.tokenstore.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.TokenStore;
import io.tokenstore.contract.TokenStoreContract;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;

/** The contract on a pool of connections to a database: one pool for all tests, a table of its own for each. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PooledContract implements TokenStoreContract {

    private static final AtomicInteger TABLES = new AtomicInteger();

    private final HikariDataSource pool;
    private JdbcOptions options = JdbcOptions.defaults();

    PooledContract(HikariConfig config) {
        pool = new HikariDataSource(config);
    }

    static HikariConfig on(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(16);
        config.setMinimumIdle(1);
        return config;
    }

    static HikariConfig withoutAutocommit(HikariConfig config) {
        config.setAutoCommit(false);
        return config;
    }

    static HikariConfig ofOneConnection(HikariConfig config) {
        config.setMaximumPoolSize(1);
        return config;
    }

    static HikariConfig inTimeZone(HikariConfig config, String statement) {
        config.setConnectionInitSql(statement);
        return config;
    }

    @Override
    public TokenStore emptyStore() {
        options = JdbcOptions.defaults().withTable("contract_" + TABLES.incrementAndGet());
        JdbcTokenStore.createSchema(pool, options);
        return JdbcTokenStore.create(pool, () -> false, options);
    }

    @AfterEach
    void dropTheTable() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS " + options.table());
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        }
    }

    @AfterAll
    void closeThePool() {
        pool.close();
    }
}
