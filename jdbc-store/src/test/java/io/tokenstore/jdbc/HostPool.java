package io.tokenstore.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.jdbc.database.Servers;
import java.util.UUID;

/** The kinds of pools that a host may have: on each database, and its connections with autocommit or without. */
enum HostPool {
    H2_WITH_AUTOCOMMIT(Database.H2, true),
    H2_WITHOUT_AUTOCOMMIT(Database.H2, false),
    POSTGRES_WITH_AUTOCOMMIT(Database.POSTGRES, true),
    POSTGRES_WITHOUT_AUTOCOMMIT(Database.POSTGRES, false),
    MARIADB_WITH_AUTOCOMMIT(Database.MARIADB, true),
    MARIADB_WITHOUT_AUTOCOMMIT(Database.MARIADB, false);

    private final Database database;
    private final boolean autocommit;

    HostPool(Database database, boolean autocommit) {
        this.database = database;
        this.autocommit = autocommit;
    }

    Database database() {
        return database;
    }

    HikariDataSource open(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setAutoCommit(autocommit);
        config.setMaximumPoolSize(3);
        config.setMinimumIdle(0);
        return new HikariDataSource(config);
    }

    /** The databases, each with connections that do not wait for locks, so that a conflict shows at once. */
    enum Database {
        H2 {
            @Override
            String url() {
                return "jdbc:h2:mem:" + UUID.randomUUID() + ";LOCK_TIMEOUT=1";
            }
        },
        POSTGRES {
            @Override
            String url() {
                return PostgresDatabase.URL + "&options=-c%20lock_timeout=1";
            }
        },
        MARIADB {
            @Override
            String url() {
                return MariaDbDatabase.URL + "&sessionVariables=innodb_lock_wait_timeout=0";
            }
        };

        /** The URL of a database that no other tests use; each of H2's is a new one. */
        abstract String url();
    }

    private static final class PostgresDatabase {
        private static final String URL = Servers.postgres().newDatabase();
    }

    private static final class MariaDbDatabase {
        private static final String URL = Servers.mariaDb().newDatabase();
    }
}
