package io.tokenstore.jdbc;

import java.util.UUID;
import org.h2.jdbcx.JdbcConnectionPool;

/** H2 databases in memory, each under a name of its own, and gone with their last connection. */
final class H2 {

    private H2() {}

    static String memoryUrl() {
        return "jdbc:h2:mem:" + UUID.randomUUID() + ";LOCK_TIMEOUT=10000";
    }

    static JdbcConnectionPool memory() {
        JdbcConnectionPool pool = JdbcConnectionPool.create(memoryUrl(), "sa", "");
        pool.setMaxConnections(20);
        return pool;
    }
}
