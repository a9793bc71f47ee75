package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import io.tokenstore.TokenId;
import io.tokenstore.jdbc.database.GaleraCluster;
import io.tokenstore.jdbc.database.GaleraNode;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** Three nodes that all take writes: what two of them disagree on is decided at the commit. */
@Tag("galera")
@Timeout(600)
class GaleraKillTest {

    private static final String DATABASE = "kills";
    private static final int TOKENS = 7_000;
    private static final int READS_AND_WRITES_WAIT = 7;

    @Test
    void a_node_that_is_killed_under_load_takes_nothing_with_it_that_was_acknowledged(TestInfo test) throws Exception {
        Ledger ledger = new Ledger(test, "Galera");
        try (GaleraCluster cluster = GaleraCluster.start(READS_AND_WRITES_WAIT)) {
            GaleraNode doomed = cluster.nodes().get(0);
            GaleraNode survivor = cluster.nodes().get(1);
            doomed.createDatabase(DATABASE);
            try (CountedPool failover = pool(cluster.failoverUrl(DATABASE));
                    CountedPool other = pool(survivor.url(DATABASE))) {
                JdbcTokenStore.createSchema(failover);
                List<TokenId> tokens = RevocationLoad.prepare(doomed.url(DATABASE), TOKENS);
                List<JdbcTokenStore> stores = List.of(JdbcTokenStore.create(failover), JdbcTokenStore.create(other));
                try (RevocationLoad load = RevocationLoad.on(stores, ledger, tokens)) {
                    load.awaitPart(1, 2);
                    doomed.kill();
                    load.awaitEnd();
                }
                ledger.compareWith(JdbcTokenStore.create(other));
                assertThat(ledger.acknowledged()).isEqualTo(TOKENS);
            }
        }
    }

    private static CountedPool pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(4);
        config.setConnectionTimeout(2_000);
        return new CountedPool(config);
    }
}
