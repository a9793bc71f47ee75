package io.tokenstore.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.fixtures.rotation.PlainRotations;
import io.tokenstore.fixtures.rotation.RevokeAllRace;
import io.tokenstore.fixtures.rotation.RotationHistory;
import io.tokenstore.fixtures.rotation.RotationMistake;
import io.tokenstore.fixtures.rotation.Rotations;
import io.tokenstore.fixtures.rotation.ServiceRotations;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens that rotate; long histories on databases are in the JDBC store's tests. */
class RotationHistoryTest {

    private static final long SEED = 20260615;
    private static final int ROUNDS = 200;

    @Test
    void of_a_token_and_its_successors_one_is_valid_whatever_crashes() throws Exception {
        play(ServiceRotations::new, SEED);
    }

    @Test
    void the_rules_that_the_mistakes_break_are_enough() throws Exception {
        play(PlainRotations::new, SEED);
    }

    @ParameterizedTest
    @EnumSource
    void a_mistake_is_caught(RotationMistake mistake) {
        Seeds.many()
                .forEach(seed -> assertThatExceptionOfType(AssertionError.class)
                        .isThrownBy(() -> play(mistake, seed))
                        .withMessageContaining("the history of seed " + seed));
    }

    @Test
    void nothing_that_is_handed_over_while_all_are_revoked_escapes() throws Exception {
        try (RevokeAllRace race = new RevokeAllRace(new InMemoryTokenStore(), ServiceRotations::new, SEED)) {
            for (int i = 0; i < ROUNDS; i++) {
                assertThat(race.survivorsOfARound()).isEmpty();
            }
            assertThat(race.violations()).isEmpty();
        }
    }

    private static void play(Rotations.Maker maker, long seed) throws InterruptedException {
        try (RotationHistory history = new RotationHistory(List.of(new InMemoryTokenStore()), maker, seed)) {
            history.play(ROUNDS);
        }
    }
}
