package io.tokenstore.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.tokenstore.TokenStore;
import io.tokenstore.fixtures.TreeMapStore;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class ContractKitTest {

    static Stream<Arguments> brokenStores() {
        return BrokenStores.RULE_BROKEN_BY.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(broken -> Arguments.of(
                        broken.getKey().get().getClass().getSimpleName(), broken.getKey(), broken.getValue()));
    }

    @ParameterizedTest(name = "{0} fails by {2}")
    @MethodSource("brokenStores")
    void a_broken_store_fails_by_the_rule_meant_for_it(String name, Supplier<TokenStore> broken, Rule meant) {
        Map<String, TestExecutionResult> results = run(broken, meant.name().toLowerCase(Locale.ROOT) + "_");
        Map<String, String> failures = new TreeMap<>();
        results.forEach((test, result) ->
                result.getThrowable().ifPresent(thrown -> failures.put(test, String.valueOf(thrown.getMessage()))));
        assertThat(failures)
                .as("What the kit says of %s", name)
                .anySatisfy((test, message) -> assertThat(message).contains(meant.toString()));
    }

    static Stream<Supplier<TokenStore>> correctStores() {
        return Stream.of(TreeMapStore::new, ShortPagesStore::new);
    }

    @ParameterizedTest
    @MethodSource("correctStores")
    void a_correct_store_of_another_make_passes(Supplier<TokenStore> correct) {
        Map<String, TestExecutionResult> results = run(correct, "r");
        assertThat(results)
                .hasSizeGreaterThan(65)
                .allSatisfy((test, result) ->
                        assertThat(result.getStatus()).isEqualTo(TestExecutionResult.Status.SUCCESSFUL));
    }

    @Test
    void every_rule_has_a_test_and_a_store_that_breaks_it() {
        Set<Rule> tested = Arrays.stream(TokenStoreContract.class.getMethods())
                .map(method -> method.getName().split("_")[0].toUpperCase(Locale.ROOT))
                .filter(number -> number.matches("R\\d+"))
                .map(Rule::valueOf)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Rule.class)));
        assertThat(tested).containsExactly(Rule.values());
        assertThat(BrokenStores.RULE_BROKEN_BY.values()).contains(Rule.values());
    }

    private static Map<String, TestExecutionResult> run(Supplier<TokenStore> store, String testsBeginningWith) {
        Map<String, TestExecutionResult> results = new TreeMap<>();
        Contract.underTest = store;
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(Contract.class))
                                .filters((PostDiscoveryFilter) test -> FilterResult.includedIf(
                                        !test.isTest() || test.getDisplayName().startsWith(testsBeginningWith)))
                                .build(),
                        new TestExecutionListener() {
                            @Override
                            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                                if (test.isTest()) {
                                    results.put(test.getUniqueId(), result);
                                }
                            }

                            @Override
                            public void executionSkipped(TestIdentifier test, String reason) {
                                results.put(test.getUniqueId(), TestExecutionResult.aborted(null));
                            }
                        });
        return results;
    }

    /** Not a test of this module's own: the launcher above runs it against the store in question. */
    static final class Contract implements TokenStoreContract {

        private static Supplier<TokenStore> underTest = TreeMapStore::new;

        @Override
        public TokenStore emptyStore() {
            return underTest.get();
        }
    }
}
