package io.tokenstore.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.TokenStore;
import io.tokenstore.memory.InMemoryTokenStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jetbrains.kotlin.cli.common.ExitCode;
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may be null, as Kotlin reads it from the annotations of the public types. */
class KotlinHostTest {

    private static final Path SOURCES = Path.of("src/kotlin/host").toAbsolutePath();
    private static final Pattern ERROR = Pattern.compile("(?m)^.*Refused\\.kt:(\\d+):\\d+: error: ");

    @TempDir
    Path classes;

    private String said;

    @Test
    void a_host_in_kotlin_compiles_without_a_warning_and_runs() throws Exception {
        assertThat(compile("Host.kt", "-Werror")).as(said).isEqualTo(ExitCode.OK);
        try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
            Object printed = loader.loadClass("com.example.host.HostKt")
                    .getMethod("host", TokenStore.class)
                    .invoke(null, new InMemoryTokenStore());
            assertThat(printed).isEqualTo("user alice, laptop, true, null, anonymous, 1");
        }
    }

    @Test
    void kotlin_refuses_each_line_that_takes_a_null_for_a_value_and_no_other() throws IOException {
        List<String> lines = Files.readAllLines(SOURCES.resolve("Refused.kt"));
        List<Integer> expected = IntStream.rangeClosed(1, lines.size())
                .filter(line -> lines.get(line - 1).contains(" // error: "))
                .boxed()
                .toList();
        assertThat(compile("Refused.kt")).isEqualTo(ExitCode.COMPILATION_ERROR);
        assertThat(ERROR.matcher(said).results().map(error -> Integer.valueOf(error.group(1))))
                .as(said)
                .containsExactlyElementsOf(expected);
    }

    private ExitCode compile(String source, String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        arguments.addAll(List.of("-no-stdlib", "-no-reflect", "-jvm-target", "17", "-classpath", classPath));
        arguments.addAll(List.of("-d", classes.toString(), SOURCES.resolve(source).toString()));
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        ExitCode code = new K2JVMCompiler()
                .exec(new PrintStream(messages, true, StandardCharsets.UTF_8), arguments.toArray(new String[0]));
        said = messages.toString(StandardCharsets.UTF_8);
        return code;
    }
}
