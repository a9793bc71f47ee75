package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.Owner;
import io.tokenstore.jdbc.database.Await;
import io.tokenstore.jdbc.database.DatabaseServer;
import io.tokenstore.jdbc.database.Processes;
import io.tokenstore.jdbc.database.Servers;
import io.tokenstore.service.Caller;
import io.tokenstore.service.IssuedToken;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenServices;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/**
 * One node revokes, and 16 threads of another, in a JVM of its own, present: no authentication that begins more than the bound
 * after a revocation was answered succeeds.
 */
@Timeout(600)
class MaxStalenessTest {

    private static final Duration BOUND = Duration.ofMillis(500);
    private static final int REVOCATIONS = Integer.getInteger("staleness.revocations", 1_000);
    private static final int FEW = 400;
    private static final int WINDOW = 2_000;
    private static final String ALICE = "alice";
    private static final Caller OWNER = Caller.user(new Owner(ALICE));

    private Nodes nodes;

    @AfterEach
    void stop() {
        if (nodes != null) {
            nodes.close();
        }
    }

    @Test
    void a_revocation_through_another_node_takes_effect_within_the_bound_on_postgresql(TestInfo test) throws Exception {
        nodes = new Nodes(Servers.postgres(), REVOCATIONS);
        nodes.revoke(REVOCATIONS);
        nodes.assertBoundIsKept(test);
    }

    @Test
    void a_revocation_through_another_node_takes_effect_within_the_bound_on_mariadb(TestInfo test) throws Exception {
        nodes = new Nodes(Servers.mariaDb(), FEW);
        nodes.revoke(FEW);
        nodes.assertBoundIsKept(test);
    }

    @Test
    void a_node_that_was_stopped_for_longer_than_the_bound_remembers_nothing(TestInfo test) throws Exception {
        nodes = new Nodes(Servers.postgres(), FEW);
        for (int stop = 0; stop < 4; stop++) {
            nodes.revoke(FEW / 8);
            Processes.pause(nodes.presenting.toHandle());
            nodes.revoke(FEW / 8);
            Thread.sleep(BOUND.multipliedBy(3).toMillis());
            Processes.resume(nodes.presenting.toHandle());
        }
        nodes.assertBoundIsKept(test);
    }

    @Test
    void a_database_that_is_away_is_a_failure_after_the_bound(TestInfo test) throws Exception {
        DatabaseServer server = Servers.postgres();
        nodes = new Nodes(server, FEW);
        nodes.revoke(FEW / 2);
        server.kill();
        long killed = System.nanoTime();
        try {
            Thread.sleep(BOUND.multipliedBy(3).toMillis());
            Report away = nodes.report();
            assertThat(away.latestSuccess - killed).isLessThanOrEqualTo(BOUND.toNanos());
            Await.until(() -> "failures", () -> nodes.report().failures > away.failures);
        } finally {
            server.restart();
        }
        nodes.revoke(FEW - FEW / 2);
        nodes.assertBoundIsKept(test);
    }

    @Test
    void the_bound_counts_from_the_commit_of_the_hosts_transaction(TestInfo test) throws Exception {
        nodes = new Nodes(Servers.postgres(), FEW);
        for (int i = 0; i < 4; i++) {
            nodes.revokeInOneTransaction(FEW / 4);
        }
        nodes.assertBoundIsKept(test);
    }

    /** What the presenting node says. */
    private record Report(int refused, long successes, long failures, long latestSuccess, long[] lastSuccess) {

        static Report of(String line) {
            long[] numbers =
                    Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
            return new Report(
                    (int) numbers[0],
                    numbers[1],
                    numbers[2],
                    numbers[3],
                    Arrays.copyOfRange(numbers, 4, numbers.length));
        }
    }

    private static final class Nodes implements AutoCloseable {

        private final HikariDataSource pool;
        private final TokenServices services;
        private final List<IssuedToken> tokens = new ArrayList<>();
        private final long[] answered;
        private int revoked;
        private final Process presenting;
        private final PrintWriter toPresenting;
        private final BufferedReader fromPresenting;

