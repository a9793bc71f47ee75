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
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Prints what a call costs, and asserts nothing. */
@Tag("cassandra")
class CassandraCostTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Owner ALICE = new Owner("alice");
    private static final String KEYSPACE = "costs";
    private static final int CALLS = 400;

    @Test
    void what_a_call_costs_on_three_nodes_of_one_machine_is_printed() throws InterruptedException {
        CassandraCluster cluster = CassandraCluster.shared();
        cluster.createTables(KEYSPACE);
        TokenStore store = new CassandraTokenStore(cluster.session(), KEYSPACE, Duration.ofSeconds(5));
        for (String round : List.of("warm-up", "measured")) {
            System.out.println(round + ":");
            List<Revocation> acts =
                    Stream.generate(CassandraCostTest::revocation).limit(CALLS).toList();
            print("add", i -> store.add(token(round + i)));
            print("find", i -> store.find(new TokenId(round + i)));
            print("revoke", i -> store.revoke(ALICE, new TokenId(round + i), acts.get(i)));
            print("revoke, repeated", i -> store.revoke(ALICE, new TokenId(round + i), acts.get(i)));
        }
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
