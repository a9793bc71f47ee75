package io.tokenstore.jdbc.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.fixtures.rotation.RotationMistake;
import io.tokenstore.fixtures.rotation.ServiceRotations;
import io.tokenstore.jdbc.database.DatabaseServer;
import io.tokenstore.jdbc.database.Servers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Some rotations on each server, or {@code -Drotation.runs}. */
class LostAnswersTest {

    private static final int CLIENTS = 8;
    private static final int RUNS = Integer.getInteger("rotation.runs", 80);
    private static final int MANY = 1_000;
    private static final long SEED = Long.getLong("rotation.seed", 20260615);

    private final SilentServices silent = new SilentServices();
    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);

    private enum Server {
        POSTGRESQL(() -> Servers.postgres()),
        MARIADB(() -> Servers.mariaDb());

        private final Supplier<DatabaseServer> running;

        Server(Supplier<DatabaseServer> running) {
            this.running = running;
        }
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        silent.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_client_that_repeats_a_rotation_until_it_is_answered_is_never_locked_out(Server server) throws Exception {
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger valid = new AtomicInteger();
        AtomicInteger missing = new AtomicInteger();
        List<Future<?>> running = new ArrayList<>();
        for (int thread = 0; thread < CLIENTS; thread++) {
            long seed = SEED + thread;
            running.add(threads.submit(() -> {
                try (CutOffClient client = new CutOffClient(server.running.get(), ServiceRotations::new, seed)) {
                    for (int run = begun.incrementAndGet(); run <= RUNS; run = begun.incrementAndGet()) {
                        valid.addAndGet(client.endsWithAToken(new Owner("owner" + run)) ? 1 : 0);
                    }
                    missing.addAndGet(client.missingAnswers());
                    assertThat(client.violations()).isEmpty();
                }
            }));
        }
        for (Future<?> client : running) {
            client.get();
        }
        System.out.printf(
                "on %s %d of %d clients had a token in the end; %d answers were missing%n",
                server, valid.get(), RUNS, missing.get());
        assertThat(valid).hasValue(RUNS);
        assertThat(missing).hasPositiveValue();
    }

    @ParameterizedTest
    @EnumSource
    void a_rotation_that_revokes_at_once_locks_clients_out(Server server) {
        try (CutOffClient client =
                new CutOffClient(server.running.get(), RotationMistake.REVOKES_AND_INSERTS_WHAT_IT_SAW_LIVE, SEED)) {
            int runs = 0;
            while (client.endsWithAToken(new Owner("owner" + runs))) {
                assertThat(++runs).isLessThan(MANY);
            }
        }
    }
}
