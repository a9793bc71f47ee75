package io.tokenstore.examples.quarkus;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged host as a process of its own, on a free port. */
final class RunningHost implements AutoCloseable {

    static final String OPERATOR = "Operator of-the-tests";

    private static final Pattern LISTENING = Pattern.compile("Listening on: (http://127\\.0\\.0\\.1:\\d+)");

    private final Process process;
    private final URI address;

    private RunningHost(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    static RunningHost start(int databasePort, String... properties) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=0",
                "-Dquarkus.datasource.jdbc.url=jdbc:postgresql://127.0.0.1:" + databasePort + "/postgres",
                "-Dtokens.operator-key=of-the-tests"));
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
                return new RunningHost(process, URI.create(listening.group(1)));
            }
        }
        throw new IllegalStateException("the host did not start:\n" + printed);
    }

    record Answer(int status, String body, String challenge) {}

    Answer get(String path, String authorization) throws IOException, InterruptedException {
        return answer("GET", path, authorization);
    }

    Answer delete(String path, String authorization) throws IOException, InterruptedException {
        return answer("DELETE", path, authorization);
    }

    private Answer answer(String method, String path, String authorization) throws IOException, InterruptedException {
        HttpResponse<String> response =
                client().send(request(method, path, authorization), HttpResponse.BodyHandlers.ofString());
        return answer(response);
    }

    /** On a connection of its own. */
    CompletableFuture<Answer> begin(String path, String authorization) {
        return client().sendAsync(request("GET", path, authorization), HttpResponse.BodyHandlers.ofString())
                .thenApply(RunningHost::answer);
    }

    private static Answer answer(HttpResponse<String> response) {
        String challenge = response.headers().firstValue("WWW-Authenticate").orElse("");
        return new Answer(response.statusCode(), response.body(), challenge);
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private HttpRequest request(String method, String path, String authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(path))
                .timeout(Duration.ofMinutes(2))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return request.build();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
