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
import java.util.Collections;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What this store promises beyond the contract: a capacity. */
class InMemoryTokenStoreTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(1);
    private static final Owner ALICE = new Owner("alice");
    private static final int CAPACITY = 20;
    private static final int THREADS = 8;

    @Test
    void a_full_store_refuses_and_keeps_what_it_has_until_a_purge_makes_room() {
        InMemoryTokenStore store = new InMemoryTokenStore(2);
        store.add(token("t1"));
        store.add(token("t2"));
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> store.add(token("t3")))
                .returns(TokenStoreException.Applied.NO, TokenStoreException::applied);
        assertThatExceptionOfType(DuplicateTokenException.class).isThrownBy(() -> store.add(token("t1")));
        assertThat(store.list(ALICE, null, 10).tokens()).containsExactly(token("t1"), token("t2"));
        store.purge(LATER, null, 1);
        store.add(token("t3"));
        assertThat(store.list(ALICE, null, 10).tokens()).containsExactly(token("t2"), token("t3"));
    }

    @Test
    void whatever_many_threads_do_at_once_there_is_room_for_exactly_the_capacity() throws Exception {
        InMemoryTokenStore store = new InMemoryTokenStore(CAPACITY);
        AtomicInteger kept = new AtomicInteger();
        CyclicBarrier start = new CyclicBarrier(THREADS);
        Callable<Void> work = () -> {
            start.await();
            ThreadLocalRandom random = ThreadLocalRandom.current();
            for (int i = 0; i < 20_000; i++) {
                TokenId id = new TokenId("t" + random.nextInt(2 * CAPACITY));
                switch (random.nextInt(4)) {
                    case 0, 1 -> kept.addAndGet(added(store, token(id.value())));
                    case 2 ->
                        store.revoke(ALICE, id, new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null));
                    default -> kept.addAndGet(-store.purge(LATER, id, CAPACITY).removed());
                }
            }
            return null;
        };
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (Future<Void> each : threads.invokeAll(Collections.nCopies(THREADS, work))) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(store.list(ALICE, null, 1_000).tokens()).hasSize(kept.get());
        while (added(store, token("more-" + kept)) == 1) {
            kept.incrementAndGet();
        }
        assertThat(kept).hasValue(CAPACITY);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void a_store_has_room_for_a_token_at_least(int capacity) {
        assertThatIllegalArgumentException().isThrownBy(() -> new InMemoryTokenStore(capacity));
    }

    @Test
    void a_store_may_have_room_for_one_token() {
        InMemoryTokenStore store = new InMemoryTokenStore(1);
        store.add(token("t1"));
        assertThat(store.find(token("t1").id())).contains(token("t1"));
    }

    /** Returns how many tokens were added. */
    private static int added(InMemoryTokenStore store, Token token) {
        try {
            store.add(token);
            return 1;
        } catch (TokenStoreException duplicateOrFull) {
            assertThat(duplicateOrFull.applied()).isEqualTo(TokenStoreException.Applied.NO);
            return 0;
        }
    }

    private static Token token(String id) {
        return Token.builder(new TokenId(id), ALICE, "laptop", NOW)
                .expiresAt(NOW)
                .build();
    }
}
