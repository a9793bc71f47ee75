package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.code_intelligence.jazzer.mutation.annotation.WithUtf8Length;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.provider.MethodSource;

/** What Jazzer sends to one entry point: it learns from the branches that its inputs take. One target is fuzzed in each JVM. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FuzzTarget {

    private static final int INPUTS = 1_250_000;
    private static final int SEEDS = 1_000;

    /** More than any limit of the contract; longer ones would only be slower. */
    private static final int LONGEST = 2_048;

    private final EntryPoint entryPoint;
    private final FuzzedHost host = new FuzzedHost();
    private final Map<String, Integer> outcomes = new TreeMap<>();

    FuzzTarget(EntryPoint entryPoint) {
        this.entryPoint = entryPoint;
    }

    Stream<String> seeds() {
        SplittableRandom random = new SplittableRandom(1);
        return Stream.concat(
                        Stream.generate(() -> entryPoint.seed(host, random)).limit(SEEDS),
                        NaughtyStrings.all().stream())
                .filter(text -> text.getBytes(StandardCharsets.UTF_8).length <= LONGEST);
    }

    @MethodSource("seeds")
    @FuzzTest(maxExecutions = INPUTS, maxDuration = "1h")
    void whatever_is_sent_is_answered_as_the_contract_says(@NotNull @WithUtf8Length(max = LONGEST) String sent) {
        outcomes.merge(entryPoint.send(host, sent), 1, Integer::sum);
    }

    @AfterAll
    void all_were_sent_and_all_came_of_them_that_can() {
        int answered = outcomes.values().stream().mapToInt(Integer::intValue).sum();
        System.out.printf("Jazzer fuzzed %s with %d inputs: %s%n", entryPoint, answered, outcomes);
        assertThat(answered).isGreaterThanOrEqualTo(INPUTS);
        assertThat(outcomes).containsOnlyKeys(entryPoint.outcomes());
    }
}
