package io.tokenstore.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Token;
import io.tokenstore.TokenStore;
import io.tokenstore.contract.correct.CompareAndSetStore;
import io.tokenstore.contract.correct.EventLogStore;
import io.tokenstore.contract.correct.SingleThreadStore;
import io.tokenstore.contract.correct.SqliteStore;
import io.tokenstore.contract.correct.WatermarkStore;
import io.tokenstore.fixtures.EmptyPagesStore;
import io.tokenstore.fixtures.ShortPagesStore;
import io.tokenstore.fixtures.TreeMapStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestExecutionResult;

class ContractKitTest {

    /** How often each correct store has to pass; more than once is under load. */
    private static final int RUNS = Integer.getInteger("kit.runs", 1);

    private static final Duration RACE = Duration.ofMillis(500);

    /** A correct store passes however long they last. */
    static final Duration RACE_OF_A_CORRECT_STORE = RUNS > 1 ? RACE : Duration.ofMillis(100);

    private static Stream<Map.Entry<Supplier<TokenStore>, Rule>> broken() {
        return Stream.of(
                        BrokenStores.RULE_BROKEN_BY,
                        BrokenIds.RULE_BROKEN_BY,
                        BrokenMarks.RULE_BROKEN_BY,
                        BrokenOwners.RULE_BROKEN_BY,
                        BrokenLeftovers.RULE_BROKEN_BY,
                        BrokenRetries.RULE_BROKEN_BY,
                        BrokenCollections.RULE_BROKEN_BY,
                        BrokenPages.RULE_BROKEN_BY,
                        BrokenRaces.RULE_BROKEN_BY,
                        BrokenLooks.RULE_BROKEN_BY,
                        BrokenWaits.RULE_BROKEN_BY,
                        BrokenMemories.RULE_BROKEN_BY,
                        BrokenEncodings.RULE_BROKEN_BY,
                        BrokenActs.RULE_BROKEN_BY,
                        BrokenContention.RULE_BROKEN_BY,
                        BrokenRecursions.RULE_BROKEN_BY,
                        BrokenRelations.RULE_BROKEN_BY)
                .flatMap(stores -> stores.entrySet().stream());
    }

    static Stream<Arguments> brokenStores() {
        return broken().sorted(Map.Entry.comparingByValue())
                .map(broken -> Arguments.of(nameOf(broken.getKey().get()), broken.getKey(), broken.getValue()));
    }

    private static String nameOf(TokenStore broken) {
        return broken instanceof BrokenContention.Hindered
                ? broken.toString()
                : broken.getClass().getSimpleName();
    }

    @ParameterizedTest(name = "{0} fails by {2}")
    @MethodSource("brokenStores")
    void a_broken_store_fails_by_the_rule_meant_for_it(String name, Supplier<TokenStore> broken, Rule meant) {
        // Half of it for calls that do not return.
        Contract.limit = Duration.ofSeconds(BrokenWaits.RULE_BROKEN_BY.containsKey(broken) ? 4 : 10);
        Contract.race = RACE;
        Contract.underTest = broken;
        KitRun.assertFailsBy(meant, name, Contract.class);
    }

    @Test
    void a_correct_store_passes() {
        passes(TreeMapStore::new, Map.of());
    }

    static Stream<Supplier<TokenStore>> correctStores() {
        Stream<Supplier<TokenStore>> stores = Stream.of(
                ZoneDependentStore::new,
                ShortPagesStore::new,
                EmptyPagesStore::new,
                OptimisticStore::new,
                ConcurrentStore::new,
                CompareAndSetStore::new,
                EventLogStore::new,
                SingleThreadStore::new,
                WatermarkStore::new);
        // One run of it is SqliteStoreTest.
        return RUNS > 1 ? Stream.concat(stores, Stream.of(SqliteStore::new)) : stores;
    }

