package io.tokenstore.jdbc;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Starts a main class of the tests in a JVM of its own, on the class path. */
final class OtherJvm {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    static final String TEST_CLASSES =
            Path.of("target", "test-classes").toAbsolutePath().toString();

    private OtherJvm() {}

    /** What this JVM has on its module path or class path. */
    static Stream<String> everyPath() {
        return Stream.of(System.getProperty("jdk.module.path"), System.getProperty("java.class.path"))
                .filter(Objects::nonNull)
                .flatMap(Pattern.compile(File.pathSeparator, Pattern.LITERAL)::splitAsStream)
                .distinct();
    }

    static String classPath() {
        return Stream.concat(everyPath(), Stream.of(TEST_CLASSES)).collect(Collectors.joining(File.pathSeparator));
    }

    /** Returns all that a JVM with these arguments prints. One that has not ended after ten minutes is killed. */
    static String outputOf(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(arguments);
        Process jvm = new ProcessBuilder(command).redirectErrorStream(true).start();
        CompletableFuture.delayedExecutor(10, TimeUnit.MINUTES).execute(jvm::destroyForcibly);
        return new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    static Process start(Class<?> main, String... arguments) throws IOException {
        return start(ProcessBuilder.Redirect.PIPE, List.of(), main, arguments);
    }

    /** Starts it with options of the JVM; what it prints goes to a pipe or a file. */
    static Process start(ProcessBuilder.Redirect output, List<String> options, Class<?> main, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), main.getName()));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command)
                .redirectOutput(output)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
