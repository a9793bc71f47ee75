package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedTokenStoreTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Owner ALICE = new Owner("alice");

    @TempDir
    private Path folder;

    @Test
    void what_was_revoked_stays_revoked_when_the_file_is_opened_again() throws IOException {
        Path path = folder.resolve("tokens");
        Revocation revocation = revocation();
        try (EmbeddedTokenStore store = EmbeddedTokenStore.open(path)) {
            store.add(token("t1"));
            assertThat(store.revoke(ALICE, new TokenId("t1"), revocation)).isTrue();
        }
        try (EmbeddedTokenStore store = EmbeddedTokenStore.open(path)) {
            assertThat(store.find(new TokenId("t1"))).contains(token("t1").withRevocation(revocation));
            assertThat(store.revoke(ALICE, new TokenId("t1"), revocation())).isFalse();
        }
    }

    @Test
    void nothing_that_was_acknowledged_is_lost_when_the_process_is_killed_mid_storm() throws Exception {
        Path path = folder.resolve("tokens");
        List<String> acknowledged = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            Process storm = OtherJvm.start(RevocationStorm.class, path.toString(), "r" + round);
            try (BufferedReader ledger = storm.inputReader(StandardCharsets.UTF_8)) {
                for (int i = 0; i < 2_000; i++) {
                    String line = ledger.readLine();
                    assertThat(line).as("The storm ended by itself").isNotNull();
                    acknowledged.add(line);
                }
                storm.toHandle().destroyForcibly();
                ledger.lines()
                        .filter(line -> line.matches("(added|revoked) r\\d-\\d-\\d+"))
                        .forEach(acknowledged::add);
            }
            assertThat(storm.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(storm.exitValue()).isNotZero();
        }
        int lost = 0;
        try (EmbeddedTokenStore store = EmbeddedTokenStore.open(path)) {
            for (String line : acknowledged) {
                String[] entry = line.split(" ");
                Token token = store.find(new TokenId(entry[1])).orElse(null);
                boolean kept = token != null && (entry[0].equals("added") || token.revocation() != null);
                lost += kept ? 0 : 1;
            }
        }
        System.out.printf("killed 3 times: acknowledged %d, lost %d%n", acknowledged.size(), lost);
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(6_000);
        assertThat(lost).isZero();
    }

    @Test
    @Timeout(300)
    void a_thread_that_is_interrupted_while_it_writes_leaves_the_store_usable() throws Exception {
        try (EmbeddedTokenStore store = EmbeddedTokenStore.open(folder.resolve("tokens"))) {
            AtomicInteger done = new AtomicInteger();
            for (int round = 0; round < 20; round++) {
                String prefix = "r" + round + "-";
                FutureTask<Void> writing = new FutureTask<>(() -> {
                    for (int i = 0; i < 100_000 && !Thread.currentThread().isInterrupted(); i++) {
                        try {
                            store.add(token(prefix + i));
                            store.revoke(ALICE, new TokenId(prefix + i), revocation());
                            done.incrementAndGet();
                        } catch (TokenStoreException interrupted) {
                            assertThat(Thread.currentThread().isInterrupted()).isTrue();
                        }
                    }
                    return null;
                });
                Thread writer = new Thread(writing);
                writer.start();
                int before = done.get();
                while (done.get() < before + 5 && !writing.isDone()) {
                    Thread.onSpinWait();
                }
                writer.interrupt();
                writing.get();
                store.add(token("after-" + round));
                assertThat(store.find(new TokenId("after-" + round))).isPresent();
            }
        }
    }

    @Test
    void a_second_process_is_told_that_the_file_is_in_use() throws Exception {
        Path path = folder.resolve("tokens");
        Process owner = OtherJvm.start(RevocationStorm.class, path.toString(), "r");
        try (BufferedReader ledger = owner.inputReader(StandardCharsets.UTF_8)) {
            ledger.readLine();
            assertThatExceptionOfType(TokenStoreException.class)
                    .isThrownBy(() -> EmbeddedTokenStore.open(path))
                    .returns(Applied.NO, TokenStoreException::applied)
                    .withMessage("the store is in use, in this process or another");
        } finally {
            owner.destroyForcibly().waitFor();
        }
    }

    @Test
    void a_second_store_of_the_same_process_is_refused_and_the_file_stays_locked() throws Exception {
        Path path = folder.resolve("tokens");
        try (EmbeddedTokenStore store = EmbeddedTokenStore.open(path)) {
            store.add(token("t1"));
            assertIsInUse(path);
            assertThat(store.find(new TokenId("t1"))).isPresent();
        }
        try (EmbeddedTokenStore store = EmbeddedTokenStore.open(path)) {
            assertThat(store.find(new TokenId("t1"))).isPresent();
        }
    }

    @Test
    void a_file_that_the_host_has_open_itself_is_refused_and_stays_locked() throws Exception {
        Path path = folder.resolve("tokens");
        EmbeddedTokenStore.open(path).close();
        try (Connection host =
                Unpooled.at("jdbc:h2:async:" + path + ";USER=sa;WRITE_DELAY=0").getConnection()) {
            assertIsInUse(path);
            assertIsInUse(path);
            assertThat(host.isValid(0)).isTrue();
        }
        EmbeddedTokenStore.open(path).close();
    }

    private static void assertIsInUse(Path path) throws Exception {
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> EmbeddedTokenStore.open(path))
                .withMessageContaining("in this process");
        Process other =
                OtherJvm.start(ProcessBuilder.Redirect.DISCARD, List.of(), RevocationStorm.class, path.toString(), "r");
        try {
            assertThat(other.waitFor(1, TimeUnit.MINUTES))
                    .as("the other process gave up")
                    .isTrue();
        } finally {
            other.destroyForcibly();
        }
        assertThat(other.exitValue()).isOne();
    }

    @Test
    void names_that_look_like_the_beginning_of_a_version_keep_no_file_from_opening() throws IOException {
        // H2 writes the last letter as two bytes, of which the second one ends a line.
        String name = "chunk:1,".repeat(31) + "a:1\u010a";
        Path path = folder.resolve("tokens");
        for (int restart = 0; restart < 6; restart++) {
            try (EmbeddedTokenStore store = EmbeddedTokenStore.open(path)) {
                for (int i = 0; i < restart; i++) {
                    assertThat(store.find(new TokenId("last" + i))).isPresent();
                }
                for (int i = 0; i < 20 && restart == 0; i++) {
                    String prefix = i + "-";
                    store.addAll(IntStream.range(0, 100)
                            .mapToObj(number -> token(prefix + number))
                            .toList());
                }
                for (int i = 0; i < 20 && restart == 1; i++) {
                    store.add(
                            Token.builder(new TokenId("named" + i), ALICE, name, Instant.parse("2026-06-15T12:00:00Z"))
                                    .build());
                }
                store.add(token("last" + restart));
            }
        }
    }

    @Test
    void a_closed_store_fails_and_is_closed_again_without_effect() throws IOException {
        EmbeddedTokenStore store = EmbeddedTokenStore.open(folder.resolve("tokens"));
        store.close();
        store.close();
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> store.revoke(ALICE, new TokenId("t1"), revocation()))
                .returns(Applied.NO, TokenStoreException::applied);
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void only_the_owner_reads_what_the_store_creates() throws IOException {
        Path path = folder.resolve("new").resolve("tokens");
        for (int i = 0; i < 2; i++) {
            try (EmbeddedTokenStore store = EmbeddedTokenStore.open(path)) {
                store.add(token("t" + i));
                assertPrivate(path.getParent());
            }
            assertPrivate(path.getParent());
        }
    }

    @Test
    void a_file_that_is_no_database_is_refused_and_kept() throws IOException {
        Path file = folder.resolve("notes.mv.db");
        Files.writeString(file, "not a database\n".repeat(10_000));
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> EmbeddedTokenStore.open(folder.resolve("notes")))
                .withMessage("the store can't be opened");
        assertThat(file).content().startsWith("not a database");
    }

    @Test
    void a_file_with_a_table_of_somebody_else_is_refused_and_let_go_again() throws Exception {
        Path path = folder.resolve("others");
        Unpooled.execute(
                Unpooled.at("jdbc:h2:" + path + ";USER=sa"),
                "CREATE TABLE access_tokens (id VARCHAR(255) PRIMARY KEY, owner VARCHAR(255))");
        assertThatIllegalStateException().isThrownBy(() -> EmbeddedTokenStore.open(path));
        try (FileChannel file = FileChannel.open(folder.resolve("others.mv.db"), StandardOpenOption.WRITE)) {
            assertThat(file.tryLock()).isNotNull();
        }
    }

    @Test
    void it_starts_no_thread() throws IOException {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (EmbeddedTokenStore store = EmbeddedTokenStore.open(folder.resolve("tokens"))) {
            store.add(token("t1"));
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> !before.contains(thread))
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.contains("H2") || name.contains("MVStore") || name.contains("tokens"));
        }
    }

    private static void assertPrivate(Path folder) throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.toList())
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    private static Revocation revocation() {
        return new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
    }

    private static Token token(String id) {
        return Token.builder(new TokenId(id), ALICE, "laptop", NOW).build();
    }
}
