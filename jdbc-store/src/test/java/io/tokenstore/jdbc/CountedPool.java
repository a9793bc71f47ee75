package io.tokenstore.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/** A pool that counts how often it was asked: each attempt of a call asks once, so a test can see that a call was repeated. */
final class CountedPool extends HikariDataSource {

    private final AtomicInteger asked = new AtomicInteger();

    CountedPool(HikariConfig config) {
        super(config);
    }

    int asked() {
        return asked.get();
    }

    /** Has no connection from now on but those that it opens from now on. */
    void forgetConnections() {
        getHikariPoolMXBean().softEvictConnections();
    }

    @Override
    public Connection getConnection() throws SQLException {
        asked.incrementAndGet();
        return super.getConnection();
    }
}
