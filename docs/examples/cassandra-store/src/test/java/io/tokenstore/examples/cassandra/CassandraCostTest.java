package io.tokenstore.examples.cassandra;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Prints what a call costs, and asserts nothing. */
@Tag("cassandra")
class CassandraCostTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Owner ALICE = new Owner("alice");
    private static final int CALLS = 300;

    @Test
    void what_a_call_costs_on_three_nodes_of_one_machine_is_printed() {
        CassandraCluster cluster = CassandraCluster.shared();
        long b = System.nanoTime();
        String keyspace = "costs";
        cluster.createTables(keyspace);
        System.out.println("keyspace " + (System.nanoTime() - b) / 1_000_000);
        TokenStore store = new CassandraTokenStore(cluster.session(), keyspace, Duration.ofSeconds(5));
        System.out.println("keyspace+store " + (System.nanoTime() - b) / 1_000_000);
        for (int round = 0; round < 2; round++) {
            String prefix = "t" + round + "-";
            print("add", i -> store.add(token(prefix + i)));
            print("find", i -> store.find(new TokenId(prefix + i)));
            print("revoke", i -> store.revoke(ALICE, new TokenId(prefix + i), revocation()));
            print("repeated", i -> store.revoke(ALICE, new TokenId(prefix + i), revocation()));
        }
        b = System.nanoTime();
        store.list(ALICE, null, 1000);
        System.out.println("list 1000 " + (System.nanoTime() - b) / 1_000_000);
        b = System.nanoTime();
        store.scan(null, 1000);
        System.out.println("scan 1000 " + (System.nanoTime() - b) / 1_000_000);
        b = System.nanoTime();
        cluster.empty(keyspace);
        System.out.println("truncate " + (System.nanoTime() - b) / 1_000_000);
        b = System.nanoTime();
        cluster.empty(keyspace);
        System.out.println("truncate " + (System.nanoTime() - b) / 1_000_000);
        b = System.nanoTime();
        store.purge(NOW.plusSeconds(1), null, 1000);
        System.out.println("purge 1000 " + (System.nanoTime() - b) / 1_000_000);
    }

    private static Token token(String id) {
        return Token.builder(new TokenId(id), ALICE, "laptop", NOW).build();
    }

    private static Revocation revocation() {
        return new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
    }

    private static void print(String what, IntConsumer call) {
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            long begin = System.nanoTime();
            call.accept(i);
            nanos.add(System.nanoTime() - begin);
        }
        Collections.sort(nanos);
        System.out.printf(
                "%s: median %.1f ms, 99th percentile %.1f ms%n",
                what, nanos.get(CALLS / 2) / 1e6, nanos.get(CALLS * 99 / 100) / 1e6);
    }
}
