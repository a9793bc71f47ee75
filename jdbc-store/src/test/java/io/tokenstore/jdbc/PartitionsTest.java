package io.tokenstore.jdbc;

import com.zaxxer.hikari.HikariConfig;
import io.tokenstore.jdbc.database.Servers;
import java.sql.SQLException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The contract on tables that PostgreSQL splits by id. */
@Tag("partitions")
class PartitionsTest {

    private static HikariConfig postgres() {
        return PooledContract.on(Servers.postgres().url("postgres"));
    }

    @Nested
    class ByHash extends PooledNodesContract {
        ByHash() {
            super(postgres());
        }

        @Override
        void createTables(JdbcOptions options) throws SQLException {
            Unpooled.execute(owner(), SplitTables.partitioned("hash", options.table()));
        }
    }

    @Nested
    class ByRange extends PooledContract {
        ByRange() {
            super(withoutAutocommit(postgres()));
        }

        @Override
        void createTables(JdbcOptions options) throws SQLException {
            Unpooled.execute(owner(), SplitTables.partitioned("range", options.table()));
        }
    }
}
