package io.tokenstore.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.examples.spring.RunningHost.Person;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAccumulator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two hosts on one PostgreSQL, which stops in the middle. {@code load.seconds} and {@code load.outage} say how long the test and
 * the stop last. Four users create and revoke tokens by the pages of both hosts; twelve programs call the API of the first.
 * A request may fail from when the database is being stopped until it is back and each client had one round without a failure.
 */
class LoadTest {

    private static final int CLIENTS = 16;
    private static final int USERS = 4;
    private static final int TOKENS_EACH = 8;
    private static final int REMEMBERED = 2_000;
    /** {@code tokens.max-staleness}, as the host ships it. */
    private static final long BOUND = TimeUnit.SECONDS.toNanos(1);

    private enum Outage {
        KILLED,
        PAUSED
    }

    /** Instants are those of {@link System#nanoTime}; null until then. */
    private static final class Issued {

        private final String secret;
        private volatile boolean mayBeRevoked;
        private volatile Long revocationAnswered;

        Issued(String secret) {
            this.secret = secret;
        }

        /** The form ends in 22 digits of id, 43 of secret and 6 of checksum. */
        String id() {
            int begin = secret.length() - 71;
            return secret.substring(begin, begin + 22);
        }
    }

    private final AtomicReferenceArray<Issued> live = new AtomicReferenceArray<>(USERS * TOKENS_EACH);
    private final ConcurrentLinkedDeque<Issued> revoked = new ConcurrentLinkedDeque<>();
    private final AtomicLongArray roundsWithoutFailure = new AtomicLongArray(CLIENTS);
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong failuresAtOtherTimes = new AtomicLong();
    private final LongAccumulator staleness = new LongAccumulator(Math::max, 0);

    private volatile boolean ended;
    private volatile Long stopping;
    private volatile Long stopped;
    private volatile Long starting;
    private volatile Long recovered;

    @TempDir
    private Path folder;

    private RunningHost host;

