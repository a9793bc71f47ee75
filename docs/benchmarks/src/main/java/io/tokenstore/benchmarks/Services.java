package io.tokenstore.benchmarks;

import io.tokenstore.service.Caller;
import io.tokenstore.service.PageRequest;
import io.tokenstore.service.RevocationRequest;
import io.tokenstore.service.Status;
import io.tokenstore.service.TokenAuthenticator;
import io.tokenstore.service.TokenIssuanceService;
import io.tokenstore.service.TokenPurger;
import io.tokenstore.service.TokenQueryService;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenRevocationService;
import io.tokenstore.service.TokenServices;
import io.tokenstore.service.WalkBudget;
import io.tokenstore.service.WalkProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Ours, through the public services, as an owner calls them. */
final class Services {

    private static final TokenRequest LAPTOP = TokenRequest.named("laptop").withTtl(Duration.ofDays(30));
    private static final PageRequest PAGE = PageRequest.first(100);

    private static final int PURGE_STEP = 5_000;

    private final TokenTable tokens;
    private final TokenServices services;

    Services(TokenTable tokens) {
        this.tokens = tokens;
        this.services = TokenServices.builder(tokens.store()).build();
    }

    Contender revoke() {
        TokenRevocationService service = services.revocation();
        return new Each<>(
                tokens,
                token ->
                        service.revoke(caller(token), token.owner(), token.id()).status() == Status.OK);
    }

    Contender revokeAll(int each) {
        TokenRevocationService service = services.revocation();
        Caller admin = Caller.admin("operator");
        return new Each<>(
                tokens.users(),
                user -> service.revokeAll(admin, user, RevocationRequest.plain())
                                .orElseThrow()
                        == each);
    }

    Contender authenticate() {
        TokenAuthenticator authenticator = services.authenticator();
        return new Each<>(
                tokens,
                token -> !authenticator.authenticate("Bearer " + token.secret()).isAnonymous());
    }

    /** All but one of so many remembered; all of them if none. */
    Contender authenticateAgain(int oneOf) {
        RememberingAuthenticator authenticator = new RememberingAuthenticator(tokens.store(), oneOf);
        return new Contender() {
            private List<HeldToken> subjects = List.of();

            @Override
            public void prepare(int operations) throws Exception {
                subjects = tokens.take(operations);
                subjects.forEach(token -> authenticator.remember("Bearer " + token.secret()));
            }

            @Override
            public void run(int first, int end) {
                for (int i = first; i < end; i++) {
                    authenticator.authenticate("Bearer " + subjects.get(i).secret(), i);
                }
            }
        };
    }

    Contender issue() {
        TokenIssuanceService service = services.issuance();
        return new Each<>(
                tokens,
                token -> service.issue(caller(token), token.owner(), LAPTOP).status() == Status.OK);
    }

    Contender list() {
        TokenQueryService service = services.query();
        return new Each<>(
                tokens,
                token -> !service.list(caller(token), token.owner(), PAGE)
                        .orElseThrow()
                        .tokens()
                        .isEmpty());
    }

    Contender purge() {
        TokenPurger purger = services.purger();
        return new Each<>(tokens.loads(), size -> {
            long[] begunAndLongest = {System.nanoTime(), 0};
            WalkProgress end = purger.purge(
                    Instant.now().minus(Duration.ofDays(1)),
                    null,
                    new WalkBudget(PURGE_STEP, Long.MAX_VALUE, Duration.ofHours(1)),
                    progress -> {
                        long now = System.nanoTime();
                        begunAndLongest[1] = Math.max(begunAndLongest[1], now - begunAndLongest[0]);
                        begunAndLongest[0] = now;
                    });
            System.out.printf("longest step of the purge: %d ms%n", begunAndLongest[1] / 1_000_000);
            return end.matched() == size / 2;
        });
    }

    private static Caller caller(HeldToken token) {
        return Caller.user(token.token().owner());
    }
}
