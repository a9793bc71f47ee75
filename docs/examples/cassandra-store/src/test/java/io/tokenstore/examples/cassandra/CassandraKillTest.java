package io.tokenstore.examples.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.datastax.oss.driver.api.core.CqlSession;
import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.TokenUses;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nodes that are killed by a signal that they can't handle, and started again on what they had kept. */
@Tag("cassandra")
@Timeout(600)
class CassandraKillTest {

    private static final String KEYSPACE = "kills";
    private static final Owner ALICE = new Owner("alice");
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final int THREADS = 6;
    private static final int TOKENS = 2_400;
    private static final int CONTESTED_EVERY = 8;

    private static CassandraCluster cluster;

    private final Ledger ledger = new Ledger();
    private final AtomicInteger next = new AtomicInteger();

    @BeforeAll
    static void start() throws InterruptedException {
        cluster = CassandraCluster.shared();
        cluster.createTables(KEYSPACE);
    }

    @Test
    void a_node_that_is_killed_under_load_takes_no_revocation_with_it() throws Exception {
        CassandraNode doomed = cluster.nodes().get(1);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            TokenStore revoking = store(cluster.session(), Duration.ofSeconds(5));
            TokenStore looking = store(cluster.coordinator(cluster.nodes().get(0)), Duration.ofSeconds(5));
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                running.add(threads.submit(() -> revokeAndLook(revoking, looking)));
            }
            awaitAcknowledged(TOKENS / 3, running);
            doomed.kill();
            awaitAcknowledged(TOKENS * 2 / 3, running);
            doomed.start();
            for (Future<?> thread : running) {
                thread.get(5, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
        }
        doomed.awaitStart();
        cluster.awaitAll();
        ledger.compareWith(each(Duration.ofSeconds(5)));
        assertThat(ledger.acknowledged()).isEqualTo(TOKENS);
    }

    @Test
    void while_two_of_three_nodes_are_away_every_call_fails() throws Exception {
        byte[] hash = new byte[32];
        Arrays.fill(hash, (byte) 0xA5);
        Token token = token("away-1").toBuilder().hash(new SecretHash(hash)).build();
        TokenId id = token.id();
        TokenStore store = store(cluster.session(), Duration.ofMillis(200));
        TokenUses uses = new CassandraTokenUses(cluster.session(), KEYSPACE, Duration.ofMillis(200));
        Revocation act = revocation();
        store.add(token);
        List<CassandraNode> away = cluster.nodes().subList(1, 3);
        for (CassandraNode node : away) {
            node.kill();
        }
        try {
            assertFails(Applied.NO, () -> store.find(id));
            assertFails(Applied.NO, () -> store.findAll(List.of(id)));
            assertFails(Applied.NO, () -> store.list(ALICE, null, 10));
            assertFails(Applied.NO, () -> store.scan(null, 10));
            assertFails(Applied.NO, () -> store.add(token("away-2")));
            assertFails(Applied.UNKNOWN, () -> store.revoke(ALICE, id, act));
            assertFails(Applied.UNKNOWN, () -> store.revokeAll(new Owner("bob"), act));
            assertFails(Applied.UNKNOWN, () -> store.activate(ALICE, id));
            assertFails(Applied.NO, () -> store.purge(NOW, null, 10));
            assertFails(Applied.NO, () -> uses.record(Map.of(id, NOW)));
            assertFails(Applied.NO, () -> uses.lastUses(List.of(id)));
        } finally {
            away.forEach(CassandraNode::start);
        }
        for (CassandraNode node : away) {
            node.awaitStart();
        }
        cluster.awaitAll();
        for (TokenStore node : each(Duration.ofSeconds(5))) {
            assertThat(node.revoke(ALICE, id, act)).isTrue();
            assertThat(node.find(id)).contains(token.withRevocation(act));
            assertThat(node.find(new TokenId("away-2"))).isEmpty();
        }
    }

    private void revokeAndLook(TokenStore revoking, TokenStore looking) {
        for (int i = next.getAndIncrement(); i < TOKENS; i = next.getAndIncrement()) {
            TokenId id = add(revoking, i);
            ledger.revoke(revoking, ALICE, id, revocation());
            ledger.look(looking, id);
            if (i % CONTESTED_EVERY == 0) {
                ledger.revokeOnceMore(looking, ALICE, id, revocation());
            }
        }
    }

    /** An addition whose fate is not known is left alone, and another token added. */
    private static TokenId add(TokenStore store, int number) {
        for (int attempt = 0; ; attempt++) {
            Token token = token("t" + number + "-" + attempt);
            try {
                store.add(token);
                return token.id();
            } catch (TokenStoreException e) {
                continue;
            }
        }
    }

    private void awaitAcknowledged(int count, List<Future<?>> running) throws InterruptedException {
        while (ledger.acknowledged() < count && running.stream().noneMatch(Future::isDone)) {
            Thread.sleep(1);
        }
    }

    /** A store for each node, which has no other coordinator. */
    private static List<TokenStore> each(Duration patience) {
        return cluster.nodes().stream()
                .map(node -> store(cluster.coordinator(node), patience))
                .toList();
    }

    private static TokenStore store(CqlSession session, Duration patience) {
        return new CassandraTokenStore(session, KEYSPACE, patience);
    }

    private static void assertFails(Applied applied, ThrowingCallable call) {
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(call)
                .satisfies(failure -> assertThat(failure.applied()).isEqualTo(applied))
                .satisfies(
                        failure -> assertThat(printed(failure)).doesNotContain("away-", "alice", "a5a5", "-91, -91"));
    }

    private static String printed(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    private static Token token(String id) {
        return Token.builder(new TokenId(id), ALICE, "laptop", NOW).build();
    }

    private static Revocation revocation() {
        return new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
    }
}
