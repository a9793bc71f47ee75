package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.fixtures.TreeMapStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Services that remember tokens for an hour: what they revoke is refused to whoever begins after the answer. */
@Timeout(600)
class MaxStalenessTest {

    private static final int REVOCATIONS = Integer.getInteger("staleness.revocations", 5_000);
    private static final int THREADS = 16;
    /** How many tokens are presented at a time: those that were revoked last, and those that are next. */
    private static final int WINDOW = 64;

    private final TokenServices services = TokenServices.builder(new TreeMapStore())
            .maxStaleness(Duration.ofHours(1), 4 * WINDOW)
            .build();
    private final List<IssuedToken> tokens =
            IntStream.range(0, REVOCATIONS).mapToObj(this::issue).toList();
    private final AtomicInteger revoked = new AtomicInteger();
    private final LongAdder ofLiveTokens = new LongAdder();
    private final LongAdder ofRevokedTokens = new LongAdder();

    @Test
    void of_sixteen_threads_none_authenticates_by_a_token_that_was_revoked_before() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<Integer>> authenticated = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            authenticated.add(threads.submit(this::presentUntilAllAreRevoked));
        }
        for (int i = 0; i < REVOCATIONS; i++) {
            while (ofLiveTokens.sum() < 2L * i || ofRevokedTokens.sum() < 2L * i - WINDOW) {
                Thread.yield();
            }
            revoke(i);
            revoked.set(i + 1);
        }
        for (Future<Integer> wrong : authenticated) {
            assertThat(wrong.get()).isZero();
        }
        threads.shutdown();
        System.out.printf(
                "%,d revocations, %,d authentications by live tokens, %,d by revoked ones, 0 succeeded%n",
                REVOCATIONS, ofLiveTokens.sum(), ofRevokedTokens.sum());
    }

    /** Returns how many authentications succeeded that began after their token's revocation was answered. */
    private int presentUntilAllAreRevoked() {
        int wrong = 0;
        for (int next = 0; next < REVOCATIONS; next = revoked.get()) {
            int token = next + ThreadLocalRandom.current().nextInt(WINDOW) - WINDOW / 2;
            if (token >= 0 && token < REVOCATIONS) {
                boolean authenticated = !services.authenticator()
                        .authenticateToken(tokens.get(token).secret())
                        .isAnonymous();
                if (token < next) {
                    ofRevokedTokens.increment();
                    wrong += authenticated ? 1 : 0;
                } else {
                    ofLiveTokens.increment();
                }
            }
        }
        return wrong;
    }

    private IssuedToken issue(int number) {
        return services.issuance()
                .issue(
                        owner(number),
                        owner(number).name(),
                        TokenRequest.named("laptop").withTtl(Duration.ofDays(1)))
                .orElseThrow();
    }

    private void revoke(int number) {
        Caller owner = owner(number);
        IssuedToken token = tokens.get(number);
        switch (number % 3) {
            case 0 ->
                services.revocation()
                        .revoke(owner, owner.name(), token.id().value())
                        .orElseThrow();
            case 1 ->
                services.revocation()
                        .revokeAll(owner, owner.name(), RevocationRequest.plain())
                        .orElseThrow();
            default -> services.revocation().revokePresented(token.secret()).orElseThrow();
        }
    }

    private static Caller owner(int number) {
        return Caller.user(new Owner("user" + number));
    }
}
