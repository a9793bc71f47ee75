package io.tokenstore.jdbc.history;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.TokenStore;
import io.tokenstore.jdbc.JdbcTokenStore;
import java.util.List;
import javax.sql.DataSource;

/** Two nodes of a host on one database: one with connections enough, and one with too few, whose autocommit is off. */
final class TwoNodes implements AutoCloseable {

    private final HikariDataSource enough;
    private final HikariDataSource tooFew;
    private final List<TokenStore> stores;

    TwoNodes(String url) {
        enough = pool(url, true, 10);
        tooFew = pool(url, false, 2);
        JdbcTokenStore.createSchema(enough);
        stores = List.of(JdbcTokenStore.create(enough), JdbcTokenStore.create(tooFew));
    }

    private static HikariDataSource pool(String url, boolean autocommit, int connections) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setAutoCommit(autocommit);
        config.setMaximumPoolSize(connections);
        return new HikariDataSource(config);
    }

    List<TokenStore> stores() {
        return stores;
    }

    DataSource dataSource() {
        return enough;
    }

    @Override
    public void close() {
        enough.close();
        tooFew.close();
    }
}
