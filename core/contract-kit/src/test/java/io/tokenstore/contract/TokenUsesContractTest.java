package io.tokenstore.contract;

import io.tokenstore.TokenStore;
import io.tokenstore.contract.BrokenUses.UsesStore;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TokenUsesContractTest {

    static Stream<Arguments> brokenStores() {
        return BrokenUses.RULE_BROKEN_BY.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(broken -> Arguments.of(
                        broken.getKey().get().getClass().getSimpleName(), broken.getKey(), broken.getValue()));
    }

    @ParameterizedTest(name = "{0} fails by {2}")
    @MethodSource("brokenStores")
    void a_store_that_breaks_a_promise_of_uses_fails_by_its_rule(String name, Supplier<TokenStore> broken, Rule meant) {
        Contract.underTest = broken;
        KitRun.assertFailsBy(meant, name, Contract.class);
    }

    static Stream<Arguments> brokenNodes() {
        return BrokenSharedUses.RULE_BROKEN_BY.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(broken -> Arguments.of(
                        broken.getKey().apply(new UsesStore()).getClass().getSimpleName(),
                        broken.getKey(),
                        broken.getValue()));
    }

    @ParameterizedTest(name = "{0} fails by {2}")
    @MethodSource("brokenNodes")
    void nodes_that_keep_something_of_uses_to_themselves_fail_by_its_rule(
            String name, Function<UsesStore, TokenStore> broken, Rule meant) {
        OfNodes.node = broken;
        KitRun.assertFailsBy(meant, name, OfNodes.class);
    }

    static Stream<Named<Function<Supplier<FailureContract.Fate>, TokenStore>>> dishonestStores() {
        return BrokenSharedUses.RULE_34_BROKEN_BY.stream()
                .map(broken -> Named.of(
                        broken.apply(() -> FailureContract.Fate.ANSWERED)
                                .getClass()
                                .getSimpleName(),
                        broken));
    }

    @ParameterizedTest
    @MethodSource("dishonestStores")
    void a_store_that_hides_that_a_call_about_uses_failed_fails_by_rule_34(
            Function<Supplier<FailureContract.Fate>, TokenStore> broken, TestInfo test) {
        OfFailures.underTest = broken;
        KitRun.assertFailsBy(Rule.R34, test.getDisplayName(), OfFailures.class);
    }

    @Test
    void correct_nodes_and_honest_stores_of_uses_pass() {
        OfNodes.node = BrokenSharedUses.UsesNode::new;
        KitRun.assertPasses(OfNodes.class, "r", KitRun.IN_PARALLEL);
        OfFailures.underTest = BrokenSharedUses.RemoteUses::new;
        KitRun.assertPasses(OfFailures.class, "r34", KitRun.IN_PARALLEL);
    }

    @Test
    void a_correct_store_of_uses_passes() {
        Contract.underTest = BrokenUses.UsesStore::new;
        KitRun.assertPasses(Contract.class, "r", KitRun.IN_PARALLEL);
    }

    /** Not a test of this module's own: the launcher runs it against the store in question. */
    static final class Contract implements TokenUsesContract {

        private static Supplier<TokenStore> underTest;

        @Override
        public TokenStore emptyStore() {
            return underTest.get();
        }

        @Override
        public Duration timeLimit() {
            return KitRun.inThisRun(Duration.ofSeconds(20));
        }

        @Override
        public Duration raceTime() {
            return KitRun.inThisRun(TokenUsesContract.super.raceTime());
        }
    }

    /** Not a test of this module's own: the launcher runs it against the nodes in question. */
    static final class OfNodes implements TwoNodesContract, TokenUsesContract {

        private static Function<UsesStore, TokenStore> node;

        private UsesStore shared;

        @Override
        public TokenStore emptyStore() {
            shared = new UsesStore();
            return node.apply(shared);
        }

        @Override
        public TokenStore anotherNode(TokenStore store) {
            return node.apply(shared);
        }

        @Override
        public Duration raceTime() {
            return KitRun.inThisRun(Duration.ofMillis(150));
        }
    }

    /** Not a test of this module's own: the launcher runs it against the store in question. */
    static final class OfFailures implements FailureContract, TokenUsesContract {

        private static Function<Supplier<FailureContract.Fate>, TokenStore> underTest;

        @Override
        public TokenStore emptyStore() {
            return emptyStore(() -> FailureContract.Fate.ANSWERED);
        }

        @Override
        public TokenStore emptyStore(Supplier<FailureContract.Fate> fates) {
            return underTest.apply(fates);
        }

        @Override
        public Duration timeLimit() {
            return KitRun.inThisRun(Duration.ofSeconds(12));
        }
    }
}
