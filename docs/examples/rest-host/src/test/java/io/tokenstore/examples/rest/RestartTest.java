package io.tokenstore.examples.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The host on its file, told by its operator to stop while clients use it; how often is the system property {@code restarts}. */
class RestartTest {

    private static final int CLIENTS = 8;
    private static final int ANSWERS_BEFORE_THE_STOP = 20;
    private static final Pattern PORT = Pattern.compile("started on port (\\d+)");
    private static final Pattern PASSWORD = Pattern.compile("shown once: (\\S+)");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Queue<HttpResponse<String>> failures = new ConcurrentLinkedQueue<>();
    private final Queue<String> revoked = new ConcurrentLinkedQueue<>();

    @TempDir
    private Path folder;

    private String login;
    private String address;

    @Test
    void a_host_that_is_told_to_stop_fails_no_request_and_forgets_no_revocation() throws Exception {
        for (int restarts = Integer.getInteger("restarts"); restarts > 0; restarts--) {
            Process host = start();
            try {
                for (String secret; (secret = revoked.poll()) != null; ) {
                    assertThat(send("GET", "/v1/users/alice/tokens?limit=1", "Bearer " + secret, null)
                                    .statusCode())
                            .isEqualTo(401);
                }
                stopWhileClientsUseIt(host);
            } finally {
                host.destroyForcibly().waitFor();
            }
        }
        assertThat(failures).extracting(HttpResponse::body).isEmpty();
        assertThat(revoked).isNotEmpty();
    }

    /** With the properties that it ships, in a folder of its own. */
    private Process start() throws IOException {
        Process host = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        RestHost.class.getName(),
                        "--server.port=0")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        BufferedReader console = host.inputReader(StandardCharsets.UTF_8);
        StringBuilder printed = new StringBuilder();
        String line;
        do {
            line = console.readLine();
            assertThat(line).as("The host ended: %s", printed).isNotNull();
            printed.append(line).append('\n');
            Matcher password = PASSWORD.matcher(line);
            if (password.find()) {
                login = RunningHost.basic("admin", password.group(1));
            }
            Matcher port = PORT.matcher(line);
            if (port.find()) {
                address = "http://127.0.0.1:" + port.group(1);
            }
        } while (!printed.toString().contains("Started RestHost"));
        Thread reader = new Thread(() -> console.lines().forEach(rest -> {}));
        reader.setDaemon(true);
        reader.start();
        return host;
    }

    private void stopWhileClientsUseIt(Process host) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        CountDownLatch underLoad = new CountDownLatch(CLIENTS * ANSWERS_BEFORE_THE_STOP);
        try {
            for (int i = 0; i < CLIENTS; i++) {
                clients.submit(() -> useUntilItIsGone(underLoad));
            }
            assertThat(underLoad.await(1, TimeUnit.MINUTES)).isTrue();
            host.toHandle().destroy(); // Process.destroy would close its console too.
            assertThat(host.waitFor(1, TimeUnit.MINUTES)).isTrue();
        } finally {
            clients.shutdownNow();
            assertThat(clients.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    private Void useUntilItIsGone(CountDownLatch answers) throws InterruptedException {
        try {
            while (true) {
                HttpResponse<String> issued = send(
                        "POST",
                        "/v1/users/alice/tokens",
                        login,
                        "{\"name\":\"laptop\",\"ttl\":\"P30D\",\"scopes\":[]}");
                if (issued.statusCode() == 201) {
                    String id = field(issued, "id");
                    if (send("DELETE", "/v1/users/alice/tokens/" + id, login, null)
                                    .statusCode()
                            == 200) {
                        revoked.add(field(issued, "secret"));
                    }
                }
                answers.countDown();
            }
        } catch (IOException gone) {
            return null;
        }
    }

    private static String field(HttpResponse<String> response, String name) {
        return JsonMapper.shared().readTree(response.body()).get(name).asString();
    }

    private HttpResponse<String> send(String method, String target, String authorization, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + target))
                .header("Authorization", authorization)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
        if (response.statusCode() == 500) {
            failures.add(response);
        }
        return response;
    }
}
