package io.tokenstore.jdbc.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenUses;
import io.tokenstore.fixtures.ForwardingStore;
import io.tokenstore.fixtures.rotation.RotationHistory;
import io.tokenstore.fixtures.rotation.ServiceRotations;
import io.tokenstore.jdbc.JdbcOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A few seconds on each database, or {@code -Drotation.seconds}. */
class UsesBesideRotationsTest {

    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("rotation.seconds", 2));
    private static final long SEED = Long.getLong("rotation.seed", 20260615);
    /** So that no call fails since the machine is slow, or a pool busy. */
    private static final JdbcOptions PATIENT =
            JdbcOptions.defaults().withDeadline(Duration.ofMinutes(1)).withReadDeadline(Duration.ofMinutes(1));

    private static final int FLUSHERS_OF_A_NODE = 2;
    /** Of tokens that are gone, which a purge forgets and the next flush adds anew, on both nodes at once. */
    private static final int GONE = 300;

    /** Fails the test for a failure of the store's own, which the history takes for one of its crashes. */
    private static final class Witnessed extends ForwardingStore {

        private final Queue<Exception> failures;

        private Witnessed(TokenStore behind, Queue<Exception> failures) {
            super(behind);
            this.failures = failures;
        }

        @Override
        protected <T> T around(Supplier<T> call) {
            try {
                return call.get();
            } catch (TokenStoreException e) {
                failures.add(e);
                throw e;
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void flushes_beside_rotations_revocations_and_purges_revive_nothing_and_fail_no_call(RotatingDatabase database)
            throws Exception {
        Queue<Exception> failures = new ConcurrentLinkedQueue<>();
        ExecutorService flushers = Executors.newCachedThreadPool();
        AtomicBoolean ended = new AtomicBoolean();
        try (RotatingDatabase.Nodes nodes = database.open()) {
            List<TokenStore> witnessed = new ArrayList<>();
            List<Future<Long>> flushed = new ArrayList<>();
            SplittableRandom random = new SplittableRandom(SEED);
            for (TokenStore node : nodes.stores(PATIENT)) {
                witnessed.add(new Witnessed(node, failures));
                for (int i = 0; i < FLUSHERS_OF_A_NODE; i++) {
                    SplittableRandom own = random.split();
                    flushed.add(flushers.submit(() -> flush(node, own, ended)));
                }
            }
            try (RotationHistory history = new RotationHistory(witnessed, ServiceRotations::new, SEED)) {
                long end = System.nanoTime() + LENGTH.toNanos();
                while (System.nanoTime() - end < 0) {
                    history.playRound();
                }
                ended.set(true);
                long uses = 0;
                for (Future<Long> each : flushed) {
                    uses += each.get();
                }
                System.out.printf("on %s, %s, %d uses flushed%n", database, history, uses);
                assertThat(uses).isPositive();
            }
            assertThat(failures)
                    .extracting(failure -> failure + ", " + failure.getCause())
                    .isEmpty();
        } finally {
            ended.set(true);
            flushers.shutdown();
            assertThat(flushers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    /** Writes the uses of all tokens and of some that are gone, over and over. */
    private static long flush(TokenStore node, SplittableRandom random, AtomicBoolean ended) {
        long flushed = 0;
        while (!ended.get()) {
            Map<TokenId, Instant> uses = new HashMap<>();
            Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
            node.scan(null, TokenStore.MAX_PAGE - GONE).tokens().forEach(token -> uses.put(token.id(), now));
            random.ints(GONE / 3, 0, GONE).forEach(i -> uses.put(new TokenId("gone" + i), now));
            ((TokenUses) node).record(uses);
            flushed += uses.size();
        }
        return flushed;
    }
}
