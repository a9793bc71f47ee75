package io.tokenstore.jdbc;

import com.zaxxer.hikari.HikariConfig;
import io.tokenstore.jdbc.database.GaleraCluster;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** Three nodes, of which each waits before each statement for what the others have committed. */
@Tag("galera")
class GaleraContractTest {

    private static final String DATABASE = "contract";
    private static final int WAIT_BEFORE_READS_AND_WRITES = 7;

    private static GaleraCluster cluster;

    @BeforeAll
    static void start() {
        cluster = GaleraCluster.start(WAIT_BEFORE_READS_AND_WRITES);
        cluster.nodes().get(0).createDatabase(DATABASE);
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static HikariConfig oneNode() {
        return PooledContract.on(cluster.nodes().get(0).url(DATABASE));
    }

    private static HikariConfig allNodes() {
        return PooledContract.on(cluster.loadBalanceUrl(DATABASE));
    }

    @Nested
    class OnOneNode extends PooledContract {
        OnOneNode() {
            super(oneNode());
        }
    }

    @Nested
    class AcrossTheNodes extends PooledContract {
        AcrossTheNodes() {
            super(allNodes());
        }

        @Override
        public Duration raceTime() {
            return LONG_RACES;
        }
    }

    @Nested
    class AcrossTheNodesWithoutAutocommit extends PooledContract {
        AcrossTheNodesWithoutAutocommit() {
            super(withoutAutocommit(allNodes()));
        }
    }
}
