package io.tokenstore.contract;

import io.tokenstore.TokenStore;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
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
}
