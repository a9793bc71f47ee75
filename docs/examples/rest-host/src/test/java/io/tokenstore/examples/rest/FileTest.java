package io.tokenstore.examples.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.examples.rest.RunningHost.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without a database of its own the host keeps the tokens in a file. */
class FileTest {

    @Test
    void tokens_outlive_the_host_and_the_first_administrators_is_shown_at_the_first_start_alone(@TempDir Path folder)
            throws Exception {
        String file = "--spring.datasource.url=jdbc:h2:async:" + folder.resolve("tokens") + ";WRITE_DELAY=0";
        String admin;
        Answer kept;
        Answer revoked;
        try (RunningHost host = RunningHost.start(file)) {
            admin = host.adminsSecret();
            kept = host.issue("alice");
            revoked = host.issue("alice");
            assertThat(host.delete(admin, "alice", revoked.field("id")).status())
                    .isEqualTo(200);
            assertThat(host.console())
                    .filteredOn(line -> line.contains(admin))
                    .as("The secret is on the console, not in the log")
                    .containsExactly("The first token of administrator admin, shown once: " + admin);
        }
        try (RunningHost host = RunningHost.start(file, "--tokens.admins=admin,carol")) {
            assertThat(host.console())
                    .filteredOn(line -> line.contains("shown once"))
                    .singleElement()
                    .asString()
                    .startsWith("The first token of administrator carol, ");
            assertThat(host.delete(admin, "alice", revoked.field("id")).status())
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
