package io.tokenstore.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tokenstore.Actor;
import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InMemoryTokenStoreTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Owner ALICE = new Owner("alice");

    @Test
    void a_full_store_refuses_and_keeps_what_it_has() {
        InMemoryTokenStore store = new InMemoryTokenStore(2);
        store.add(token("t1"));
        store.add(token("t2"));
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> store.add(token("t3")))
                .returns(TokenStoreException.Applied.NO, TokenStoreException::applied);
        assertThatExceptionOfType(DuplicateTokenException.class).isThrownBy(() -> store.add(token("t1")));
        assertThat(store.list(ALICE, null, 10).tokens()).hasSize(2);
    }

    @Test
    void a_purge_makes_room() {
        InMemoryTokenStore store = new InMemoryTokenStore(1);
        store.add(token("t1"));
        store.purge(NOW.plusSeconds(1), null, 10);
        store.add(token("t2"));
        assertThat(store.find(new TokenId("t2"))).isPresent();
    }

    @Test
    void a_capacity_holds_exactly_under_many_threads() throws Exception {
        InMemoryTokenStore store = new InMemoryTokenStore(100);
        int adders = 8;
        CyclicBarrier start = new CyclicBarrier(adders);
        ExecutorService threads = Executors.newFixedThreadPool(adders);
        try {
            List<Future<Integer>> added = threads.invokeAll(IntStream.range(0, adders)
                    .mapToObj(adder -> (Callable<Integer>) () -> {
                        start.await();
                        int kept = 0;
                        for (int i = 0; i < 50; i++) {
                            try {
                                store.add(token(adder + "-" + i));
                                kept++;
                            } catch (TokenStoreException full) {
                                assertThat(full.applied()).isEqualTo(TokenStoreException.Applied.NO);
                            }
                        }
                        return kept;
                    })
                    .toList());
            int sum = 0;
            for (Future<Integer> each : added) {
                sum += each.get();
            }
            assertThat(sum).isEqualTo(100);
            assertThat(store.list(ALICE, null, 1_000).tokens()).hasSize(100);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void under_stress_every_answer_agrees_with_what_is_kept_in_the_end() throws Exception {
        InMemoryTokenStore store = new InMemoryTokenStore();
        Revocation all = revocation(NOW.plusSeconds(60));
        AtomicInteger added = new AtomicInteger();
        AtomicInteger removed = new AtomicInteger();
        Set<TokenId> revoked = ConcurrentHashMap.newKeySet();
        int threads = 8;
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Void>> done = executor.invokeAll(IntStream.range(0, threads)
                    .mapToObj(thread -> (Callable<Void>) () -> {
                        start.await();
                        Random random = new Random(thread);
                        for (int i = 0; i < 20_000; i++) {
                            TokenId id = new TokenId("t" + random.nextInt(50));
                            switch (random.nextInt(8)) {
                                case 0, 1, 2 -> added.addAndGet(added(store, token(id.value())));
                                case 3 -> {
                                    if (store.revoke(ALICE, id, revocation(NOW.plusSeconds(60)))) {
                                        revoked.add(id);
                                    }
                                }
                                case 4 ->
                                    removed.addAndGet(store.purge(NOW.plusSeconds(1), null, 20)
                                            .removed());
                                case 5 ->
                                    removed.addAndGet(store.purge(NOW.plusSeconds(1), id, 100)
                                            .removed());
                                case 6 ->
                                    assertThat(store.list(ALICE, id, 10).tokens())
                                            .extracting(Token::id)
                                            .isSorted()
                                            .doesNotHaveDuplicates();
                                default -> {
                                    if (i % 5_000 == 0) {
                                        store.revokeAll(ALICE, all);
                                    }
                                }
                            }
                        }
                        return null;
                    })
                    .toList());
            for (Future<Void> each : done) {
                each.get();
            }
        } finally {
            executor.shutdownNow();
        }
        List<Token> kept = store.list(ALICE, null, 1_000).tokens();
        assertThat(added.get() - removed.get()).isEqualTo(kept.size());
        assertThat(kept).allSatisfy(token -> assertThat(store.find(token.id())).contains(token));
        assertThat(kept).extracting(Token::id).containsAll(revoked);
        assertThat(store.revokeAll(ALICE, all)).isEqualTo((int) store.list(ALICE, null, 1_000).tokens().stream()
                .filter(token -> all.equals(token.revocation()))
                .count());
        assertThat(store.purge(NOW.plusSeconds(120), null, 1_000).removed()).isEqualTo(kept.size());
        assertThat(store.list(ALICE, null, 1_000).tokens()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void a_store_has_room_for_a_token_at_least(int capacity) {
        assertThatIllegalArgumentException().isThrownBy(() -> new InMemoryTokenStore(capacity));
    }

    private static int added(InMemoryTokenStore store, Token token) {
        try {
            store.add(token);
            return 1;
        } catch (DuplicateTokenException e) {
            return 0;
        }
    }

    private static Revocation revocation(Instant at) {
        return new Revocation(UUID.randomUUID(), at, Actor.user("alice"), null);
    }

    private static Token token(String id) {
        return Token.builder(new TokenId(id), ALICE, "laptop", NOW)
                .expiresAt(NOW)
                .build();
    }
}
