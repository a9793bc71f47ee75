package io.tokenstore.examples.cassandra;

import io.tokenstore.TokenStore;
import io.tokenstore.contract.FailureContract;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** What the contract says of requests and replies that are lost, to a store that repeats them for a moment alone. */
@Tag("cassandra")
class CassandraFailureTest implements FailureContract {

    private static final String KEYSPACE = "failures";

    private static CassandraCluster cluster;

    @BeforeAll
    static void start() throws InterruptedException {
        cluster = CassandraCluster.shared();
        cluster.createTables(KEYSPACE);
    }

    @Override
    public TokenStore emptyStore() {
        return emptyStore(() -> Fate.ANSWERED);
    }

    @Override
    public TokenStore emptyStore(Supplier<Fate> fates) {
        cluster.empty(KEYSPACE);
        return new CassandraTokenStore(LosingSession.of(cluster.session(), fates), KEYSPACE, Duration.ofMillis(100));
    }

    @Override
    public Duration timeLimit() {
        return Duration.ofMinutes(5);
    }
}
