package io.tokenstore.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokenstore.DuplicateTokenException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InParallelTest {

    @Test
    void every_call_has_returned_at_the_end() throws Exception {
        Set<Integer> called = ConcurrentHashMap.newKeySet();
        Set<Integer> items = IntStream.range(0, 1_000).boxed().collect(Collectors.toSet());
        InParallel.forEach(items, called::add);
        assertThat(called).isEqualTo(items);
    }

    @Test
    void what_a_call_throws_is_thrown_as_it_is() {
        DuplicateTokenException exception = new DuplicateTokenException();
        assertThatThrownBy(() -> InParallel.forEach(Set.of(1, 2), item -> {
                    throw exception;
                }))
                .isSameAs(exception);
        AssertionError error = new AssertionError("unequal");
        assertThatThrownBy(() -> InParallel.forEach(Set.of(1, 2), item -> {
                    throw error;
                }))
                .isSameAs(error);
    }
}
