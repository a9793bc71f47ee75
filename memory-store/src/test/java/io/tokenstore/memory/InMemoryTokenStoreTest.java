package io.tokenstore.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import io.tokenstore.Username;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InMemoryTokenStoreTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Username ALICE = new Username("alice");

    @Test
    void a_full_store_refuses_and_keeps_what_it_has() {
        InMemoryTokenStore store = new InMemoryTokenStore(2);
        store.add(token("t1"));
        store.add(token("t2"));
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> store.add(token("t3")))
                .returns(TokenStoreException.Applied.NO, TokenStoreException::applied);
        assertThatExceptionOfType(DuplicateTokenException.class).isThrownBy(() -> store.add(token("t1")));
        assertThat(store.list(ALICE, null, 10)).hasSize(2);
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
            assertThat(store.list(ALICE, null, 1_000)).hasSize(100);
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void a_store_has_room_for_a_token_at_least(int capacity) {
        assertThatIllegalArgumentException().isThrownBy(() -> new InMemoryTokenStore(capacity));
    }

    private static Token token(String id) {
        return new Token(new TokenId(id), ALICE, "laptop", null, NOW, NOW, null);
    }
}
