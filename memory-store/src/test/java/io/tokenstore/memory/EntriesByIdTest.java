package io.tokenstore.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.Username;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of hashes beside a sorted map. */
class EntriesByIdTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Username ALICE = new Username("alice");
    private static final Comparator<String> BY_HASH = Comparator.<String>comparingInt(
                    id -> EntriesById.hash(id) ^ Integer.MIN_VALUE)
            .thenComparing(Comparator.naturalOrder());

    private static final int WALKS_BESIDE_A_WRITER = 100;

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.tokenstore.memory.Seeds#many")
    void every_answer_is_that_of_a_sorted_map_whatever_came_and_went_before(long seed) {
        Tables tables = new Tables(new SplittableRandom(seed));
        RandomGenerator random = tables.random;
        for (int phase = 0; phase < 8; phase++) {
            int goal = random.nextInt(4) == 0 ? 0 : random.nextInt(1 << random.nextInt(1, 12));
            for (int step = 0; tables.kept.size() != goal && step < 10_000; step++) {
                tables.change(goal);
                String id = tables.ids.next();
                assertThat(tables.entries.get(id)).isSameAs(tables.model.get(id));
                if (step % 64 == 0) {
                    int limit = random.nextInt(1, 100);
                    assertThat(tables.page(id, limit)).isEqualTo(tables.expected(id, limit));
                }
            }
            assertThat(tables.entries.size()).isEqualTo(tables.kept.size());
            assertThat(tables.page(null, Integer.MAX_VALUE)).isEqualTo(List.copyOf(tables.model.keySet()));
            tables.model.forEach(
                    (id, entry) -> assertThat(tables.entries.get(id)).isSameAs(entry));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.tokenstore.memory.Seeds#many")
    void a_walk_meets_each_that_stays_exactly_once_whatever_comes_and_goes_between_its_steps(long seed) {
        Tables tables = new Tables(new SplittableRandom(seed));
        RandomGenerator random = tables.random;
        tables.changeUntil(random.nextInt(2_000));
        for (int walk = 0; walk < 4; walk++) {
            Set<String> staying = new HashSet<>(tables.kept);
            List<String> met = new ArrayList<>();
            String last = null;
            do {
                int limit = random.nextInt(1, 20 + tables.kept.size() / 16);
                List<String> page = tables.page(last, limit);
                met.addAll(page);
                last = page.size() < limit ? null : page.get(limit - 1);
                if (random.nextInt(8) == 0) {
                    tables.changeUntil(random.nextInt(1 << random.nextInt(1, 12)));
                } else {
                    tables.change(tables.kept.size());
                }
                staying.retainAll(tables.model.keySet());
            } while (last != null);
            met.retainAll(staying);
            assertThat(met).doesNotHaveDuplicates().hasSameSizeAs(staying).isSortedAccordingTo(BY_HASH);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.tokenstore.memory.Seeds#few")
    void a_walk_beside_a_writer_meets_each_that_stays_exactly_once(long seed) throws Exception {
        Tables tables = new Tables(new SplittableRandom(seed));
        SplittableRandom ofReader = new SplittableRandom(-seed);
        tables.changeUntil(300);
        List<String> staying = List.copyOf(tables.model.keySet());
        tables.kept.clear(); // so that the writer removes none of them

        CountDownLatch writing = new CountDownLatch(1);
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService writer = Executors.newSingleThreadExecutor();
        try {
            Future<Boolean> written = writer.submit(() -> {
                while (!over.get()) {
                    tables.changeUntil(tables.random.nextInt(1 << tables.random.nextInt(1, 12)));
                    writing.countDown();
                }
                return true;
            });
            writing.await(10, TimeUnit.SECONDS);
            for (int walk = 0; walk < WALKS_BESIDE_A_WRITER; walk++) {
                List<String> met = new ArrayList<>();
                String last = null;
                do {
                    int limit = ofReader.nextInt(20, 400);
                    List<String> page = page(tables.entries, last, limit);
                    assertThat(page).isSortedAccordingTo(BY_HASH);
                    met.addAll(page);
                    last = page.size() < limit ? null : page.get(limit - 1);
                } while (last != null);
                met.retainAll(new HashSet<>(staying));
                assertThat(met).isEqualTo(staying);
                for (String id : staying) {
                    assertThat(tables.entries.get(id)).isNotNull();
                }
            }
            over.set(true);
            assertThat(written.get(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            over.set(true);
            writer.shutdownNow();
        }
    }

    @Test
    void thousands_of_ids_of_one_hash_are_kept_apart_and_walked_through_once() {
        EntriesById entries = new EntriesById();
        List<String> ids = IntStream.range(0, 1 << 12)
                .mapToObj(number -> RandomIds.ofOneHash(number, 12))
                .toList();
        assertThat(ids).allSatisfy(id -> assertThat(EntriesById.hash(id)).isEqualTo(EntriesById.hash(ids.get(0))));
        ids.forEach(id -> entries.add(entry(id)));
        ids.forEach(id -> assertThat(entries.get(id).id()).isEqualTo(id));
        List<String> met = new ArrayList<>();
        String last = null;
        do {
            List<String> page = page(entries, last, 100);
            met.addAll(page);
            last = page.size() < 100 ? null : page.get(99);
        } while (last != null);
        assertThat(met).isEqualTo(ids.stream().sorted().toList());
        ids.forEach(id -> entries.remove(entries.get(id)));
        assertThat(page(entries, null, 1)).isEmpty();
    }

    private static Entry entry(String id) {
        return new Entry(new Token(new TokenId(id), ALICE, "laptop", null, NOW, null, null), ALICE);
    }

    private static List<String> page(EntriesById entries, String after, int limit) {
        return entries.list(after, limit).stream().map(Entry::id).toList();
    }

    /** The table, and the map that is told the same. */
    private static final class Tables {

        private final RandomGenerator random;
        private final RandomIds ids;
        private final EntriesById entries = new EntriesById();
        private final NavigableMap<String, Entry> model = new TreeMap<>(BY_HASH);
        private final List<String> kept = new ArrayList<>();

        Tables(RandomGenerator random) {
            this.random = random;
            this.ids = new RandomIds(random);
        }

        /** Adds or removes one, mostly so that the number comes nearer to the goal. */
        void change(int goal) {
            boolean grow = random.nextInt(10) < (kept.size() < goal ? 8 : 2);
            if (grow || kept.isEmpty()) {
                String id = ids.next();
                if (!model.containsKey(id)) {
                    Entry entry = entry(id);
                    model.put(id, entry);
                    kept.add(id);
                    entries.add(entry);
                }
            } else {
                int at = random.nextInt(kept.size());
                String id = kept.set(at, kept.get(kept.size() - 1));
                kept.remove(kept.size() - 1);
                entries.remove(model.remove(id));
            }
        }

        void changeUntil(int goal) {
            for (int step = 0; kept.size() != goal && step < 10_000; step++) {
                change(goal);
            }
        }

        List<String> page(String after, int limit) {
            return EntriesByIdTest.page(entries, after, limit);
        }

        List<String> expected(String after, int limit) {
            return model.tailMap(after, false).keySet().stream().limit(limit).toList();
        }
    }
}