        Nodes(DatabaseServer server, int size) throws Exception {
            String name = "staleness_" + UUID.randomUUID().toString().replace('-', '_');
            server.createDatabase(name);
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(server.url(name));
            config.setMaximumPoolSize(2);
            pool = new HikariDataSource(config);
            JdbcTokenStore.createSchema(pool);
            services = TokenServices.builder(JdbcTokenStore.create(pool)).build();
            try (Connection connection = pool.getConnection()) {
                connection.setAutoCommit(false);
                TokenServices joining = services.withStore(JdbcTokenStore.joining(connection));
                for (int i = 0; i < size; i++) {
                    tokens.add(joining.issuance()
                            .issue(OWNER, ALICE, TokenRequest.named("t").withTtl(Duration.ofDays(1)))
                            .orElseThrow());
                }
                connection.commit();
            }
            answered = new long[size];
            presenting = OtherJvm.start(
                    ProcessBuilder.Redirect.PIPE,
                    List.of("-Xmx256m"),
                    PresentingNode.class,
                    server.url(name),
                    Long.toString(BOUND.toMillis()));
            toPresenting = new PrintWriter(presenting.getOutputStream(), true, StandardCharsets.US_ASCII);
            fromPresenting =
                    new BufferedReader(new InputStreamReader(presenting.getInputStream(), StandardCharsets.US_ASCII));
            toPresenting.println(size);
            tokens.forEach(token -> toPresenting.println(token.secret()));
            Await.until(
                    () -> "each token presented",
                    () -> Arrays.stream(report().lastSuccess).limit(FEW).noneMatch(at -> at == 0));
        }

        Report report() throws IOException {
            toPresenting.println();
            return Report.of(Objects.requireNonNull(fromPresenting.readLine(), "the presenting node has ended"));
        }

        /** Revokes the next tokens one after the other, and notes when each was answered. */
        void revoke(int count) throws IOException {
            for (int end = revoked + count; revoked < end; revoked++) {
                if (revoked % 200 == 0 && presenting.isAlive()) {
                    awaitPresentationsOfWhatIsNext();
                }
                services.revocation().revoke(OWNER, ALICE, id(revoked)).orElseThrow();
                answered[revoked] = System.nanoTime();
            }
        }

        /** So that each token is remembered when it is revoked. */
        private void awaitPresentationsOfWhatIsNext() throws IOException {
            Await.until(() -> "presentations", () -> report().refused >= revoked - WINDOW / 2);
        }

        void revokeInOneTransaction(int count) throws Exception {
            try (Connection connection = pool.getConnection()) {
                connection.setAutoCommit(false);
                TokenServices joining = services.withStore(JdbcTokenStore.joining(connection));
                for (int i = revoked; i < revoked + count; i++) {
                    joining.revocation().revoke(OWNER, ALICE, id(i)).orElseThrow();
                }
                Thread.sleep(BOUND.multipliedBy(2).toMillis());
                connection.commit();
            }
            Arrays.fill(answered, revoked, revoked + count, System.nanoTime());
            revoked += count;
        }

        private String id(int number) {
            return tokens.get(number).id().value();
        }

        void assertBoundIsKept(TestInfo test) throws Exception {
            Await.until(() -> "each token refused", () -> report().refused == tokens.size());
            Report report = report();
            long[] ages = IntStream.range(0, tokens.size())
                    .mapToLong(i -> report.lastSuccess[i] - answered[i])
                    .toArray();
            long largest = Arrays.stream(ages).max().orElseThrow();
            System.out.printf(
                    "%s: %,d revocations, %,d authentications, %,d failures, %,d tokens authenticated after their"
                            + " revocation, the latest %.1f ms after it%n",
                    test.getDisplayName(),
                    tokens.size(),
                    report.successes,
                    report.failures,
                    Arrays.stream(ages).filter(age -> age > 0).count(),
                    largest / 1e6);
            assertThat(largest)
                    .as("remembered, but no longer than the bound")
                    .isPositive()
                    .isLessThanOrEqualTo(BOUND.toNanos());
        }

        @Override
        public void close() {
            presenting.destroyForcibly().onExit().join();
            pool.close();
        }
    }
}
