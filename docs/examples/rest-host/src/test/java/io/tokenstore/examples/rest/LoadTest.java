package io.tokenstore.examples.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Many clients at once issue, use and revoke; how long is the system property {@code load.seconds}. */
class LoadTest {

    private static final int CLIENTS = 16;
    private static final int REMEMBERED = 1_000;

    @Test
    void no_request_fails_and_no_token_is_accepted_once_its_revocation_was_answered() throws Exception {
        Duration duration = Duration.ofSeconds(Long.getLong("load.seconds"));
        AtomicInteger revocations = new AtomicInteger();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try (EmbeddedPostgres database = EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "on")
                        .setServerConfig("synchronous_commit", "on")
                        .start();
                RunningHost host = RunningHost.start(
                        "--spring.datasource.url=jdbc:postgresql://127.0.0.1:" + database.getPort() + "/postgres",
                        "--spring.datasource.username=postgres",
                        "--logging.level.root=WARN")) {
            long end = System.nanoTime() + duration.toNanos();
            ConcurrentLinkedDeque<String> revoked = new ConcurrentLinkedDeque<>();
            CountDownLatch together = new CountDownLatch(CLIENTS);
            List<Future<Void>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                String username = "user" + i % 4;
                running.add(clients.submit(() -> {
                    together.countDown();
                    together.await();
                    while (System.nanoTime() < end) {
                        revoked.addFirst(issueUseAndRevoke(host, username));
                        revocations.incrementAndGet();
                        // One that another client may have revoked a moment ago, and one of some time ago.
                        for (String secret : List.of(revoked.getFirst(), revoked.getLast())) {
                            assertStatus(401, list(host, username, secret));
                        }
                        if (revoked.size() > REMEMBERED) {
                            revoked.pollLast();
                        }
                    }
                    return null;
                }));
            }
            for (Future<Void> client : running) {
                client.get();
            }
        } finally {
            clients.shutdownNow();
        }
        System.out.printf(
                "%d clients, %d s: %d tokens issued, used, revoked and refused%n",
                CLIENTS, duration.toSeconds(), revocations.get());
        assertThat(revocations.get()).isGreaterThan(CLIENTS);
    }

    private static String issueUseAndRevoke(RunningHost host, String username) throws Exception {
        String path = "/v1/users/" + username + "/tokens";
        HttpResponse<String> issued =
                host.send("POST", path, host.login(), "{\"name\":\"load\",\"ttl\":\"P30D\",\"scopes\":[\"tokens\"]}");
        assertStatus(201, issued);
        JsonNode token = JsonMapper.shared().readTree(issued.body());
        String secret = token.get("secret").asString();
        assertStatus(200, list(host, username, secret));
        assertStatus(200, host.send("DELETE", path + "/" + token.get("id").asString(), secret, null));
        return secret;
    }

    private static HttpResponse<String> list(RunningHost host, String username, String secret) throws Exception {
        return host.send("GET", "/v1/users/" + username + "/tokens?limit=1", secret, null);
    }

    private static void assertStatus(int status, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    }
}
