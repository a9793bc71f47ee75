package io.tokenstore.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.MethodOrdererContext;
import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** A run of a store's test class, or of some of its tests. */
final class KitRun {

    /** Most tests of a race wait for its half second, so they save most of it when they run beside each other. */
    static final Map<String, String> IN_PARALLEL = Map.of(
            "junit.jupiter.execution.parallel.enabled", "true",
            "junit.jupiter.execution.parallel.mode.default", "concurrent",
            "junit.jupiter.execution.parallel.config.executor-service", "WORKER_THREAD_POOL",
            "junit.jupiter.execution.parallel.config.strategy", "fixed",
            "junit.jupiter.execution.parallel.config.fixed.parallelism", "8");

    private static final int ATTEMPTS = Integer.getInteger("kit.attempts", 6);

    private static final Map<String, Long> NANOS_OF_A_TEST_THAT_PASSED = new ConcurrentHashMap<>();

    private static volatile int timesAsLong = 1;

    private KitRun() {}

    /** Returns the time that a race, or a whole test, may take in this run, of what it may take in the first one. */
    static Duration inThisRun(Duration time) {
        return time.multipliedBy(timesAsLong);
    }

    /**
     * Runs the tests of the rule until one fails, the quick ones first.
     *
     * <p>A window of some nanoseconds is not met in each run of a race on a busy machine, so there are a few runs, each
     * with races twice as long as those of the one before. {@code -Dkit.attempts=1} allows one, which measures
     * how often that is enough.
     */
    static void assertFailsBy(Rule meant, String broken, Class<?> contract) {
        String tests = meant.name().toLowerCase(Locale.ROOT) + "_";
        Map<String, String> configuration =
                Map.of(MethodOrderer.DEFAULT_ORDER_PROPERTY_NAME, QuickFirst.class.getName());
        Map<String, String> failures = new TreeMap<>();
        try {
            for (int attempt = 1; attempt <= ATTEMPTS && failures.isEmpty(); attempt++) {
                if (attempt > 1) {
                    System.out.printf("run %d of the tests of %s on %s%n", attempt, meant.name(), broken);
                }
                timesAsLong = 1 << attempt - 1;
                of(contract, tests, configuration, true)
                        .forEach((test, result) -> result.getThrowable()
                                .ifPresent(thrown -> failures.put(test, String.valueOf(thrown.getMessage()))));
            }
        } finally {
            timesAsLong = 1;
        }
        assertThat(failures)
                .as("What the kit says of %s", broken)
                .anySatisfy((test, message) -> assertThat(message).contains(meant.toString()));
    }

    /** By how long they took with other stores. */
    static final class QuickFirst implements MethodOrderer {
        @Override
        public void orderMethods(MethodOrdererContext context) {
            context.getMethodDescriptors()
                    .sort(Comparator.comparing(method -> NANOS_OF_A_TEST_THAT_PASSED.getOrDefault(
                            method.getMethod().getName(), 0L)));
        }
    }

    static void assertPasses(Class<?> contract, String testsBeginningWith, Map<String, String> configuration) {
        assertThat(of(contract, testsBeginningWith, configuration, false))
                .hasSizeGreaterThan(5)
                .allSatisfy((test, result) -> assertThat(result)
                        .as(() -> test + ": " + result.getThrowable())
                        .returns(TestExecutionResult.Status.SUCCESSFUL, TestExecutionResult::getStatus));
    }

    /** Returns what came of each test that was run. */
    static Map<String, TestExecutionResult> of(
            Class<?> contract, String testsBeginningWith, Map<String, String> configuration, boolean untilOneFails) {
        CancellationToken rest = CancellationToken.create();
        LauncherDiscoveryRequest tests = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(contract))
                .configurationParameters(configuration)
                .filters((PostDiscoveryFilter) test -> FilterResult.includedIf(test.getSource()
                        .filter(source -> source instanceof MethodSource method
                                && !method.getMethodName().startsWith(testsBeginningWith))
                        .isEmpty()))
                .build();
        Map<String, TestExecutionResult> results = new ConcurrentSkipListMap<>();
        Map<String, Long> begun = new ConcurrentHashMap<>();
        TestExecutionListener listener = new TestExecutionListener() {
            @Override
            public void executionStarted(TestIdentifier test) {
                begun.put(test.getUniqueId(), System.nanoTime());
            }

            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest()) {
                    results.put(test.getUniqueId(), result);
                }
                if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                    if (untilOneFails) {
                        rest.cancel();
                    }
                } else if (test.getSource().orElse(null) instanceof MethodSource method) {
                    long nanos = System.nanoTime() - begun.get(test.getUniqueId());
                    NANOS_OF_A_TEST_THAT_PASSED.merge(method.getMethodName(), nanos, Math::min);
                }
            }

            @Override
            public void executionSkipped(TestIdentifier test, String reason) {
                results.put(test.getUniqueId(), TestExecutionResult.aborted(null));
            }
        };
        LauncherFactory.create()
                .execute(LauncherExecutionRequestBuilder.request(tests)
                        .listeners(listener)
                        .cancellationToken(rest)
                        .build());
        return results;
    }
}
