package io.tokenstore.jdbc.history;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.jdbc.database.Servers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Half an hour on each server, or {@code -Dhistory.minutes}; {@code -Dhistory.seed} makes the calls of a history again. */
@Tag("histories")
class ServerHistoryTest {

    private static final Duration LENGTH = Duration.ofMinutes(Integer.getInteger("history.minutes", 30));
    private static final long SEED =
            Long.getLong("history.seed", ThreadLocalRandom.current().nextLong());

    @Test
    void calls_that_meet_on_postgresql_break_no_promise() throws Exception {
        play("PostgreSQL", Servers.postgres().newDatabase());
    }

    @Test
    void calls_that_meet_on_mariadb_break_no_promise() throws Exception {
        play("MariaDB", Servers.mariaDb().newDatabase());
    }

    @ParameterizedTest
    @EnumSource
    void a_broken_store_on_postgresql_is_caught(BrokenStore broken) {
        String url = Servers.postgres().newDatabase();
        try (TwoNodes nodes = new TwoNodes(url);
                RandomHistory history = new RandomHistory(List.of(broken.on(nodes.dataSource())), SEED)) {
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(history::playSomeRounds)
                    .havingCause()
                    .withMessageMatching("(?s).*(" + broken.symptom() + ").*");
        }
    }

    private static void play(String server, String url) throws Exception {
        try (TwoNodes nodes = new TwoNodes(url);
                RandomHistory history = new RandomHistory(nodes.stores(), SEED)) {
            long end = System.nanoTime() + LENGTH.toNanos();
            while (System.nanoTime() - end < 0) {
                history.playRound();
            }
            System.out.println("on " + server + ", " + history);
        }
    }
}
