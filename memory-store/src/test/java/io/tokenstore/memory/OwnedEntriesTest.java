package io.tokenstore.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.Username;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The sorted array of an owner's entries beside a sorted map. */
class OwnedEntriesTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Username ALICE = new Username("alice");
    private static final int WALKS_BESIDE_A_WRITER = 1_000;

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.tokenstore.memory.Seeds#many")
    void what_comes_after_an_id_is_what_a_sorted_map_says_whatever_came_and_went_before(long seed) {
        Lists lists = new Lists(new SplittableRandom(seed));
        for (int step = 0; step < 3_000; step++) {
            if (step % 500 == 0) {
                lists.goal = lists.random.nextInt(1 << lists.random.nextInt(1, 10));
            }
            lists.change();
            if (step % 16 == 0) {
                String id = lists.ids.next();
                assertThat(ids(lists.owned, id))
                        .isEqualTo(List.copyOf(lists.model.tailMap(id, false).keySet()));
            }
        }
        assertThat(ids(lists.owned, null)).isEqualTo(List.copyOf(lists.model.keySet()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.tokenstore.memory.Seeds#few")
    void a_reader_beside_a_writer_meets_each_that_stays_exactly_once_and_in_order(long seed) throws Exception {
        Lists lists = new Lists(new SplittableRandom(seed));
        SplittableRandom ofReader = new SplittableRandom(-seed);
        lists.goal = 50;
        for (int step = 0; step < 1_000; step++) {
            lists.change();
        }
        List<String> staying = List.copyOf(lists.model.keySet());
        lists.kept.clear(); // so that the writer removes none of them
        OwnedEntries owned = lists.owned;

        CountDownLatch writing = new CountDownLatch(1);
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService writer = Executors.newSingleThreadExecutor();
        try {
            Future<Boolean> written = writer.submit(() -> {
                for (int step = 0; !over.get(); step++) {
                    if (step % 500 == 0) {
                        lists.goal = lists.random.nextInt(1 << lists.random.nextInt(1, 10));
                    }
                    lists.change();
                    writing.countDown();
                }
                return true;
            });
            writing.await(10, TimeUnit.SECONDS);
            for (int walk = 0; walk < WALKS_BESIDE_A_WRITER; walk++) {
                int from = ofReader.nextInt(staying.size());
                List<String> met = ids(owned, from == 0 ? null : staying.get(from - 1));
                assertThat(met).isSorted().doesNotHaveDuplicates();
                met.retainAll(new HashSet<>(staying));
                assertThat(met).isEqualTo(staying.subList(from, staying.size()));
            }
            over.set(true);
            assertThat(written.get(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            over.set(true);
            writer.shutdownNow();
        }
    }

    /** The ids of those that were not removed. */
    private static List<String> ids(OwnedEntries owned, String after) {
        List<String> ids = new ArrayList<>();
        for (Entry entry : owned.after(after)) {
            if (!entry.isRemoved()) {
                ids.add(entry.id());
            }
        }
        return ids;
    }

    /** The array, and the map that is told the same. */
    private static final class Lists {

        private final RandomGenerator random;
        private final RandomIds ids;
        private final NavigableMap<String, Entry> model = new TreeMap<>();
        private final List<String> kept = new ArrayList<>();
        private OwnedEntries owned = new OwnedEntries(ALICE);
        private int goal;

        Lists(RandomGenerator random) {
            this.random = random;
            this.ids = new RandomIds(random);
        }

        /** Adds or removes one, mostly so that the number comes nearer to the goal. */
        void change() {
            boolean grow = random.nextInt(10) < (kept.size() < goal ? 8 : 2);
            if (grow || kept.isEmpty()) {
                String id = ids.next();
                if (!model.containsKey(id)) {
                    Entry entry = new Entry(new Token(new TokenId(id), ALICE, "laptop", null, NOW, NOW, null), ALICE);
                    model.put(id, entry);
                    kept.add(id);
                    owned.add(entry);
                }
            } else {
                int at = random.nextInt(kept.size());
                String id = kept.set(at, kept.get(kept.size() - 1));
                kept.remove(kept.size() - 1);
                assertThat(model.remove(id).removeIfEndedBefore(NOW.plusSeconds(1)))
                        .isTrue();
                assertThat(owned.removed()).as("none is left").isEqualTo(model.isEmpty());
                if (model.isEmpty()) {
                    owned = new OwnedEntries(ALICE);
                }
            }
        }
    }
}
