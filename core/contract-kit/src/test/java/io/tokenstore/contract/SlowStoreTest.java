package io.tokenstore.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SlowStoreTest {

    /** With a store that is a millisecond away, the whole kit takes 15 seconds longer than in memory. */
    private static final int MOST_WAITS = 14_000;

    @Test
    void the_kit_asks_a_slow_store_seldom_enough() {
        List<SlowStore> stores = new CopyOnWriteArrayList<>();
        ContractKitTest.run(
                () -> {
                    stores.add(new SlowStore());
                    return stores.get(stores.size() - 1);
                },
                "r",
                Map.of());
        Map<String, Integer> waits = stores.stream()
                .collect(Collectors.toMap(SlowStore::test, SlowStore::waits, Integer::sum, TreeMap::new));
        String busiest = waits.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(20)
                .map(test -> test.getValue() + " " + test.getKey())
                .collect(Collectors.joining(System.lineSeparator()));
        assertThat(waits.values().stream().mapToInt(Integer::intValue).sum())
                .as("Calls one after another; most of them are in%n%s", busiest)
                .isLessThan(MOST_WAITS);
    }
}
