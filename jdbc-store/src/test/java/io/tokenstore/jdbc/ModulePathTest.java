package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.host.ModulePathHost;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModulePathTest {

    private static final Pattern OF_THE_HOST = Pattern.compile(
            ".*(?:tokenstore-core-[^/\\\\]*(?<!tests)\\.jar|jdbc-store[/\\\\]target[/\\\\]classes|jdbi3-\\w+-[\\d.]+\\.jar"
                    + "|geantyref-[\\d.]+\\.jar|slf4j-api-[\\d.]+\\.jar|jspecify-[\\d.]+\\.jar"
                    + "|h2-[\\d.]+\\.jar)");

    @Test
    void a_host_that_requires_the_store_needs_no_other_module(@TempDir Path folder) throws IOException {
        String modulePath = OtherJvm.everyPath()
                .filter(path -> OF_THE_HOST.matcher(path).matches())
                .collect(Collectors.joining(File.pathSeparator));
        String said = OtherJvm.outputOf(List.of(
                "--module-path",
                modulePath,
                "--add-modules",
                "io.tokenstore.jdbc",
                "-cp",
                OtherJvm.TEST_CLASSES,
                ModulePathHost.class.getName(),
                folder.resolve("tokens").toString()));
        assertThat(said).contains("module io.tokenstore.jdbc lists 1");
    }
}
