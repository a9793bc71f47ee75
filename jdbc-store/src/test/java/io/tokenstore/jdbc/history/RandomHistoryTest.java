package io.tokenstore.jdbc.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A short history on H2; long ones on servers are in {@link ServerHistoryTest}. */
class RandomHistoryTest {

    private static final long SEED = 20260615;

    private final TwoNodes nodes = new TwoNodes("jdbc:h2:mem:" + UUID.randomUUID() + ";LOCK_TIMEOUT=10000");

    @AfterEach
    void closeTheNodes() {
        nodes.close();
    }

    @Test
    void calls_that_meet_break_no_promise() throws Exception {
        try (RandomHistory history = new RandomHistory(nodes.stores(), SEED)) {
            history.playSomeRounds();
            assertThat(history.answers()).hasSize(Round.Answer.values().length).doesNotContainValue(0L);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_broken_store_is_caught(BrokenStore broken) {
        try (RandomHistory history = new RandomHistory(List.of(broken.on(nodes.dataSource())), SEED)) {
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(history::playSomeRounds)
                    .withMessageContaining("seed " + SEED)
                    .havingCause()
                    .withMessageMatching("(?s).*(" + broken.symptom() + ").*");
        }
    }
}
