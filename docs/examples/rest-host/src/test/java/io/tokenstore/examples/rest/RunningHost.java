package io.tokenstore.examples.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import tools.jackson.databind.json.JsonMapper;

/** The host as its operator starts it, asked over HTTP; the document that it serves judges each request and each response. */
final class RunningHost implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final ConfigurableApplicationContext context;
    private final HttpClient client = HttpClient.newHttpClient();
    private final String console;
    private String adminsSecret;
    private final OpenApiDocument document;

    private RunningHost(String[] arguments) throws Exception {
        ConfigurableApplicationContext[] started = new ConfigurableApplicationContext[1];
        console = printedBy(() -> started[0] = SpringApplication.run(RestHost.class, arguments));
        context = started[0];
        document = new OpenApiDocument(send("GET", "/openapi.yaml", null, null).body());
    }

    static RunningHost start(String... properties) throws Exception {
        return new RunningHost(Stream.concat(Stream.of("--server.port=0"), Stream.of(properties))
                .toArray(String[]::new));
    }

    /** What is printed meanwhile, the log among it. */
    static String printedBy(Callable<?> work) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            work.call();
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    /** What the host printed while it started, its log among it. */
    List<String> console() {
        return console.lines().toList();
    }

    String password() {
        return console.lines()
                .filter(line -> line.contains("shown once: "))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .findFirst()
                .orElseThrow();
    }

    /** The header by which the administrator logs in. */
    String login() {
        return basic("admin", password());
    }

    static String basic(String username, String password) {
        byte[] credentials = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(credentials);
    }

    /** A token by which the administrator does whatever a token may. */
    synchronized String adminsSecret() throws Exception {
        if (adminsSecret == null) {
            adminsSecret = issue("admin", "*").field("secret");
        }
        return adminsSecret;
    }

    /** What the host answered, and what the document has against what it was asked. */
    record Answer(
            int status, String contentType, List<String> challenges, String body, List<String> objectionsToRequest) {

        String field(String name) {
            return JSON.readTree(body).get(name).asString();
        }
    }

    /**
     * Sends a request to one of the document's operations; a response that the document does not know fails.
     *
     * @param target the path as it is sent, percent-encoded
     * @param secret a token, or a whole header with its scheme; null for none
     */
    Answer ask(String method, String target, String secret, String body) throws Exception {
        HttpResponse<String> response = send(method, target, secret, body);
        String contentType = response.headers().firstValue("Content-Type").orElse("none");
        assertThat(response.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
        assertThat(document.objectionsToResponse(
                        method,
                        target,
                        response.statusCode(),
                        response.headers().map(),
                        contentType,
                        response.body()))
                .as("What the document says of %d %s to %s %s", response.statusCode(), response.body(), method, target)
                .isEmpty();
        List<String> objections = document.objectionsToRequest(method, target, body);
        if (response.statusCode() < 300) {
            assertThat(objections)
                    .as("What the document says of %s %s %s, which succeeded", method, target, body)
                    .isEmpty();
        }
        List<String> challenges = response.headers().allValues("WWW-Authenticate");
        return new Answer(response.statusCode(), contentType, challenges, response.body(), objections);
    }

    Answer delete(String secret, String username, String tokenId) throws Exception {
        return ask("DELETE", "/v1/users/" + username + "/tokens/" + tokenId, secret, null);
    }

    /** Issues a token to a user, by which they manage their tokens, and returns its id and its secret. */
    Answer issue(String username) throws Exception {
        return issue(username, "tokens");
    }

    Answer issue(String username, String scope) throws Exception {
        Answer answer = ask(
                "POST",
                "/v1/users/" + username + "/tokens",
                login(),
                "{\"name\":\"laptop\",\"ttl\":\"P30D\",\"scopes\":[\"" + scope + "\"]}");
        assertThat(answer.status()).isEqualTo(201);
        return answer;
    }

    /** How the transactions ended that the work began: true for a commit. */
    List<Boolean> transactionsOf(Callable<?> work) throws Exception {
        List<Boolean> committed = new CopyOnWriteArrayList<>();
        ConfigurableTransactionManager transactions = context.getBean(ConfigurableTransactionManager.class);
        TransactionExecutionListener listener = new TransactionExecutionListener() {
            @Override
            public void afterCommit(TransactionExecution transaction, Throwable failure) {
                committed.add(failure == null);
            }

            @Override
            public void afterRollback(TransactionExecution transaction, Throwable failure) {
                committed.add(false);
            }
        };
        transactions.addListener(listener);
        try {
            work.call();
        } finally {
            transactions.getTransactionExecutionListeners().remove(listener);
        }
        return committed;
    }

    /** Adds a token whose id the host chose by itself. */
    void add(String username, String id) {
        context.getBean(TokenStore.class)
                .add(Token.builder(new TokenId(id), new Owner(username), "own", Instant.now())
                        .build());
    }

    HttpResponse<String> send(String method, String target, String secret, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + target))
                .timeout(Duration.ofMinutes(1))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (secret != null) {
            request.header("Authorization", secret.contains(" ") ? secret : "Bearer " + secret);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    /** Sends bytes that no HTTP client would, and returns the whole of what comes back. */
    String sendBytes(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    @Override
    public void close() {
        context.close();
    }
}
