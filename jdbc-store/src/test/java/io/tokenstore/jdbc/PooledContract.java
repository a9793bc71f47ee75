package io.tokenstore.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.TokenStore;
import io.tokenstore.contract.TokenStoreContract;
import io.tokenstore.contract.TokenUsesContract;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;

/** The contract on a pool of connections to a database: one pool for all tests, a table of its own for each. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PooledContract implements TokenStoreContract, TokenUsesContract {

    /** By chance, for the database may be the user's, with tables of theirs. */
    private static final String PREFIX =
            "contract_" + UUID.randomUUID().toString().replace("-", "").substring(0, 16) + "_";

    /** On a busy machine a call takes longer than a host would wait for it. */
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);

    static final Duration LONG_RACES = Duration.ofMillis(250);

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

    /** MariaDB and MySQL let a user into a database once there is a grant in it. */
    static HikariConfig connectingLater(HikariConfig config) {
        config.setInitializationFailTimeout(-1);
        return config;
    }

    HikariDataSource pool() {
        return pool;
    }

    /** Of the store that was made last. */
    JdbcOptions options() {
        return options;
    }

    /** Creates and drops the tables; the pool's own user unless that one may not. */
    DataSource owner() {
        return pool;
    }

    void createTables(JdbcOptions tables) throws SQLException {
        JdbcTokenStore.createSchema(owner(), tables);
    }

    /** The statements by which the owner lets the pool's user use the table. */
    List<String> grants(String table) {
        return List.of();
    }

    @Override
    public TokenStore emptyStore() throws SQLException {
        options = new JdbcOptions(PREFIX + TABLES.incrementAndGet(), LONG_ENOUGH, LONG_ENOUGH);
        createTables(options);
        Unpooled.execute(owner(), grants(options.table()).toArray(String[]::new));
        return JdbcTokenStore.create(pool, () -> false, options);
    }

    @Override
    public Duration timeLimit() {
        return Duration.ofMinutes(5);
    }

    /** Short, because the same statements have {@link #LONG_RACES} in {@link PooledNodesContract}. */
    @Override
    public Duration raceTime() {
        return Duration.ofMillis(10);
    }

    @AfterEach
    void dropTheTable() throws SQLException {
        Unpooled.execute(
                owner(),
                "DROP TABLE IF EXISTS " + options.table(),
                "DROP TABLE IF EXISTS " + Dialect.usesOf(options.table()));
    }

    @AfterAll
    void closeThePool() {
        pool.close();
    }
}
