package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that are older than the 45 seconds for which H2 by default keeps what it has overwritten: in 2.5.252 only these lose
 * what was acknowledged. They age side by side. More of everything with the profile {@code embedded}.
 */
class EmbeddedDurabilityTest {

    private static final int KILLS = Integer.getInteger("embedded.kills", 4);
    private static final Duration YOUNGEST = Duration.ofSeconds(Integer.getInteger("embedded.youngest", 50));
    private static final Duration OLDEST = Duration.ofSeconds(Integer.getInteger("embedded.oldest", 60));
    private static final int COPIES = Integer.getInteger("embedded.copies", 200);
    private static final int TERMINATIONS = Integer.getInteger("embedded.terminations", 3);
    private static final Duration GROWTH = Duration.ofSeconds(Integer.getInteger("embedded.growth", 30));
    private static final int WRITES_PER_SECOND = 500;
    private static final int LIVE_ROWS = 2_000;
    private static final long MOST_BYTES = 100L << 20;

    private static final Owner ALICE = new Owner("alice");
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");

    @TempDir
    private static Path folder;

    private static final List<Storm> STORMS = new ArrayList<>();
    private static EmbeddedTokenStore aging;
    private static long agingSince;

    private record Storm(Path file, Path ledger, Process process, CompletableFuture<Boolean> killed) {}

    @BeforeAll
    static void startToAge() throws IOException {
        agingSince = System.nanoTime();
        aging = EmbeddedTokenStore.open(folder.resolve("aging"));
        for (int i = 0; i < KILLS; i++) {
            Path file = folder.resolve("killed" + i);
            Path ledger = folder.resolve("killed" + i + ".ledger");
            String pause = Integer.toString(25 * KILLS);
            Process process = OtherJvm.start(
                    Redirect.to(ledger.toFile()),
                    List.of("-Xmx64m"),
                    RevocationStorm.class,
                    file.toString(),
                    "r",
                    "20");
            long age = YOUNGEST.toMillis() + OLDEST.minus(YOUNGEST).toMillis() * i / Math.max(1, KILLS - 1);
            // Whether it was still alive then.
            CompletableFuture<Boolean> killed = CompletableFuture.supplyAsync(
                    () -> process.isAlive() && process.destroyForcibly() != null,
                    CompletableFuture.delayedExecutor(age, TimeUnit.MILLISECONDS));
            STORMS.add(new Storm(file, ledger, process, killed));
        }
    }

    @AfterAll
    static void end() {
        aging.close();
        STORMS.forEach(storm -> storm.process().destroyForcibly());
    }

    @Test
    void a_process_that_is_killed_loses_nothing_that_an_aged_file_acknowledged() throws Exception {
        int acknowledged = 0;
        List<String> lost = new ArrayList<>();
        for (Storm storm : STORMS) {
            assertThat(storm.killed().get()).isTrue();
            storm.process().waitFor();
            List<String> entries = acknowledged(storm.ledger());
            acknowledged += entries.size();
            lost.addAll(lost(storm.file(), entries));
        }
        System.out.printf("killed %d processes: acknowledged %d, lost %d%n", KILLS, acknowledged, lost.size());
        assertThat(acknowledged).isGreaterThan(KILLS * 100);
        assertThat(lost).isEmpty();
    }

    @Test
    void a_copy_of_an_aged_file_has_every_write_that_was_acknowledged_before() throws Exception {
        long aged = agingSince + YOUNGEST.toNanos();
        for (int i = 0; System.nanoTime() - aged < 0; i++) {
            add(aging, "young" + i);
            Thread.sleep(10);
        }
        int lost = 0;
        for (int i = 0; i < COPIES; i++) {
            TokenId id = add(aging, "old" + i);
            boolean revoked = aging.revoke(ALICE, id, revocation());
            Path copy = folder.resolve("copy" + i);
            Files.copy(folder.resolve("aging.mv.db"), folder.resolve("copy" + i + ".mv.db"));
            lost += revoked && isRevoked(copy, id) ? 0 : 1;
            Files.delete(folder.resolve("copy" + i + ".mv.db"));
        }
        System.out.printf("copied %d times: lost %d%n", COPIES, lost);
        assertThat(lost).isZero();
    }

