package io.tokenstore.examples.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the README says of the build, which needs no node to be true. */
class ReadmeTest {

    private static final Path STORE =
            Path.of("src/main/java/io/tokenstore/examples/cassandra/CassandraTokenStore.java");

    @Test
    void the_readme_names_the_version_that_the_build_runs() throws IOException {
        assertThat(Files.readString(Path.of("README.md")))
                .contains("three Cassandra " + System.getProperty("versions.cassandra") + " nodes");
    }

    @Test
    void the_store_stays_under_250_lines() throws IOException {
        assertThat(Files.readAllLines(STORE)).hasSizeLessThan(250);
    }
}
