package io.tokenstore.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients whose requests arrive a byte at a time. */
class SlowClientsTest {

    private static final int CLIENTS = 250;
    private static final String LENGTH = "Content-Length: 1000\r\n\r\n";
    private static final String FORM = "Content-Type: application/x-www-form-urlencoded\r\n";

    private static RunningHost host;
    private static String token;

    @BeforeAll
    static void start() throws Exception {
        host = RunningHost.start("--spring.datasource.url=jdbc:h2:mem:slow", "--logging.level.root=OFF");
        token = "Authorization: Bearer " + host.login("alice").create("slow", "repo:read", "repo:write") + "\r\n";
    }

    private static String form(String charset) {
        return FORM.replace("\r\n", charset + "\r\n");
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token",
                "chunked",
                "PUT",
                "no scope needed",
                "multipart",
                "JSON",
                "login",
                "login in UTF-8",
                "login in utf-8",
                "headers"
            })
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void health_answers_within_a_second_while_250_clients_drip(String kind) throws Exception {
        String request = switch (kind) {
            case "token" -> head("POST /api/repos") + token + FORM + LENGTH + "name=";
            case "chunked" -> head("POST /api/repos") + token + FORM + "Transfer-Encoding: chunked\r\n\r\n3e8\r\nname=";
            case "PUT" -> head("PUT /api/repos") + token + FORM + LENGTH + "name=";
            case "no scope needed" -> head("POST /api/me") + token + FORM + LENGTH + "name=";
            case "multipart" ->
                head("POST /api/repos") + token + "Content-Type: multipart/form-data; boundary=b\r\n" + LENGTH
                        + "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nr";
            case "JSON" -> head("POST /api/repos") + token + "Content-Type: application/json\r\n" + LENGTH + "{";
            case "login" -> head("POST /login") + FORM + LENGTH + "username=";
            case "login in UTF-8" -> head("POST /login") + form(";charset=UTF-8") + LENGTH + "username=";
            case "login in utf-8" -> head("POST /login") + form("; charset=utf-8") + LENGTH + "username=";
            case "headers" -> head("GET /api/me") + token + "X: ";
            default -> throw new IllegalArgumentException(kind);
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
                assertThat(host.api("GET", "/actuator/health", null).statusCode())
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

    private static String head(String methodAndTarget) {
        return methodAndTarget + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
    }

    private static Socket send(String text) throws IOException {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), URI.create(host.url("/")).getPort());
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private static void sendByte(Socket client) {
        try {
            client.getOutputStream().write('x');
        } catch (IOException answered) {
            // It is refused, and closed.
        }
    }
}
