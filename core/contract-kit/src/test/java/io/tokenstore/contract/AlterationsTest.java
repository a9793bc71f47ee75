package io.tokenstore.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.contract.AlteringStore.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.TestExecutionResult;

/** Whatever component a method loses, cuts, converts or escapes, a test about that method says so. */
class AlterationsTest {

    private static final int LONGEST_MESSAGE = 3_000;

    @ParameterizedTest
    @EnumSource
    void a_store_that_alters_a_component_in_one_method_fails_by_the_test_of_that_method(Method method) {
        List<String> gotAway = new ArrayList<>();
        Alterations.ofEveryComponent().forEach((what, alteration) -> {
            if (method.canAlter(what)) {
                Map<String, TestExecutionResult> results =
                        ContractKitTest.run(() -> new AlteringStore(method, alteration), method.test, Map.of());
                assertThat(results).hasSize(1);
                results.values().forEach(result -> {
                    String said =
                            result.getThrowable().map(Throwable::getMessage).orElse("nothing");
                    if (!said.contains(what.split(" ")[0]) || said.length() > LONGEST_MESSAGE) {
                        gotAway.add(what + ": the kit says " + said);
                    }
                });
            }
        });
        assertThat(gotAway).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_store_that_goes_through_the_local_zone_in_one_method_fails_by_its_zone(Method method) {
        Alterations.inLocalTime().forEach((component, alteration) -> {
            boolean revoked = component.startsWith("revocation");
            boolean revokes = method == Method.REVOKE || method == Method.REVOKE_ALL;
            if (method.canAlter(component) && (revoked || component.equals("createdAt") || !revokes)) {
                assertThat(ContractKitTest.run(() -> new AlteringStore(method, alteration), "r2_", Map.of())
                                .values())
                        .as("%s in %s", component, method)
                        .anySatisfy(result -> assertThat(result.getThrowable())
                                .hasValueSatisfying(failure -> assertThat(failure)
                                        .hasMessageStartingWith(Rule.R2.toString())
                                        .hasMessageContaining("-10-25T01:30:00.123456Z-")
                                        .hasMessageContaining(component)));
            }
        });
    }
}
