package io.tokenstore.jdbc.rotation;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.TokenStore;
import io.tokenstore.jdbc.JdbcOptions;
import io.tokenstore.jdbc.JdbcTokenStore;
import io.tokenstore.jdbc.database.Servers;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** Where tokens rotate, at each level of isolation that a host may have. */
enum RotatingDatabase {
    H2_AT_READ_COMMITTED(() -> h2(), "TRANSACTION_READ_COMMITTED"),
    POSTGRESQL_AT_READ_COMMITTED(() -> Servers.postgres().newDatabase(), "TRANSACTION_READ_COMMITTED"),
    POSTGRESQL_AT_REPEATABLE_READ(() -> Servers.postgres().newDatabase(), "TRANSACTION_REPEATABLE_READ"),
    MARIADB_AT_READ_COMMITTED(() -> Servers.mariaDb().newDatabase(), "TRANSACTION_READ_COMMITTED"),
    MARIADB_AT_REPEATABLE_READ(() -> Servers.mariaDb().newDatabase(), "TRANSACTION_REPEATABLE_READ");

    private final Supplier<String> url;
    private final String isolation;

    RotatingDatabase(Supplier<String> url, String isolation) {
        this.url = url;
        this.isolation = isolation;
    }

    private static String h2() {
        return "jdbc:h2:mem:" + UUID.randomUUID() + ";LOCK_TIMEOUT=10000";
    }

    /** A new database with two nodes of a host on it: one with connections enough, and one with few, whose autocommit is off. */
    Nodes open() {
        return new Nodes(url.get(), isolation);
    }

    static final class Nodes implements AutoCloseable {

        private final SilentServices silent = new SilentServices();
        private final HikariDataSource enough;
        private final HikariDataSource few;
        private final List<TokenStore> stores;

        private Nodes(String url, String isolation) {
            enough = pool(url, isolation, true, 10);
            few = pool(url, isolation, false, 3);
            JdbcTokenStore.createSchema(enough);
            stores = List.of(JdbcTokenStore.create(enough), JdbcTokenStore.create(few));
        }

        private static HikariDataSource pool(String url, String isolation, boolean autocommit, int connections) {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(url);
            config.setTransactionIsolation(isolation);
            config.setAutoCommit(autocommit);
            config.setMaximumPoolSize(connections);
            return new HikariDataSource(config);
        }

        /** Returns stores of other options on the same nodes. */
        List<TokenStore> stores(JdbcOptions options) {
            return List.of(
                    JdbcTokenStore.create(enough, () -> false, options),
                    JdbcTokenStore.create(few, () -> false, options));
        }

        List<TokenStore> stores() {
            return stores;
        }

        @Override
        public void close() {
            enough.close();
            few.close();
            silent.close();
        }
    }
}
