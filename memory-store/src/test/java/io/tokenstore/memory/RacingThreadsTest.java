package io.tokenstore.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.Username;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Threads that do the same to the same tokens in the same order, and so meet at one of them again and again. */
class RacingThreadsTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Username ALICE = new Username("alice");
    private static final int THREADS = 4;
    private static final int TOKENS = 50_000;

    private final InMemoryTokenStore store = new InMemoryTokenStore();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final CyclicBarrier start = new CyclicBarrier(THREADS);
    private final List<TokenId> ids = IntStream.range(0, TOKENS)
            .mapToObj(i -> new TokenId("t" + (TOKENS + i)))
            .toList();

    @BeforeEach
    void keepTokens() {
        ids.forEach(id -> store.add(new Token(id, ALICE, "laptop", null, NOW, NOW, null)));
    }

    @AfterEach
    void endTheThreads() {
        threads.shutdownNow();
    }

    @Test
    void of_four_that_revoke_every_token_each_is_told_of_exactly_those_that_carry_its_own_revocation()
            throws Exception {
        List<Revocation> own = Collections.synchronizedList(new ArrayList<>());
        List<List<TokenId>> told = inEachThread(() -> {
            Revocation mine = new Revocation(UUID.randomUUID(), NOW, "alice", null);
            own.add(mine);
            start.await();
            return ids.stream().filter(id -> store.revoke(ALICE, id, mine)).toList();
        });
        assertThat(told.stream().mapToInt(List::size).sum()).isEqualTo(TOKENS);
        assertThat(own.stream().mapToInt(revocation -> store.revokeAll(ALICE, revocation)))
                .containsExactlyInAnyOrderElementsOf(
                        told.stream().map(List::size).toList());
    }

    @Test
    void four_purges_at_once_count_each_token_once() throws Exception {
        List<Integer> removed = inEachThread(() -> {
            start.await();
            int sum = 0;
            TokenId last = null;
            do {
                PurgePage page = store.purge(NOW.plusSeconds(1), last, 1_000);
                sum += page.removed();
                last = page.last();
            } while (last != null);
            return sum;
        });
        assertThat(removed.stream().mapToInt(Integer::intValue).sum()).isEqualTo(TOKENS);
        assertThat(store.list(ALICE, null, 1)).isEmpty();
    }

    private <T> List<T> inEachThread(Callable<T> work) throws Exception {
        List<T> answers = new ArrayList<>();
        for (Future<T> answer : threads.invokeAll(Collections.nCopies(THREADS, work))) {
            answers.add(answer.get());
        }
        return answers;
    }
}