    @ParameterizedTest
    @EnumSource
    void no_revoked_token_authenticates_after_the_bound_and_no_live_one_is_refused(Outage outage) throws Exception {
        Duration lasts = Duration.ofSeconds(Long.getLong("load.outage"));
        Duration half =
                Duration.ofSeconds(Long.getLong("load.seconds")).minus(lasts).dividedBy(2);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try (StoppablePostgres database = new StoppablePostgres(folder);
                RunningHost first = start(database);
                RunningHost second = start(database)) {
            host = first;
            List<Future<Void>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                running.add(clients.submit(i < USERS ? user(i, second) : program(i)));
            }
            Thread.sleep(half.toMillis());
            stopping = System.nanoTime();
            if (outage == Outage.KILLED) {
                database.kill();
            } else {
                database.pause();
            }
            stopped = System.nanoTime();
            Thread.sleep(lasts.toMillis());
            starting = System.nanoTime();
            if (outage == Outage.KILLED) {
                database.startAgain();
            } else {
                database.goOn();
            }
            long started = System.nanoTime();
            awaitRecovery();
            Duration recovery = Duration.ofNanos(recovered - started);
            Thread.sleep(half.toMillis());
            ended = true;
            for (Future<Void> client : running) {
                client.get(2, TimeUnit.MINUTES);
            }
            System.out.printf(
                    "%s for %d s: %d requests, of which %d failed within the outage and the %d ms of recovery, and %d at other times; a token"
                            + " authenticated at most %d ms after its revocation%n",
                    outage,
                    lasts.toSeconds(),
                    requests.get(),
                    failures.get(),
                    recovery.toMillis(),
                    failuresAtOtherTimes.get(),
                    TimeUnit.NANOSECONDS.toMillis(staleness.get()));
            assertThat(faults).isEmpty();
            assertThat(failuresAtOtherTimes.get())
                    .as("a machine that stands still for two seconds makes the calls fail that wait")
                    .isLessThanOrEqualTo(requests.get() / 1_000);
            assertThat(revoked).hasSizeGreaterThan(CLIENTS);
            assertLiveTokensAuthenticateAndRevokedOnesDoNot();
        } finally {
            ended = true;
            clients.shutdownNow();
        }
    }

    private static RunningHost start(StoppablePostgres database) {
        return RunningHost.start(
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=postgres",
                "--logging.level.root=OFF");
    }

    private void awaitRecovery() throws InterruptedException {
        long begin = System.nanoTime();
        for (int i = 0; i < CLIENTS; i++) {
            while (roundsWithoutFailure.get(i) - begin < 0 || roundsWithoutFailure.get(i) == 0) {
                assertThat(System.nanoTime() - begin)
                        .as("client %d fails, %s", i, faults)
                        .isLessThan(TimeUnit.MINUTES.toNanos(1));
                Thread.sleep(10);
            }
        }
        recovered = System.nanoTime();
    }

    /** Notes the begin of each round without a failure. */
    private Callable<Void> client(int number, Callable<Boolean> round) {
        return () -> {
            while (!ended) {
                long begin = System.nanoTime();
                if (round.call()) {
                    roundsWithoutFailure.set(number, begin);
                }
            }
            return null;
        };
    }

    private Callable<Void> program(int number) {
        return client(number, () -> {
            boolean answered = true;
            for (int i = 0; i < 4 && answered; i++) {
                answered = use(live.get(ThreadLocalRandom.current().nextInt(live.length())));
            }
            // Recently revoked tokens, and an older one.
            for (Issued token : revoked) {
                if (!answered || System.nanoTime() - token.revocationAnswered > 2 * BOUND) {
                    break;
                }
                answered = use(token);
            }
            return answered && use(revoked.peekLast());
        });
    }

    private boolean use(Issued token) throws Exception {
        if (token == null) {
            return true;
        }
        long begin = System.nanoTime();
        HttpResponse<String> answer = host.api("GET", "/api/me", token.secret);
        long end = System.nanoTime();
        switch (answer.statusCode()) {
            case 200 -> {
                if (token.revocationAnswered != null) {
                    long late = begin - token.revocationAnswered;
                    staleness.accumulate(late);
                    faultIf(late > BOUND, "%d ns after its revocation a token authenticates", late);
                }
                faultIf(
                        stopped != null && begin - stopped > BOUND && (starting == null || end - starting < 0),
                        "a token authenticates while the database is stopped");
            }
            case 401 -> faultIf(!token.mayBeRevoked, "a live token is refused: %s", answer.headers());
            default -> {} // no answer, which is judged below
        }
        return isAnswered(answer, begin, end);
    }

    private Callable<Void> user(int number, RunningHost second) throws Exception {
        String name = number % 2 == 0 ? "alice" : "bob";
        List<Person> nodes = List.of(host.login(name), second.login(name));
        AtomicLong steps = new AtomicLong();
        return client(number, () -> {
            for (Person person : nodes) {
                int slot = number * TOKENS_EACH + (int) (steps.getAndIncrement() % TOKENS_EACH);
                if (!replace(slot, person)) {
                    return false;
                }
            }
            return true;
        });
    }

    private boolean replace(int slot, Person person) throws Exception {
        long begin = System.nanoTime();
        if (!isAnswered(person.open("/settings/tokens"), begin, System.nanoTime())) {
            return false;
        }
        Issued old = live.getAndSet(slot, null);
        if (old != null && !revoke(person, old)) {
            return false;
        }
        begin = System.nanoTime();
        HttpResponse<String> created =
                person.submit("/settings/tokens", "name", "load", "days", "30", "scopes", "repo:read");
        if (!isAnswered(created, begin, System.nanoTime())) {
            return false;
        }
        live.set(slot, new Issued(person.secret()));
        return true;
    }

    private boolean revoke(Person person, Issued token) throws Exception {
        token.mayBeRevoked = true;
        long begin = System.nanoTime();
        HttpResponse<String> answer = person.submitAndStay("/settings/tokens/" + token.id() + "/revoke");
        long end = System.nanoTime();
        if (!isAnswered(answer, begin, end)) {
            return false; // It may have been revoked, or not.
        }
        assertThat(answer.headers().firstValue("Location").orElseThrow()).endsWith("/settings/tokens");
        token.revocationAnswered = end;
        revoked.addFirst(token);
        if (revoked.size() > REMEMBERED) {
            revoked.pollLast();
        }
        return true;
    }

    /** Returns false for a failure. */
    private boolean isAnswered(HttpResponse<String> answer, long begin, long end) {
        requests.incrementAndGet();
        int status = answer.statusCode();
        if (status == 200 || status == 302 || status == 401) {
            return true;
        }
        faultIf(status != 500 && status != 503, "%d for %s", status, answer.uri());
        boolean expected = stopping != null && end - stopping > 0 && (recovered == null || begin - recovered < 0);
        (expected ? failures : failuresAtOtherTimes).incrementAndGet();
        return false;
    }

    private void faultIf(boolean wrong, String text, Object... details) {
        if (wrong) {
            faults.add(text.formatted(details));
        }
    }

    private void assertLiveTokensAuthenticateAndRevokedOnesDoNot() throws Exception {
        Thread.sleep(TimeUnit.NANOSECONDS.toMillis(BOUND));
        for (int i = 0; i < live.length(); i++) {
            if (live.get(i) != null) {
                assertThat(host.api("GET", "/api/me", live.get(i).secret).statusCode())
                        .isEqualTo(200);
            }
        }
        for (Issued token : revoked) {
            assertThat(host.api("GET", "/api/me", token.secret).statusCode()).isEqualTo(401);
        }
    }
}
