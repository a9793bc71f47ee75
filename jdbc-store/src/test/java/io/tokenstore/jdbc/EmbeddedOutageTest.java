package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** H2 closes its database after a failed write or an OutOfMemoryError; the store comes back by itself. */
@Timeout(600)
class EmbeddedOutageTest {

    private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("embedded.outage", 2));
    private static final Owner ALICE = new Owner("alice");
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");

    @TempDir
    private Path folder;

    private final List<String> revoked = new ArrayList<>();
    private int next;

    @Test
    void a_store_whose_disk_refused_writes_answers_again_when_it_takes_them() throws Exception {
        comesBackAfter(() -> {
            throw new IOException("No space left on device");
        });
    }

    @Test
    void a_store_whose_write_ran_out_of_memory_answers_again() throws Exception {
        comesBackAfter(() -> {
            throw new OutOfMemoryError("as if");
        });
    }

    private void comesBackAfter(SimulatedDisk.Fault fault) throws Exception {
        Path file = folder.resolve("tokens");
        try (SimulatedDisk disk = new SimulatedDisk(folder.resolve("tokens.mv.db"));
                EmbeddedTokenStore store = EmbeddedTokenStore.open(file)) {
            revoke(store, 500);
            for (int outage = 0; outage < 3; outage++) {
                disk.failWrites(fault);
                failUntil(store, System.nanoTime() + OUTAGE.toNanos() / 3);
                disk.failWrites(() -> {});
                assertComesBack(store);
                revoke(store, 100);
            }
        }
        try (EmbeddedTokenStore store = EmbeddedTokenStore.open(file)) {
            assertNothingLost(store);
        }
    }

    @Test
    void a_write_that_could_not_be_synced_is_not_acknowledged() throws Exception {
        try (SimulatedDisk disk = new SimulatedDisk(folder.resolve("tokens.mv.db"));
                EmbeddedTokenStore store = EmbeddedTokenStore.open(folder.resolve("tokens"))) {
            Revocation revocation = revocation();
            store.add(token("t1"));
            disk.failSyncs(() -> {
                throw new IOException("Input/output error");
            });
            assertThatExceptionOfType(TokenStoreException.class)
                    .isThrownBy(() -> store.revoke(ALICE, new TokenId("t1"), revocation))
                    .returns(Applied.UNKNOWN, TokenStoreException::applied);
            assertThatExceptionOfType(TokenStoreException.class)
                    .isThrownBy(() -> store.revoke(ALICE, new TokenId("t1"), revocation))
                    .returns(Applied.NO, TokenStoreException::applied);
            disk.failSyncs(() -> {});
            assertThat(store.revoke(ALICE, new TokenId("t1"), revocation)).isTrue();
        }
    }

    @Test
    void a_full_disk_closes_the_store_until_there_is_room_and_loses_nothing() throws Exception {
        try (SmallDisk disk = SmallDisk.at(folder, 40)) {
            Path file = disk.folder().resolve("tokens");
            try (EmbeddedTokenStore store = EmbeddedTokenStore.open(file)) {
                revoke(store, 500);
                disk.fill();
                failUntil(store, System.nanoTime() + OUTAGE.toNanos());
                disk.free();
                assertComesBack(store);
                revoke(store, 100);
                disk.fill();
                failUntil(store, System.nanoTime() + OUTAGE.toNanos() / 4);
            }
            if (disk.isReal()) {
                assertThatExceptionOfType(TokenStoreException.class)
                        .isThrownBy(() -> EmbeddedTokenStore.open(file))
                        .withRootCauseInstanceOf(SQLException.class)
                        .withStackTraceContaining("room");
            }
            disk.free();
            try (EmbeddedTokenStore store = EmbeddedTokenStore.open(file)) {
                assertNothingLost(store);
            }
        }
    }

    @Test
    void a_full_disk_keeps_a_file_closed_whose_only_connection_is_in_use() throws Exception {
        try (SmallDisk disk = SmallDisk.at(folder, 40);
                EmbeddedDatabase database =
                        new EmbeddedDatabase(EmbeddedFile.prepare(disk.folder().resolve("tokens")))) {
            Connection only = database.openConnection();
            disk.fill();
            EmbeddedDatabaseTest.closeFile(only);
            if (disk.isReal()) {
                assertThatExceptionOfType(SQLException.class)
                        .isThrownBy(database::openConnection)
                        .withMessageContaining("room");
            }
            disk.free();
            database.closeConnection(database.openConnection());
            database.closeConnection(only);
        }
    }

    @Test
    void a_jvm_that_ran_out_of_memory_goes_on_with_its_store() throws Exception {
        String said = OtherJvm.outputOf(List.of(
                "-Xmx40m",
                // A collector that has been busy for long would refuse memory also when there is some again.
                "-XX:-UseGCOverheadLimit",
                "-cp",
                OtherJvm.classPath(),
                OutOfMemoryHost.class.getName(),
                folder.resolve("tokens").toString()));
        assertThat(said).contains("ran out of memory").contains("lost 0");
    }

    private void revoke(EmbeddedTokenStore store, int count) {
        for (int i = 0; i < count; i++) {
            String id = "t" + next++;
            store.add(token(id));
            assertThat(store.revoke(ALICE, new TokenId(id), revocation())).isTrue();
            revoked.add(id);
        }
    }

    /** As a host does, it tries again and again, to write and to read. */
    private void failUntil(EmbeddedTokenStore store, long nanoTime) throws InterruptedException {
        int failures = 0;
        while (System.nanoTime() - nanoTime < 0 || failures == 0) {
            String id = "t" + next++;
            try {
                store.add(token(id));
                if (store.revoke(ALICE, new TokenId(id), revocation())) {
                    revoked.add(id);
                }
                store.find(new TokenId(id));
            } catch (TokenStoreException e) {
                failures++;
                Thread.sleep(5);
            }
        }
    }

    private void assertComesBack(EmbeddedTokenStore store) throws InterruptedException {
        long before = System.nanoTime();
        while (true) {
            try {
                assertThat(store.find(new TokenId("t0"))).isPresent();
                break;
            } catch (TokenStoreException notYet) {
                Thread.sleep(10);
            }
        }
        System.out.printf("the store came back after %d ms%n", (System.nanoTime() - before) / 1_000_000);
        assertNothingLost(store);
    }

    private void assertNothingLost(EmbeddedTokenStore store) {
        assertThat(revoked)
                .filteredOn(id -> store.find(new TokenId(id))
                        .filter(token -> token.revocation() != null)
                        .isEmpty())
                .isEmpty();
    }

    private static Token token(String id) {
        return Token.builder(new TokenId(id), ALICE, "laptop", NOW).build();
    }

    private static Revocation revocation() {
        return new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
    }

    /** A disk that can be full: of its own in memory if this user may mount one, else a simulated one. */
    private record SmallDisk(Path folder, boolean isReal, SimulatedDisk simulated) implements AutoCloseable {

        static SmallDisk at(Path parent, int megabytes) throws IOException {
            Path folder = Files.createDirectory(parent.resolve("small"));
            boolean mounted = run("mount -t tmpfs -o mode=700,size=" + megabytes + "m tmpfs " + folder);
            System.out.printf("a small disk was mounted: %s%n", mounted);
            return new SmallDisk(folder, mounted, new SimulatedDisk(folder.resolve("tokens.mv.db")));
        }

        void fill() throws IOException {
            if (isReal) {
                run("cat /dev/zero > " + folder.resolve("filler"));
            } else {
                simulated.failWrites(() -> {
                    throw new IOException("No space left on device");
                });
            }
        }

        void free() throws IOException {
            Files.deleteIfExists(folder.resolve("filler"));
            simulated.failWrites(() -> {});
        }

        @Override
        public void close() throws IOException {
            simulated.close();
            if (isReal) {
                run("umount " + folder);
            }
        }

        private static boolean run(String command) throws IOException {
            Process process = new ProcessBuilder("sh", "-c", command + " 2>/dev/null").start();
            return process.onExit().join().exitValue() == 0;
        }
    }
}
