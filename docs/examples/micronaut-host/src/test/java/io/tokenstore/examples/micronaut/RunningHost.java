package io.tokenstore.examples.micronaut;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The host on a free port. */
final class RunningHost implements AutoCloseable {

    static final String OPERATOR = "Operator of-the-tests";

    private final EmbeddedServer server;
    private final URI address;

    private RunningHost(EmbeddedServer server) {
        this.server = server;
        this.address = URI.create("http://127.0.0.1:" + server.getPort());
    }

    static RunningHost start(int databasePort, Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>();
        all.put("micronaut.server.host", "127.0.0.1");
        all.put("micronaut.server.port", -1);
        all.put("datasources.default.url", "jdbc:postgresql://127.0.0.1:" + databasePort + "/postgres");
        all.put("tokens.operator-key", "of-the-tests");
        all.putAll(properties);
        return new RunningHost(ApplicationContext.run(EmbeddedServer.class, all));
    }

    <T> T bean(Class<T> type) {
        return server.getApplicationContext().getBean(type);
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
        server.close();
    }
}
