package io.tokenstore.examples.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.examples.rest.RunningHost.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without a database of its own the host keeps the tokens in a file. */
class FileTest {

    @Test
    void tokens_outlive_the_host_and_its_generated_password_does_not(@TempDir Path folder) throws Exception {
        String file = "--spring.datasource.url=jdbc:h2:async:" + folder.resolve("tokens") + ";WRITE_DELAY=0";
        String login;
        Answer kept;
        Answer revoked;
        try (RunningHost host = RunningHost.start(file)) {
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
}
