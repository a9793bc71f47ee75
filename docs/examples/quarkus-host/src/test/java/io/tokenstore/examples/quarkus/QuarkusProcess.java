package io.tokenstore.examples.quarkus;

import io.tokenstore.examples.host.RunningHost;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged host as a process of its own. */
final class QuarkusProcess extends RunningHost {

    private static final Pattern LISTENING = Pattern.compile("Listening on: (http://127\\.0\\.0\\.1:\\d+)");

    private final Process process;

    private QuarkusProcess(Process process, URI address) {
        super(address);
        this.process = process;
    }

    static QuarkusProcess start(int databasePort, String... properties) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=0",
                "-Dquarkus.datasource.jdbc.url=jdbc:postgresql://127.0.0.1:" + databasePort + "/postgres",
                "-Dtokens.operator-key=" + OPERATOR_KEY));
        command.addAll(List.of(properties));
        command.addAll(List.of("-jar", System.getProperty("host.jar")));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader output = process.inputReader();
        StringBuilder printed = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            printed.append(line).append('\n');
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                Thread reader = new Thread(() -> output.lines().forEach(System.out::println));
                reader.setDaemon(true);
                reader.start(); // Not in the common pool, on which the HTTP client completes its answers.
                return new QuarkusProcess(process, URI.create(listening.group(1)));
            }
        }
        throw new IllegalStateException("the host did not start:\n" + printed);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
