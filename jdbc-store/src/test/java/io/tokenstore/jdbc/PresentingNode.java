package io.tokenstore.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.TokenStoreException;
import io.tokenstore.service.TokenAuthenticator;
import io.tokenstore.service.TokenServices;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A node in a JVM of its own, whose threads present tokens that another node revokes in their order. Each of its times is one of
 * {@link System#nanoTime}, which all processes of a Linux machine share.
 */
final class PresentingNode {

    private static final int THREADS = 16;
    private static final int WINDOW = 2_000;

    private final TokenAuthenticator authenticator;
    private final String[] tokens;
    private final AtomicLongArray lastSuccess;
    private final AtomicIntegerArray refused;
    private final AtomicInteger firstNotRefused = new AtomicInteger();
    private final AtomicLong successes = new AtomicLong();
    private final AtomicLong latestSuccess = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();

    private PresentingNode(TokenAuthenticator authenticator, String[] tokens) {
        this.authenticator = authenticator;
        this.tokens = tokens;
        this.lastSuccess = new AtomicLongArray(tokens.length);
        this.refused = new AtomicIntegerArray(tokens.length);
    }

    /** Takes a URL and the bound in milliseconds; reads a number of tokens and the tokens, then answers each line that it reads. */
    public static void main(String[] arguments) throws IOException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(arguments[0]);
        config.setMaximumPoolSize(THREADS);
        config.setConnectionTimeout(250);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        try (HikariDataSource pool = new HikariDataSource(config)) {
            TokenServices services = TokenServices.builder(JdbcTokenStore.create(pool))
                    .maxStaleness(Duration.ofMillis(Long.parseLong(arguments[1])))
                    .build();
            String[] tokens = new String[Integer.parseInt(in.readLine())];
            for (int i = 0; i < tokens.length; i++) {
                tokens[i] = in.readLine();
            }
            PresentingNode node = new PresentingNode(services.authenticator(), tokens);
            for (int i = 0; i < THREADS; i++) {
                Thread thread = new Thread(node::presentUntilAllAreRefused);
                thread.setDaemon(true);
                thread.start();
            }
            while (in.readLine() != null) {
                System.out.println(node.report());
            }
        }
    }

    private void presentUntilAllAreRefused() {
        for (int first = 0; first < tokens.length; first = firstNotRefused.get()) {
            int i = first + ThreadLocalRandom.current().nextInt(Math.min(WINDOW, tokens.length - first));
            long began = System.nanoTime();
            try {
                if (authenticator.authenticateToken(tokens[i]).isAnonymous()) {
                    refused.set(i, 1);
                    passRefused();
                } else {
                    successes.incrementAndGet();
                    lastSuccess.accumulateAndGet(i, began, Math::max);
                    latestSuccess.accumulateAndGet(began, Math::max);
                }
            } catch (TokenStoreException e) {
                failures.incrementAndGet();
            }
        }
    }

    private void passRefused() {
        for (int i = firstNotRefused.get(); i < tokens.length && refused.get(i) == 1; i = firstNotRefused.get()) {
            firstNotRefused.compareAndSet(i, i + 1);
        }
    }

    /** What has come of it so far: the numbers of refused tokens in a row, successes and failures, and when successes began. */
    private String report() {
        return "%d %d %d %d %s"
                .formatted(
                        firstNotRefused.get(),
                        successes.get(),
                        failures.get(),
                        latestSuccess.get(),
                        IntStream.range(0, tokens.length)
                                .mapToObj(i -> Long.toString(lastSuccess.get(i)))
                                .collect(Collectors.joining(" ")));
    }
}