    @Test
    void a_host_that_drains_at_a_sigterm_is_answered_and_loses_nothing() throws Exception {
        Path file = folder.resolve("terminated");
        List<String> entries = new ArrayList<>();
        long failed = 0;
        for (int i = 0; i < TERMINATIONS; i++) {
            Path ledger = folder.resolve("terminated" + i + ".ledger");
            Process host = OtherJvm.start(
                    Redirect.to(ledger.toFile()),
                    List.of("-Xmx64m"),
                    RevocationStorm.class,
                    file.toString(),
                    "r" + i,
                    "5",
                    "8");
            while (acknowledged(ledger).size() < 200 && host.isAlive()) {
                Thread.sleep(10);
            }
            host.destroy();
            assertThat(host.waitFor()).isEqualTo(128 + 15);
            List<String> lines = Files.readAllLines(ledger, StandardCharsets.UTF_8);
            failed += lines.stream().filter(line -> line.startsWith("failed")).count();
            entries.addAll(acknowledged(ledger));
        }
        List<String> lost = lost(file, entries);
        System.out.printf(
                "terminated %d hosts: acknowledged %d, failed %d, lost %d%n",
                TERMINATIONS, entries.size(), failed, lost.size());
        assertThat(failed).isZero();
        assertThat(lost).isEmpty();
    }

    @Test
    void the_file_stays_small_however_much_is_written_to_the_same_tokens() throws Exception {
        Path file = folder.resolve("growing");
        List<Revocation> revocations = new ArrayList<>();
        AtomicLong slowest = new AtomicLong();
        AtomicLong largest = new AtomicLong();
        AtomicLong writes = new AtomicLong();
        ScheduledExecutorService threads = Executors.newScheduledThreadPool(4);
        try (EmbeddedTokenStore store = EmbeddedTokenStore.open(file)) {
            for (int i = 0; i < LIVE_ROWS; i++) {
                add(store, "t" + i);
                revocations.add(revocation());
            }
            Random random = new Random(1);
            ScheduledFuture<?> writing = threads.scheduleAtFixedRate(
                    () -> {
                        long before = System.nanoTime();
                        long number = writes.incrementAndGet();
                        int i = random.nextInt(LIVE_ROWS);
                        if (number % 10 == 0) {
                            add(store, "x" + number);
                            store.purge(NOW.plusSeconds(1), new TokenId("x"), 100);
                        } else {
                            store.revoke(ALICE, new TokenId("t" + i), revocations.get(i));
                        }
                        slowest.accumulateAndGet(System.nanoTime() - before, Math::max);
                        largest.accumulateAndGet(
                                folder.resolve("growing.mv.db").toFile().length(), Math::max);
                    },
                    0,
                    1_000_000_000 / WRITES_PER_SECOND,
                    TimeUnit.NANOSECONDS);
            Thread.sleep(GROWTH.toMillis());
            assertThat(writing.isDone()).as("writing has ended").isFalse();
            threads.shutdown();
            assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        }
        System.out.printf(
                "%d writes in %d s: at most %d kB, slowest %d ms%n",
                writes.get(), GROWTH.toSeconds(), largest.get() >> 10, slowest.get() / 1_000_000);
        assertThat(largest.get()).isLessThan(MOST_BYTES);
    }

    private static List<String> acknowledged(Path ledger) throws IOException {
        if (!Files.exists(ledger)) {
            return List.of();
        }
        // The last line may be half a line.
        String all = Files.readString(ledger, StandardCharsets.UTF_8);
        return all.substring(0, all.lastIndexOf('\n') + 1)
                .lines()
                .filter(line -> line.startsWith("added ") || line.startsWith("revoked "))
                .toList();
    }

    private static List<String> lost(Path file, List<String> acknowledged) throws IOException {
        try (EmbeddedTokenStore store = EmbeddedTokenStore.open(file)) {
            return acknowledged.stream()
                    .filter(entry -> {
                        String[] parts = entry.split(" ");
                        Token token = store.find(new TokenId(parts[1])).orElse(null);
                        return token == null || (parts[0].equals("revoked") && token.revocation() == null);
                    })
                    .toList();
        }
    }

    private static boolean isRevoked(Path file, TokenId id) throws IOException {
        try (EmbeddedTokenStore store = EmbeddedTokenStore.open(file)) {
            return store.find(id).filter(token -> token.revocation() != null).isPresent();
        }
    }

    private static TokenId add(EmbeddedTokenStore store, String id) {
        boolean ended = id.startsWith("x");
        store.add(Token.builder(new TokenId(id), ALICE, "laptop", NOW.minusSeconds(1))
                .expiresAt(ended ? NOW : null)
                .build());
        return new TokenId(id);
    }

    private static Revocation revocation() {
        return new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
    }
}
