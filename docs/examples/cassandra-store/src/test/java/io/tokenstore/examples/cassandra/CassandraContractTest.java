package io.tokenstore.examples.cassandra;

import io.tokenstore.TokenStore;
import io.tokenstore.TokenUses;
import io.tokenstore.contract.StalenessContract;
import io.tokenstore.contract.TokenStoreContract;
import io.tokenstore.contract.TokenUsesContract;
import io.tokenstore.contract.TwoNodesContract;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The store on three nodes; the second node of the host has one of them as its coordinator, and the first all. */
@Tag("cassandra")
class CassandraContractTest implements TokenStoreContract, TwoNodesContract, StalenessContract, TokenUsesContract {

    private static final String KEYSPACE = "kit";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static CassandraCluster cluster;

    @BeforeAll
    static void start() throws InterruptedException {
        cluster = CassandraCluster.shared();
        cluster.createTables(KEYSPACE);
    }

    @Override
    public TokenStore emptyStore() {
        cluster.empty(KEYSPACE);
        return new CassandraTokenStore(cluster.session(), KEYSPACE, PATIENCE);
    }

    @Override
    public TokenStore anotherNode(TokenStore store) {
        return new CassandraTokenStore(cluster.coordinator(cluster.nodes().get(1)), KEYSPACE, PATIENCE);
    }

    @Override
    public TokenUses usesOf(TokenStore store) {
        return new CassandraTokenUses(cluster.session(), KEYSPACE, PATIENCE);
    }

    /** A hundred thousand requests, where three nodes share the processors of one machine. */
    @Override
    public Duration timeLimit() {
        return Duration.ofMinutes(20);
    }
}
