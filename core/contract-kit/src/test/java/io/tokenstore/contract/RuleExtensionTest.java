package io.tokenstore.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.tokenstore.Token;
import io.tokenstore.TokenStore;
import io.tokenstore.author.AuthorsContract;
import io.tokenstore.fixtures.TreeMapStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/** What the kit says of a test that fails, hangs or has no rule. */
class RuleExtensionTest {

    @Test
    void a_comparison_that_fails_says_its_rule_first_and_keeps_both_values_and_its_stack() {
        AssertionFailedError failure = (AssertionFailedError) failure(OfTheKit.class, "r14_compares");
        assertThat(failure).hasMessageStartingWith(Rule.R14.toString()).hasMessageContaining("expected: 2");
        assertThat(failure.getExpected().getStringRepresentation()).isEqualTo("2");
        assertThat(failure.getActual().getStringRepresentation()).isEqualTo("1");
        assertThat(methods(failure)).contains("r14_compares");
        assertThat(failure.getCause()).isInstanceOf(AssertionFailedError.class).hasMessageNotContaining("R14");
    }

    @Test
    void an_exception_of_the_store_says_its_rule_first_and_stays_the_cause() {
        Throwable failure = failure(OfTheKit.class, "r14_throws");
        assertThat(failure)
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith(Rule.R14.toString())
                .hasMessageContaining("java.lang.IllegalStateException: down")
                .hasCauseInstanceOf(IllegalStateException.class)
                .hasRootCauseInstanceOf(IOException.class);
        assertThat(methods(failure)).contains("r14_throws");
    }

    @Test
    void a_failure_of_a_test_with_parameters_or_without_a_message_says_its_rule_too() {
        assertThat(failure(OfTheKit.class, "r2_has_a_parameter")).hasMessageStartingWith(Rule.R2.toString());
        assertThat(failure(OfTheKit.class, "r3_says_nothing")).hasMessageStartingWith(Rule.R3.toString());
    }

    @Test
    void a_store_that_can_not_be_had_says_the_rule_and_why() {
        assertThat(failure(OfTheKit.class, "r1_has_no_store"))
                .hasMessageStartingWith(Rule.R1.toString())
                .hasMessageContaining("no database");
    }

    @Test
    void a_test_that_takes_too_long_says_its_rule_and_the_stacks_of_its_threads() {
        try {
            assertThat(failure(Hanging.class, "r9_hangs"))
                    .hasMessageStartingWith(Rule.R9.toString())
                    .hasMessageContaining("r9_hangs took longer than PT0.5S")
                    .hasMessageContaining("Hanging.revoke(")
                    .hasMessageContaining("Hanging.revokeToo(");
        } finally {
            Hanging.released = true;
        }
    }

    @Test
    void threads_that_are_deadlocked_say_so_with_the_locks_that_they_hold() {
        assertThat(failure(Deadlocked.class, "r13_is_deadlocked"))
                .hasMessageStartingWith(Rule.R13.toString())
                .hasMessageContaining("r13_is_deadlocked does not end: its threads are deadlocked")
                .hasMessageMatching(
                        "(?s).*contender 0, BLOCKED, waits for java.lang.String@\\w+, which contender 1 holds.*")
                .hasMessageMatching(
                        "(?s).*contender 1, BLOCKED, waits for java.lang.String@\\w+, which contender 0 holds.*")
                .hasMessageContaining("Deadlocked.lock(")
                .hasMessageContaining("holds java.lang.String@");
    }

    @Test
    void threads_that_wait_for_a_connection_that_nobody_gives_back_say_so() {
        assertThat(failure(Deadlocked.class, "r1_waits_for_a_connection"))
                .hasMessageStartingWith(Rule.R1.toString())
                .hasMessageContaining("does not end: its threads wait in calls that do not return")
                .hasMessageContaining("Semaphore.acquire");
    }

    @Test
    void a_store_that_is_slow_to_set_up_is_no_store_that_hangs() {
        assertThat(run(Deadlocked.class, "r2_is_slow_to_set_up").getStatus())
                .isEqualTo(TestExecutionResult.Status.SUCCESSFUL);
    }

    @Test
    void threads_that_make_one_slow_call_after_another_are_not_taken_for_stuck() {
        assertThat(run(Deadlocked.class, "r2_makes_slow_calls_in_parallel").getStatus())
                .isEqualTo(TestExecutionResult.Status.SUCCESSFUL);
    }

    @Test
    void a_comparison_of_many_tokens_is_cut() {
        Throwable failure = failure(OfTheKit.class, "r14_compares_many");
        assertThat(failure.getMessage())
                .startsWith(Rule.R14.toString())
                .contains("characters ...")
                .hasSizeLessThan(10_000);
        assertThat(failure).hasNoCause();
    }

    @Test
    void a_test_of_the_kit_without_a_known_rule_fails_and_does_not_run() {
        for (String name : List.of("r99_is_not_a_rule", "r0_is_not_a_rule", "r01_is_not_a_rule", "has_no_number")) {
            assertThat(failure(OfTheKit.class, name)).hasMessage(name + " does not begin with the number of a rule");
        }
    }

    @Test
    void a_test_that_passes_or_is_aborted_stays_so() {
        assertThat(run(OfTheKit.class, "r5_passes").getStatus()).isEqualTo(TestExecutionResult.Status.SUCCESSFUL);
        assertThat(run(OfTheKit.class, "r5_is_aborted").getStatus()).isEqualTo(TestExecutionResult.Status.ABORTED);
        assertThat(run(OfTheKit.class, "r5_is_aborted").getThrowable().orElseThrow())
                .isExactlyInstanceOf(TestAbortedException.class);
    }

