package io.tokenstore.jdbc.rotation;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.fixtures.rotation.RotationHistory;
import io.tokenstore.fixtures.rotation.RotationMistake;
import io.tokenstore.fixtures.rotation.ServiceRotations;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A few seconds on each database, or {@code -Drotation.seconds}; a mistake by one seed, or {@code -Drotation.seeds}. */
class RotationHistoryTest {

    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("rotation.seconds", 2));
    private static final int SEEDS = Integer.getInteger("rotation.seeds", 1);
    private static final long SEED = Long.getLong("rotation.seed", 20260615);
    private static final int LEAST = 10;
    private static final int MANY = 500;

    @ParameterizedTest
    @EnumSource
    void of_a_token_and_its_successors_one_is_valid_whatever_crashes(RotatingDatabase database) throws Exception {
        try (RotatingDatabase.Nodes nodes = database.open();
                RotationHistory history = new RotationHistory(nodes.stores(), ServiceRotations::new, SEED)) {
            long end = System.nanoTime() + LENGTH.toNanos();
            history.play(LEAST);
            while (System.nanoTime() - end < 0) {
                history.playRound();
            }
            System.out.println("on " + database + ", " + history);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_mistake_is_caught(RotationMistake mistake) {
        try (RotatingDatabase.Nodes nodes = RotatingDatabase.H2_AT_READ_COMMITTED.open()) {
            LongStream.range(SEED, SEED + SEEDS)
                    .forEach(seed -> assertThatExceptionOfType(AssertionError.class)
                            .isThrownBy(() -> playOn(nodes, mistake, seed))
                            .withMessageContaining("the history of seed " + seed));
        }
    }

    private static void playOn(RotatingDatabase.Nodes nodes, RotationMistake mistake, long seed) throws Exception {
        try (RotationHistory history = new RotationHistory(nodes.stores(), mistake, seed)) {
            history.play(MANY);
        }
    }
}
