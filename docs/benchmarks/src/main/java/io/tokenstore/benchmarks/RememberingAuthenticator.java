package io.tokenstore.benchmarks;

import io.tokenstore.TokenStore;
import io.tokenstore.service.TokenAuthenticator;
import io.tokenstore.service.TokenServices;
import java.time.Duration;

/** Authentication that asks the store for one of so many tokens, and remembers the others. */
final class RememberingAuthenticator {

    private static final Duration BOUND = Duration.ofHours(1);

    private final TokenAuthenticator remembers;
    private final TokenAuthenticator forgets;
    private final int oneOf;

    /** @param oneOf which of them is not remembered; 0 if all are */
    RememberingAuthenticator(TokenStore store, int oneOf) {
        remembers = TokenServices.builder(store)
                .maxStaleness(BOUND, 100_000)
                .build()
                .authenticator();
        forgets = TokenServices.builder(store).maxStaleness(BOUND, 4).build().authenticator();
        this.oneOf = oneOf;
    }

    void remember(String header) {
        check(remembers, header);
    }

    void authenticate(String header, int number) {
        check(oneOf > 0 && number % oneOf == 0 ? forgets : remembers, header);
    }

    private static void check(TokenAuthenticator authenticator, String header) {
        if (authenticator.authenticate(header).isAnonymous()) {
            throw new IllegalStateException("without effect");
        }
    }
}
