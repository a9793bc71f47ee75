package io.tokenstore.jdbc.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.fixtures.rotation.RevokeAllRace;
import io.tokenstore.fixtures.rotation.RotationMistake;
import io.tokenstore.fixtures.rotation.ServiceRotations;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Some rounds on each database, or {@code -Drotation.rounds}. */
class RevokeAllRaceTest {

    private static final int ROUNDS = Integer.getInteger("rotation.rounds", 20);
    private static final int MANY = 2_000;
    private static final long SEED = Long.getLong("rotation.seed", 20260615);

    @ParameterizedTest
    @EnumSource
    void nothing_that_is_handed_over_meanwhile_escapes(RotatingDatabase database) throws Exception {
        try (RotatingDatabase.Nodes nodes = database.open();
                RevokeAllRace race = new RevokeAllRace(nodes.stores().get(0), ServiceRotations::new, SEED)) {
            for (int i = 0; i < ROUNDS; i++) {
                assertThat(race.survivorsOfARound()).isEmpty();
            }
            assertThat(race.violations()).isEmpty();
            System.out.println("on " + database + ", " + race);
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_pass_leaves_survivors(RotatingDatabase database) throws Exception {
        assertLeavesSurvivors(database, RotationMistake.REVOKES_ALL_IN_ONE_PASS);
    }

    @ParameterizedTest
    @EnumSource
    void a_rotation_that_inserts_what_it_saw_live_leaves_survivors(RotatingDatabase database) throws Exception {
        assertLeavesSurvivors(database, RotationMistake.REVOKES_AND_INSERTS_WHAT_IT_SAW_LIVE);
    }

    private static void assertLeavesSurvivors(RotatingDatabase database, RotationMistake mistake) throws Exception {
        try (RotatingDatabase.Nodes nodes = database.open();
                RevokeAllRace race = new RevokeAllRace(nodes.stores().get(0), mistake, SEED)) {
            int rounds = 0;
            while (race.survivorsOfARound().isEmpty()) {
                assertThat(++rounds).isLessThan(MANY);
            }
        }
    }
}
