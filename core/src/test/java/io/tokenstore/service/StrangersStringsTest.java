package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a stranger sends is answered as the contract says: no exception, no 500, and nothing is stored. */
class StrangersStringsTest {

    /** For each entry point; 1,250,000 in the profile fuzz. */
    private static final int INPUTS = Integer.getInteger("fuzz.inputs", 2_500);

    private static final long SEED = Long.getLong("fuzz.seed", 1);

    @ParameterizedTest
    @EnumSource
    void naughty_strings_are_answered_as_the_contract_says(EntryPoint entryPoint) {
        FuzzedHost host = new FuzzedHost();
        entryPoint.send(host, null);
        NaughtyStrings.all().forEach(text -> entryPoint.send(host, text));
    }

    @ParameterizedTest
    @EnumSource
    void fuzzed_strings_are_answered_as_the_contract_says(EntryPoint entryPoint) {
        FuzzedHost host = new FuzzedHost();
        FuzzedStrings strings = new FuzzedStrings(new SplittableRandom(SEED), random -> entryPoint.seed(host, random));
        Map<String, Integer> outcomes = new TreeMap<>();
        for (int i = 0; i < INPUTS; i++) {
            outcomes.merge(send(entryPoint, host, strings.next()), 1, Integer::sum);
        }
        System.out.printf("fuzzed %s, seed %d: %s%n", entryPoint, SEED, outcomes);
        assertThat(outcomes).containsOnlyKeys(entryPoint.outcomes());
        assertThat(outcomes.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(INPUTS);
    }

    private static String send(EntryPoint entryPoint, FuzzedHost host, String text) {
        try {
            return entryPoint.send(host, text);
        } catch (AssertionError e) {
            throw new AssertionError("-Dfuzz.seed=" + SEED + ": " + e.getMessage(), e);
        }
    }
}