    @Test
    void an_authors_own_tests_run_as_they_are_and_overridden_ones_have_their_rule() {
        assertThat(failure(AuthorsContract.class, "fails")).hasMessage("as it is");
        assertThat(failure(AuthorsContract.class, "r1_an_unknown_id_is_empty"))
                .hasMessageStartingWith(Rule.R1.toString())
                .hasMessageEndingWith("overridden");
        assertThat(run(AuthorsContract.class, "runs_on_the_threads_of_its_set_up")
                        .getStatus())
                .isEqualTo(TestExecutionResult.Status.SUCCESSFUL);
    }

    private static List<String> methods(Throwable failure) {
        return Arrays.stream(failure.getStackTrace())
                .map(StackTraceElement::getMethodName)
                .toList();
    }

    private static Throwable failure(Class<?> tests, String name) {
        TestExecutionResult result = run(tests, name);
        assertThat(result.getStatus()).isEqualTo(TestExecutionResult.Status.FAILED);
        return result.getThrowable().orElseThrow();
    }

    private static TestExecutionResult run(Class<?> tests, String name) {
        TestExecutionResult[] last = {null};
        boolean hasParameter = name.equals("r2_has_a_parameter");
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(hasParameter ? selectMethod(tests, name, "int") : selectMethod(tests, name))
                                .build(),
                        new TestExecutionListener() {
                            @Override
                            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                                if (test.isTest()) {
                                    last[0] = result;
                                }
                            }
                        });
        return Optional.ofNullable(last[0]).orElseThrow();
    }

    /** Not tests of this module's own: the launcher above runs them. */
    static final class OfTheKit implements StoreUnderTest {

        @Override
        public TokenStore emptyStore() throws IOException {
            throw new IOException("no database");
        }

        @Test
        void r14_compares() {
            assertThat(1).isEqualTo(2);
        }

        @Test
        void r14_compares_many() {
            List<Token> tokens = IntStream.range(0, 1_000)
                    .mapToObj(i -> Samples.live(Samples.ALICE, "t" + i))
                    .toList();
            assertThat(tokens).isEqualTo(tokens.subList(1, 1_000));
        }

        @Test
        void r14_throws() {
            throw new IllegalStateException("down", new IOException("connection reset"));
        }

        @ParameterizedTest
        @ValueSource(ints = 1)
        void r2_has_a_parameter(int one) {
            assertThat(one).isZero();
        }

        @Test
        void r3_says_nothing() {
            throw new AssertionError();
        }

        @Test
        void r1_has_no_store() throws Exception {
            new TreeMapStore().add(emptyStore().find(Samples.id("t1")).orElseThrow());
        }

        @Test
        void r5_passes() {}

        @Test
        void r5_is_aborted() {
            Assumptions.abort("no database here");
        }

        @Test
        void r99_is_not_a_rule() {}

        @Test
        void r0_is_not_a_rule() {}

        @Test
        void r01_is_not_a_rule() {}

        @Test
        void has_no_number() {}
    }

    /** Of a store whose calls neither return nor can be interrupted. */
    static final class Hanging implements StoreUnderTest {

        private static volatile boolean released;

        @Override
        public TokenStore emptyStore() {
            return new TreeMapStore();
        }

        @Override
        public Duration timeLimit() {
            return Duration.ofMillis(500);
        }

        @Test
        void r9_hangs() throws Exception {
            try (Race race = new Race(2)) {
                race.round(contender -> contender == 0 ? revoke() : revokeToo());
            }
        }

        private static boolean revoke() {
            awaitRelease();
            return true;
        }

        private static boolean revokeToo() {
            awaitRelease();
            return true;
        }

        private static void awaitRelease() {
            while (!released) {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    /** Of stores whose threads wait for each other, or for nothing that comes. */
    static final class Deadlocked implements StoreUnderTest {

        @Override
        public TokenStore emptyStore() throws InterruptedException {
            Thread.sleep(timeLimit().toMillis() * 3 / 4);
            return new TreeMapStore();
        }

        @Override
        public Duration timeLimit() {
            return Duration.ofSeconds(4);
        }

        @Test
        void r13_is_deadlocked() throws Exception {
            List<String> locks = List.of(new String("first"), new String("second"));
            CountDownLatch bothHaveOne = new CountDownLatch(2);
            try (Race race = new Race(2)) {
                race.round(contender -> {
                    lock(locks.get(contender), locks.get(1 - contender), bothHaveOne);
                    return true;
                });
            }
        }

        private static void lock(String own, String others, CountDownLatch bothHaveOne) {
            synchronized (own) {
                bothHaveOne.countDown();
                while (bothHaveOne.getCount() > 0) {
                    Thread.onSpinWait();
                }
                synchronized (others) {
                    assertThat(own).isNotEqualTo(others);
                }
            }
        }

        @Test
        void r1_waits_for_a_connection() throws Exception {
            new Semaphore(0).acquire();
        }

        /** All wait for the store, which answers from a thread of another group, as many drivers do. */
        @Test
        void r2_makes_slow_calls_in_parallel() throws Exception {
            InParallel.forEach(List.of(1, 2), call -> {
                for (int i = 0; i < 30; i++) {
                    LockSupport.parkNanos(100_000_000);
                }
            });
        }

        @Test
        void r2_is_slow_to_set_up() throws Exception {
            assertThat(emptyStore()).isNotNull();
        }
    }
}
