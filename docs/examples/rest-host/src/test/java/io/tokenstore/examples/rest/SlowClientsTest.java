package io.tokenstore.examples.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients whose requests arrive a byte at a time. */
class SlowClientsTest {

    private static final int CLIENTS = 250;
    private static final String JSON = "Content-Type: application/json\r\n";

    private static RunningHost host;

    @BeforeAll
    static void start() throws Exception {
        host = RunningHost.start("--spring.datasource.url=jdbc:h2:mem:slow");
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    private static String head(String methodAndTarget, String authorization) {
        return methodAndTarget + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + (authorization == null ? "" : "Authorization: " + authorization + "\r\n");
    }

    private static String post(String authorization) {
        return head("POST /v1/users/alice/tokens", authorization) + JSON;
    }

    @ParameterizedTest
    @ValueSource(strings = {"token", "token, chunked", "password", "form", "headers"})
    void health_answers_within_a_second_while_250_clients_drip(String kind) throws Exception {
        String token = "Bearer " + host.adminsSecret();
        String length = "Content-Length: 1000\r\n\r\n{";
        String request = switch (kind) {
            case "token" -> post(token) + length;
            case "token, chunked" -> post(token) + "Transfer-Encoding: chunked\r\n\r\n3e8\r\n{";
            case "password" -> post(host.login()) + length;
            case "form" ->
                head("POST /v1/users/alice/tokens/x/rotate", token)
                        + "Content-Type: application/x-www-form-urlencoded\r\n" + length;
            default -> post(token) + "X: ";
        };
        List<Socket> clients = new ArrayList<>();
        ScheduledExecutorService drip = Executors.newSingleThreadScheduledExecutor();
        try {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(send(request));
            }
            drip.scheduleWithFixedDelay(() -> clients.forEach(SlowClientsTest::sendByte), 1, 5, TimeUnit.SECONDS);
            List<Duration> times = new ArrayList<>();
            for (int i = 0; i < 15; i++) {
                long begin = System.nanoTime();
                assertThat(host.send("GET", "/actuator/health", null, null).statusCode())
                        .isEqualTo(200);
                times.add(Duration.ofNanos(System.nanoTime() - begin));
                Thread.sleep(200);
            }
            times.sort(null);
            System.out.printf("%d clients drip (%s): health took at most %s%n", CLIENTS, kind, times.get(14));
            assertThat(times.get(4))
                    .as("a third of them, since other tests may keep the machine busy")
                    .isLessThan(Duration.ofSeconds(1));
        } finally {
            drip.shutdownNow();
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n3e8\r\n"})
    void a_body_that_does_not_end_in_time_is_a_bad_request(String framing) throws Exception {
        ScheduledExecutorService drip = Executors.newSingleThreadScheduledExecutor();
        try (Socket client = send(post(host.login()) + framing)) {
            drip.scheduleWithFixedDelay(() -> sendByte(client), 0, 1, TimeUnit.SECONDS);
            client.setSoTimeout(30_000);
            assertThat(answer(client)).startsWith("HTTP/1.1 400 ").contains("\"code\":\"BAD_REQUEST\"");
        } finally {
            drip.shutdownNow();
        }
    }

    @Test
    void a_body_that_is_cut_short_is_a_bad_request() throws Exception {
        try (Socket client = send(post(host.login()) + "Content-Length: 1000\r\n\r\n{")) {
            client.shutdownOutput();
            client.setSoTimeout(10_000);
            assertThat(answer(client)).startsWith("HTTP/1.1 400 ").contains("\"code\":\"BAD_REQUEST\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"100", "1000000", "99999999999"})
    void who_is_nobody_is_refused_before_the_body_is_read_whatever_its_length(String length) throws Exception {
        for (String authorization : new String[] {null, "Bearer nonsense", RunningHost.basic("admin", "wrong")}) {
            try (Socket client = send(post(authorization) + "Content-Length: " + length + "\r\n\r\n")) {
                client.setSoTimeout(10_000);
                assertThat(answer(client)).startsWith("HTTP/1.1 401 ").contains("\"code\":\"UNAUTHORIZED\"");
            }
        }
    }

    @Test
    void a_body_that_is_too_long_is_refused_before_it_is_read() throws Exception {
        try (Socket client = send(post(host.login()) + "Content-Length: 16385\r\n\r\n")) {
            client.setSoTimeout(5_000);
            assertThat(answer(client)).startsWith("HTTP/1.1 400 ").contains("\"code\":\"BAD_REQUEST\"");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/users/alice/tokens",
                "GET /v1/tokens/current",
                "DELETE /v1/users/alice/tokens/x",
                "POST /v1/users/alice/tokens/x/rotate",
                "POST /nowhere"
            })
    void a_body_that_nobody_asked_for_is_not_waited_for(String methodAndTarget) throws Exception {
        for (String type : new String[] {JSON, "Content-Type: application/x-www-form-urlencoded\r\n"}) {
            String request = head(methodAndTarget, "Bearer " + host.adminsSecret()) + type;
            try (Socket client = send(request + "Content-Length: 1000\r\n\r\n")) {
                client.setSoTimeout(10_000);
                assertThat(answer(client)).startsWith("HTTP/1.1 ").contains("Content-Type: application/json");
            }
        }
    }

    private static Socket send(String text) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), host.port());
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private static void sendByte(Socket client) {
        try {
            client.getOutputStream().write(' ');
        } catch (IOException answered) {
            // It is refused, and closed.
        }
    }

    /** Only the first bytes: a host that has not read the whole body may reset the connection. */
    private static String answer(Socket client) throws IOException {
        byte[] answer = new byte[4096];
        int length = 0;
        while (!new String(answer, 0, length, StandardCharsets.UTF_8).endsWith("}")) {
            int read = client.getInputStream().read(answer, length, answer.length - length);
            if (read < 0) {
                break;
            }
            length += read;
        }
        return new String(answer, 0, length, StandardCharsets.UTF_8);
    }
}
