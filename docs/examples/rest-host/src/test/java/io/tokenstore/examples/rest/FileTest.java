package io.tokenstore.examples.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokenstore.examples.rest.RunningHost.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without a database of its own the host keeps the tokens in a file. */
class FileTest {

    @Test
    void tokens_outlive_the_host_and_its_generated_password_does_not(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        String file = "--spring.datasource.url=jdbc:h2:async:" + data.resolve("tokens")
                + ";WRITE_DELAY=0;RETENTION_TIME=45000";
        String login;
        Answer kept;
        Answer revoked;
        try (RunningHost host = RunningHost.start(file)) {
            for (String name : new String[] {"tokens.mv.db", "."}) {
                assertThat(Files.getPosixFilePermissions(data.resolve(name)))
                        .as("who reads %s", name)
                        .isSubsetOf(PosixFilePermissions.fromString("rwx------"));
            }
            login = host.login();
            kept = host.issue("alice");
            revoked = host.issue("alice");
            assertThat(host.delete(login, "alice", revoked.field("id")).status())
                    .isEqualTo(200);
            assertThat(host.console())
                    .as("The password is on the console, not in the log")
                    .filteredOn(line -> line.contains("shown once"))
                    .singleElement()
                    .asString()
                    .startsWith("The administrators' password until the next start, ");
        }
        try (RunningHost host = RunningHost.start(file, "--tokens.admins=admin,carol", "--tokens.password=chosen")) {
            assertThat(host.console()).noneMatch(line -> line.contains("shown once") || line.contains("chosen"));
            assertThat(host.delete(login, "alice", revoked.field("id")).status())
                    .isEqualTo(401);
            String carol = RunningHost.basic("carol", "chosen");
            assertThat(host.delete(carol, "alice", revoked.field("id")).status())
                    .isEqualTo(404);
            assertThat(host.delete(revoked.field("secret"), "alice", kept.field("id"))
                            .status())
                    .isEqualTo(401);
            assertThat(host.delete(kept.field("secret"), "alice", kept.field("id"))
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void a_folder_that_others_can_write_is_refused_at_the_start(@TempDir Path folder) throws Exception {
        Path open = Files.createDirectory(folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> RunningHost.start("--spring.datasource.url=jdbc:h2:async:" + open.resolve("tokens")))
                .rootCause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("use a folder that only");
        assertThat(open).isEmptyDirectory();
    }
}
