package io.tokenstore.service;

import io.tokenstore.fixtures.TreeMapStore;
import io.tokenstore.fixtures.rotation.PlainRotations;
import io.tokenstore.fixtures.rotation.RotationHistory;
import io.tokenstore.fixtures.rotation.Rotations;
import io.tokenstore.fixtures.rotation.ServiceRotations;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tokens that rotate; long histories on databases are in the JDBC store's tests. */
class RotationHistoryTest {

    private static final long SEED = 20260615;
    private static final int ROUNDS = 200;

    @Test
    void of_a_token_and_its_successors_one_is_valid_whatever_crashes() throws Exception {
        play(ServiceRotations::new);
    }

    @Test
    void the_rules_that_the_mistakes_break_are_enough() throws Exception {
        play(PlainRotations::new);
    }

    private static void play(Rotations.Maker maker) throws InterruptedException {
        try (RotationHistory history = new RotationHistory(List.of(new TreeMapStore()), maker, SEED)) {
            history.play(ROUNDS);
        }
    }
}
