package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import io.tokenstore.jdbc.SimulatedDisk.PowerFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine that loses its power: only what was synced is left, or also all that was written since. */
class EmbeddedPowerFailureTest {

    private static final int OPENINGS = Integer.getInteger("embedded.openings", 4);
    private static final int FAILURES_IN_EACH = Integer.getInteger("embedded.failures", 8);
    private static final int TOKENS = 200;
    private static final Owner ALICE = new Owner("alice");
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");

    @TempDir
    private Path folder;

    private record Instantaneous(List<String> acknowledged, PowerFailure failure) {}

    @Test
    void a_power_failure_loses_nothing_that_was_acknowledged() throws Exception {
        ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
        List<Instantaneous> failures = new ArrayList<>();
        Random random = new Random(1);
        ExecutorService threads = Executors.newCachedThreadPool();
        try (SimulatedDisk disk = new SimulatedDisk(folder.resolve("tokens.mv.db"))) {
            for (int opening = 0; opening < OPENINGS; opening++) {
                String round = "r" + opening;
                Future<?> failing = threads.submit(() -> {
                    for (int i = 0; i < FAILURES_IN_EACH; i++) {
                        Thread.sleep(random.nextInt(100));
                        List<String> before = List.copyOf(acknowledged);
                        failures.add(new Instantaneous(before, disk.powerFailure()));
                    }
                    return null;
                });
                try (EmbeddedTokenStore store = EmbeddedTokenStore.open(folder.resolve("tokens"))) {
                    List<Future<?>> writing = new ArrayList<>();
                    for (int thread = 0; thread < 4; thread++) {
                        String prefix = round + "-" + thread + "-";
                        writing.add(threads.submit(() -> write(store, prefix, acknowledged)));
                    }
                    for (Future<?> writer : writing) {
                        writer.get();
                    }
                }
                failing.get();
            }
            failures.add(new Instantaneous(List.copyOf(acknowledged), disk.powerFailure()));
        } finally {
            threads.shutdownNow();
        }
        int lost = 0;
        int checked = 0;
        for (Instantaneous instant : failures) {
            // Not a part of it: H2 may have begun to overwrite what an older version needs, and then more is lost.
            List<IntPredicate> left = List.of(write -> false, write -> true);
            for (IntPredicate survives : left) {
                Path file = folder.resolve("left" + checked++);
                instant.failure().leave(folder.resolve(file.getFileName() + ".mv.db"), survives);
                lost += lost(file, instant.acknowledged());
                Files.delete(folder.resolve(file.getFileName() + ".mv.db"));
            }
        }
        System.out.printf(
                "%d power failures, %d ways: acknowledged %d, lost %d%n",
                failures.size(), checked, acknowledged.size(), lost);
        assertThat(acknowledged).hasSize(OPENINGS * 4 * 2 * TOKENS);
        assertThat(lost).isZero();
    }

    private static void write(EmbeddedTokenStore store, String prefix, ConcurrentLinkedQueue<String> acknowledged) {
        for (int i = 0; i < TOKENS / 2; i++) {
            TokenId id = new TokenId(prefix + i);
            TokenId successor = new TokenId(prefix + i + "-successor");
            Token.Builder token = Token.builder(id, ALICE, "laptop", NOW);
            if (i % 2 == 0) {
                store.add(token.build());
                acknowledged.add("added " + id);
                store.add(Token.builder(successor, ALICE, "laptop", NOW)
                        .predecessor(id)
                        .build());
            } else {
                store.addAll(List.of(
                        token.build(),
                        Token.builder(successor, ALICE, "laptop", NOW)
                                .predecessor(id)
                                .build()));
                acknowledged.add("added " + id);
            }
            acknowledged.add("added " + successor);
            store.activate(ALICE, successor);
            acknowledged.add("activated " + successor);
            store.revoke(ALICE, id, new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null));
            acknowledged.add("revoked " + id);
        }
    }

    private static int lost(Path file, List<String> acknowledged) throws IOException {
        if (acknowledged.isEmpty()) {
            return 0;
        }
        try (EmbeddedTokenStore store = EmbeddedTokenStore.open(file)) {
            int lost = 0;
            for (String entry : acknowledged) {
                String[] parts = entry.split(" ");
                Token token = store.find(new TokenId(parts[1])).orElse(null);
                lost += token == null
                                || (parts[0].equals("revoked") && token.revocation() == null)
                                || (parts[0].equals("activated") && token.predecessor() != null)
                        ? 1
                        : 0;
            }
            return lost;
        } catch (TokenStoreException unreadable) {
            return acknowledged.size();
        }
    }
}
