package io.tokenstore.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.TokenStore;
import io.tokenstore.service.Caller;
import io.tokenstore.service.IssuedToken;
import io.tokenstore.service.RevocationRequest;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenServices;
import io.tokenstore.service.TokenServicesBuilder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/** Some threads present tokens while another one revokes them. */
final class RevocationRace {

    private static final int TOKENS = 12;
    private static final int THREADS = 4;

    private RevocationRace() {}

    static TokenServicesBuilder services(TokenStore store) {
        return TokenServices.builder(new RetryingStore(store));
    }

    /** Fails if an authentication succeeds that begins more than the bound after the answer to its token's revocation. */
    static void run(TokenServices revoking, TokenServices presenting, Duration bound) throws Exception {
        List<IssuedToken> tokens =
                IntStream.range(0, TOKENS).mapToObj(i -> issue(revoking, i)).toList();
        AtomicIntegerArray authenticated = new AtomicIntegerArray(TOKENS);
        AtomicIntegerArray refused = new AtomicIntegerArray(TOKENS);
        AtomicLongArray answeredAt = new AtomicLongArray(TOKENS);
        AtomicIntegerArray answered = new AtomicIntegerArray(TOKENS);
        try (Race race = new Race(THREADS)) {
            race.round(contender -> {
                for (int i = 0; i < TOKENS; i++) {
                    int token = i;
                    if (contender == 0) {
                        race.await(() -> authenticated.get(token) > 0);
                        revoke(revoking, token, tokens.get(token));
                        answeredAt.set(token, System.nanoTime());
                        answered.set(token, 1);
                        race.await(() -> refused.get(token) > 0);
                    }
                    while (refused.get(token) == 0) {
                        race.giveUpIfAnotherFailed();
                        boolean wasAnswered = answered.get(token) == 1;
                        long age = System.nanoTime() - answeredAt.get(token);
                        if (presenting
                                .authenticator()
                                .authenticateToken(tokens.get(token).secret())
                                .isAnonymous()) {
                            assertThat(authenticated.get(token))
                                    .as("Authenticated before")
                                    .isPositive();
                            refused.set(token, 1);
                        } else {
                            authenticated.incrementAndGet(token);
                            assertThat(wasAnswered && age > bound.toNanos())
                                    .as(
                                            "A token authenticated %s after the answer to its revocation",
                                            Duration.ofNanos(age))
                                    .isFalse();
                        }
                    }
                }
                return null;
            });
        }
    }

    private static String username(int number) {
        return "user" + number;
    }

    private static IssuedToken issue(TokenServices services, int number) {
        return services.issuance()
                .issue(
                        Caller.user(new Owner(username(number))),
                        username(number),
                        TokenRequest.named("laptop").withTtl(Duration.ofDays(1)))
                .orElseThrow();
    }

    /** Revokes the token, in turns in each way in which a token can be revoked. */
    private static void revoke(TokenServices services, int number, IssuedToken token) {
        Caller owner = Caller.user(new Owner(username(number)));
        switch (number % 3) {
            case 0 ->
                services.revocation()
                        .revoke(owner, username(number), token.id().value())
                        .orElseThrow();
            case 1 ->
                services.revocation()
                        .revokeAll(owner, username(number), RevocationRequest.plain())
                        .orElseThrow();
            default -> services.revocation().revokePresented(token.secret()).orElseThrow();
        }
    }
}
