package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.jdbc.SimulatedDisk.PowerFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A machine that loses its power: only what was synced is left, or also all that was written since. And a process that is killed:
 * what it had written by then is left, so a part of the last write too.
 */
class EmbeddedPowerFailureTest {

    private static final int OPENINGS = Integer.getInteger("embedded.openings", 4);
    private static final int FAILURES_IN_EACH = Integer.getInteger("embedded.failures", 8);
    private static final int KILLS = Integer.getInteger("embedded.killed-writes", 150);
    private static final int TEARS = Integer.getInteger("embedded.tears", 0);
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

    @Test
    void a_process_that_is_killed_within_a_write_loses_nothing_that_was_acknowledged() throws Exception {
        ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
        List<Instantaneous> kills = new ArrayList<>();
        Path file = folder.resolve("tokens");
        try (SimulatedDisk disk = new SimulatedDisk(folder.resolve("tokens.mv.db"))) {
            disk.failSyncs(() -> {
                PowerFailure written = disk.powerFailure();
                // H2 writes the header of the file last, not each time, and begins with it when it opens the file.
                if (written.unsynced().stream().anyMatch(write -> write.block() == 0)) {
                    kills.add(new Instantaneous(List.copyOf(acknowledged), written));
                }
            });
            for (int opening = 0; kills.size() < KILLS; opening++) {
                try (EmbeddedTokenStore store = EmbeddedTokenStore.open(file)) {
                    write(store, "r" + opening + "-", acknowledged);
                }
            }
        }
        int lost = 0;
        int checked = 0;
        int refused = 0;
        Random random = new Random(1);
        Path left = folder.resolve("left.mv.db");
        for (Instantaneous kill : kills) {
            for (int kept : points(kill.failure(), random)) {
                kill.failure().leave(left, write -> write < kept);
                lost += lost(folder.resolve("left"), kill.acknowledged());
                Files.delete(left);
                checked++;
            }
            // The power may leave any part of a write.
            for (int tear = 0; tear < TEARS; tear++) {
                kill.failure().leave(left, write -> random.nextBoolean());
                try {
                    lost += lost(folder.resolve("left"), kill.acknowledged());
                } catch (TokenStoreException | AssertionError unreadable) {
                    refused++;
                }
                Files.delete(left);
            }
        }
        System.out.printf(
                "%d writes, killed at %d points, torn %d times: acknowledged %d, lost %d, refused to open %d%n",
                kills.size(), checked, TEARS * kills.size(), acknowledged.size(), lost, refused);
        assertThat(lost).isZero();
    }

    /** H2 had moved parts of this file when it was killed, and not yet cut off the places from which it moved them. */
    @Test
    void a_second_kill_while_a_file_is_closed_loses_nothing_that_was_acknowledged() throws Exception {
        Path once = folder.resolve("once");
        Path onceFile = folder.resolve("once.mv.db");
        try (InputStream killed = getClass().getResourceAsStream("killed-while-it-was-closed.mv.db.gz")) {
            Files.write(onceFile, new GZIPInputStream(killed).readAllBytes());
        }
        Files.setPosixFilePermissions(onceFile, PosixFilePermissions.fromString("rw-------"));
        ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
        List<Instantaneous> kills = new ArrayList<>();
        try (SimulatedDisk disk = new SimulatedDisk(onceFile)) {
            EmbeddedTokenStore store = EmbeddedTokenStore.open(once);
            kept(store).keySet().forEach(id -> acknowledged.add("added " + id));
            for (int i = 0; i < 22; i++) {
                store.add(Token.builder(new TokenId("again" + i), ALICE, "n".repeat(60), NOW)
                        .build());
                acknowledged.add("added again" + i);
            }
            disk.failSyncs(() -> kills.add(new Instantaneous(List.copyOf(acknowledged), disk.powerFailure())));
            store.close();
        }
        Path twice = folder.resolve("twice.mv.db");
        int lost = 0;
        int checked = 0;
        for (Instantaneous kill : kills) {
            for (int blocks = 0; blocks <= kill.failure().unsynced().size(); blocks++) {
                int kept = blocks;
                kill.failure().leave(twice, write -> write < kept);
                lost += lost(folder.resolve("twice"), kill.acknowledged());
                Files.delete(twice);
                checked++;
            }
        }
        System.out.printf(
                "killed a second time at %d points: acknowledged %d, lost %d%n", checked, acknowledged.size(), lost);
        assertThat(acknowledged).hasSizeGreaterThan(500);
        assertThat(lost).isZero();
    }

    /** After how many blocks a write is killed: just before the header, and anywhere. */
    private static int[] points(PowerFailure write, Random random) {
        int blocks = write.unsynced().size();
        int header = IntStream.range(0, blocks)
                .filter(i -> write.unsynced().get(i).block() == 0)
                .findFirst()
                .orElseThrow();
        return TEARS > 0 ? IntStream.rangeClosed(0, blocks).toArray() : new int[] {header, random.nextInt(blocks + 1)};
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
        Map<String, Token> kept;
        try (EmbeddedTokenStore store = EmbeddedTokenStore.open(file)) {
            kept = kept(store);
        }
        int lost = 0;
        for (String entry : acknowledged) {
            String[] parts = entry.split(" ");
            Token token = kept.get(parts[1]);
            lost += token == null
                            || (parts[0].equals("revoked") && token.revocation() == null)
                            || (parts[0].equals("activated") && token.predecessor() != null)
                    ? 1
                    : 0;
        }
        return lost;
    }

    private static Map<String, Token> kept(TokenStore store) {
        Map<String, Token> kept = new HashMap<>();
        for (TokenPage page = store.scan(null, 1_000); ; page = store.scan(page.resumeAfter(), 1_000)) {
            page.tokens().forEach(token -> kept.put(token.id().toString(), token));
            if (page.resumeAfter() == null) {
                return kept;
            }
        }
    }
}
