package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokenstore.TokenId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which file the store opens, and whose. Whoever can write a database file runs code in the process that opens it. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Its file systems have other names and no owners of this kind")
class EmbeddedFileTest {

    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    @TempDir
    private Path outer;

    private Path folder;

    @BeforeEach
    void createFolder() throws IOException {
        folder = Files.createDirectories(outer.resolve("a/b/c"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tokens;INIT=CREATE TABLE pwned(x INT)",
                ";",
                "..\\..\\x",
                "a\\b",
                "tokens\\",
                "\\\\host\\share",
                "to\nkens",
                "to\tkens",
                "to\u007fkens",
                "to\u0085kens",
                "tokens.mv.db",
                "TOKENS.MV.DB",
                "folder;x/tokens",
                "folder\\x/tokens"
            })
    void a_name_that_is_another_one_to_h2_is_refused(String name) throws IOException {
        assertThatIllegalArgumentException().isThrownBy(() -> EmbeddedTokenStore.open(folder.resolve(name)));
        try (var files = Files.walk(outer)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void a_path_without_a_name_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> EmbeddedTokenStore.open(Path.of("/")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "to kens",
                "tökens",
                "~",
                "~tokens",
                "~/tokens",
                "a%20b",
                "a#b?c=d",
                "$HOME",
                "mem:x",
                "zip:x",
                "file:x",
                "tcp:x",
                "nio:x",
                "async:x",
                "split:20:x",
                "classpath:x",
                ".x",
                "x.",
                "x.mv",
                "x.h2.db",
                "x.lock.db",
                "mem:/x/tokens",
                "./tokens",
                "d/../tokens"
            })
    void any_other_name_is_that_of_the_file(String name) throws IOException {
        Path path = folder.resolve(name);
        try (EmbeddedTokenStore store = EmbeddedTokenStore.open(path)) {
            assertThat(store.find(new TokenId("t1"))).isEmpty();
        }
        try (var files = Files.walk(outer)) {
            assertThat(files.filter(Files::isRegularFile))
                    .singleElement()
                    .isEqualTo(Path.of(path.normalize() + ".mv.db"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-rw-rw-", "rw----rw-", "rw-----w-"})
    void a_file_that_others_can_write_is_refused(String permissions) throws IOException {
        Path file = existing();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        assertRefused(permissions);
    }

    @Test
    void a_folder_in_which_others_can_put_files_is_refused() throws IOException {
        existing();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertRefused("rwxrwxrwx");
    }

    @Test
    void a_sticky_folder_is_as_good_as_its_files() throws IOException {
        Path file = existing();
        run("chmod", "1777", folder.toString());
        assertThatCode(() -> EmbeddedTokenStore.open(folder.resolve("tokens")).close())
                .doesNotThrowAnyException();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertRefused("rw-rw-rw-");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_somebody_else_owns_is_refused(boolean file) throws IOException {
        Path existing = existing();
        if (ROOT) {
            run("chown", "65534", (file ? existing : folder).toString());
            assertRefused("belongs to");
        } else {
            assertThatThrownBy(() -> EmbeddedTokenStore.open(Path.of("/etc/tokens")))
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_file_that_is_a_symbolic_link_is_refused_also_if_it_dangles(boolean dangling) throws IOException {
        Path target = outer.resolve("elsewhere.mv.db");
        if (!dangling) {
            Files.createFile(target);
        }
        Files.createSymbolicLink(folder.resolve("tokens.mv.db"), target);
        assertRefused("a link");
        assertThat(Files.exists(target)).isEqualTo(!dangling);
    }

    @Test
    void a_folder_that_is_a_symbolic_link_is_checked_where_it_leads() throws IOException {
        Path link = Files.createSymbolicLink(outer.resolve("link"), folder);
        EmbeddedTokenStore.open(link.resolve("tokens")).close();
        assertThat(folder.resolve("tokens.mv.db")).exists();
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatIllegalStateException().isThrownBy(() -> EmbeddedTokenStore.open(link.resolve("tokens")));
        Path evil = Files.createDirectory(outer.resolve("x;INIT=y"));
        Path toEvil = Files.createSymbolicLink(outer.resolve("innocent"), evil);
        assertThatIllegalArgumentException().isThrownBy(() -> EmbeddedTokenStore.open(toEvil.resolve("tokens")));
    }

    @Test
    void a_file_that_is_a_folder_is_refused() throws IOException {
        Files.createDirectory(folder.resolve("tokens.mv.db"));
        assertRefused("not a file");
    }

    @Test
    void a_file_that_can_only_be_read_is_refused_in_these_words() throws IOException {
        Path file = existing();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        if (Files.isWritable(file)) {
            // Permissions don't bind root, but a read-only mount does, if root may mount.
            run("mount", "--bind", file.toString(), file.toString());
            run("mount", "-o", "remount,ro,bind", file.toString());
        }
        try {
            if (Files.isWritable(file)) {
                EmbeddedTokenStore.open(folder.resolve("tokens")).close();
            } else {
                assertRefused("read-only");
            }
        } finally {
            run("umount", file.toString());
        }
    }

    private Path existing() throws IOException {
        EmbeddedTokenStore.open(folder.resolve("tokens")).close();
        return folder.resolve("tokens.mv.db");
    }

    private void assertRefused(String words) {
        assertThatIllegalStateException()
                .isThrownBy(() -> EmbeddedTokenStore.open(folder.resolve("tokens")))
                .withMessageContaining(words);
    }

    private static void run(String... command) throws IOException {
        new ProcessBuilder(command).start().onExit().join();
    }
}
