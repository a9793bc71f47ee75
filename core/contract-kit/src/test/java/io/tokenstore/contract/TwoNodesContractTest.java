package io.tokenstore.contract;

import static io.tokenstore.contract.KitRun.assertFailsBy;
import static io.tokenstore.contract.KitRun.assertPasses;

import io.tokenstore.TokenStore;
import io.tokenstore.fixtures.EmptyPagesStore;
import io.tokenstore.fixtures.TreeMapStore;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TwoNodesContractTest {

    static Stream<Named<Function<TreeMapStore, TokenStore>>> brokenNodes() {
        return BrokenNodes.RULE_33_BROKEN_BY.stream()
                .map(broken ->
                        Named.of(broken.apply(new TreeMapStore()).getClass().getSimpleName(), broken));
    }

    @ParameterizedTest
    @MethodSource("brokenNodes")
    void nodes_that_keep_something_to_themselves_fail_by_rule_33(
            Function<TreeMapStore, TokenStore> broken, TestInfo test) {
        Contract.node = broken;
        Contract.database = TreeMapStore::new;
        assertFailsBy(Rule.R33, test.getDisplayName(), Contract.class);
    }

    @Test
    void nodes_that_keep_nothing_to_themselves_pass() {
        Contract.node = NodeStore::new;
        Contract.database = TreeMapStore::new;
        assertPasses(Contract.class, "r33", Map.of());
        Contract.database = EmptyPagesStore::new;
        assertPasses(Contract.class, "r33", Map.of());
    }

    /** Not a test of this module's own: the launcher runs it against the store in question. */
    static final class Contract implements TokenStoreContract, TwoNodesContract {

        private static Function<TreeMapStore, TokenStore> node;
        private static Supplier<TreeMapStore> database;

        private TreeMapStore shared;

        @Override
        public TokenStore emptyStore() {
            shared = database.get();
            return node.apply(shared);
        }

        @Override
        public TokenStore anotherNode(TokenStore store) {
            return node.apply(shared);
        }

        /** Between look and write a broken node lets others in for long. */
        @Override
        public Duration raceTime() {
            return KitRun.inThisRun(Duration.ofMillis(150));
        }
    }
}