    @ParameterizedTest
    @MethodSource("correctStores")
    void a_correct_store_of_another_make_passes_with_its_tests_in_parallel(Supplier<TokenStore> correct) {
        passes(correct, KitRun.IN_PARALLEL);
    }

    /** Correct in any time zone, but not if the zone changes under its hands, which only the tests of R2 may do. */
    private static final class ZoneDependentStore extends TreeMapStore {

        private static final TimeZone ZONE = TimeZone.getDefault();

        private final boolean zoneMayChange = Thread.currentThread().getName().startsWith("r2_");

        @Override
        public synchronized void add(Token token) {
            assertThat(zoneMayChange || TimeZone.getDefault().equals(ZONE))
                    .as("In one zone")
                    .isTrue();
            super.add(token);
        }
    }

    private static void passes(Supplier<TokenStore> correct, Map<String, String> configuration) {
        AtomicBoolean ended = new AtomicBoolean();
        if (RUNS > 1) {
            keepEveryProcessorBusyUntil(ended);
        }
        try {
            for (int run = 1; run <= RUNS; run++) {
                assertThat(run(correct, "r", configuration))
                        .as("Run %d of %d", run, RUNS)
                        .hasSizeGreaterThan(65)
                        .allSatisfy((test, result) ->
                                assertThat(result.getStatus()).isEqualTo(TestExecutionResult.Status.SUCCESSFUL));
                if (RUNS > 1) {
                    System.out.printf("run %d of %d of a correct store passes%n", run, RUNS);
                }
            }
        } finally {
            ended.set(true);
        }
    }

    private static void keepEveryProcessorBusyUntil(AtomicBoolean ended) {
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            new Thread(() -> {
                        while (!ended.get()) {
                            Thread.onSpinWait();
                        }
                    })
                    .start();
        }
    }

    @Test
    void every_rule_has_a_test_and_a_store_that_breaks_it() {
        Set<Rule> tested = Stream.of(
                        TokenStoreContract.class,
                        TwoNodesContract.class,
                        FailureContract.class,
                        StalenessContract.class,
                        TokenUsesContract.class)
                .flatMap(contract -> Arrays.stream(contract.getMethods()))
                .map(method -> method.getName().split("_")[0].toUpperCase(Locale.ROOT))
                .filter(number -> number.matches("R\\d+"))
                .map(Rule::valueOf)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Rule.class)));
        assertThat(tested).containsExactly(Rule.values());
        // By those of TwoNodesContractTest, FailureContractTest and StalenessContractTest.
        Set<Rule> broken = EnumSet.of(Rule.R33, Rule.R34, Rule.R38);
        broken().forEach(store -> broken.add(store.getValue()));
        broken.addAll(BrokenUses.RULE_BROKEN_BY.values());
        assertThat(broken).containsExactly(Rule.values());
    }

    static Map<String, TestExecutionResult> run(
            Supplier<TokenStore> store, String testsBeginningWith, Map<String, String> configuration) {
        Contract.limit = Duration.ofMinutes(1);
        Contract.race = RACE_OF_A_CORRECT_STORE;
        Contract.underTest = store;
        return KitRun.of(Contract.class, testsBeginningWith, configuration, false);
    }

    /** Not a test of this module's own: the launcher above runs it against the store in question. */
    static final class Contract implements TokenStoreContract {

        private static Supplier<TokenStore> underTest = TreeMapStore::new;
        private static Duration limit = Duration.ofMinutes(1);
        private static Duration race = RACE;

        private TokenStore store;

        @Override
        public TokenStore emptyStore() {
            store = underTest.get();
            return store;
        }

        @AfterEach
        void close() throws Exception {
            if (store instanceof AutoCloseable closeable) {
                closeable.close();
            }
        }

        @Override
        public Duration timeLimit() {
            return KitRun.inThisRun(limit);
        }

        @Override
        public Duration raceTime() {
            return KitRun.inThisRun(race);
        }
    }
}
