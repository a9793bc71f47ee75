package io.tokenstore.contract;

import static io.tokenstore.contract.KitRun.assertFailsBy;
import static io.tokenstore.contract.KitRun.assertPasses;

import io.tokenstore.TokenStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FailureContractTest {

    static List<Named<Function<Supplier<FailureContract.Fate>, TokenStore>>> brokenStores() {
        return BrokenConnections.RULE_34_BROKEN_BY;
    }

    @ParameterizedTest
    @MethodSource("brokenStores")
    void a_store_that_is_not_honest_about_a_failure_fails_by_rule_34(
            Function<Supplier<FailureContract.Fate>, TokenStore> broken, TestInfo test) {
        Contract.underTest = broken;
        Contract.limit = Duration.ofSeconds(12);
        assertFailsBy(Rule.R34, test.getDisplayName(), Contract.class);
    }

    @Test
    void a_store_that_is_honest_about_a_failure_passes() {
        Contract.underTest = RemoteStore::new;
        Contract.limit = Duration.ofMinutes(1);
        assertPasses(Contract.class, "r34", Map.of());
    }

    /** Not a test of this module's own: the launcher runs it against the store in question. */
    static final class Contract implements TokenStoreContract, FailureContract {

        private static Function<Supplier<FailureContract.Fate>, TokenStore> underTest;
        private static Duration limit;

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
            return KitRun.inThisRun(limit);
        }
    }
}
