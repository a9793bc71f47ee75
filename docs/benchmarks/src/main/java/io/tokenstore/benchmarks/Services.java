package io.tokenstore.benchmarks;

import io.tokenstore.Caller;
import io.tokenstore.PageRequest;
import io.tokenstore.PurgeBudget;
import io.tokenstore.PurgeProgress;
import io.tokenstore.RevocationRequest;
import io.tokenstore.Status;
import io.tokenstore.TokenAuthenticator;
import io.tokenstore.TokenIssuanceService;
import io.tokenstore.TokenPurger;
import io.tokenstore.TokenQueryService;
import io.tokenstore.TokenRequest;
import io.tokenstore.TokenRevocationService;
import io.tokenstore.jdbc.JdbcTokenStore;
import java.time.Duration;
import java.time.Instant;

/** Ours, through the public services, as an owner calls them. */
final class Services {

    private static final TokenRequest LAPTOP = new TokenRequest("laptop", null);
    private static final PageRequest PAGE = PageRequest.first(100);

    private static final int PURGE_STEP = 5_000;

    private final TokenTable tokens;
    private final JdbcTokenStore store;

    Services(TokenTable tokens) {
        this.tokens = tokens;
        this.store = tokens.store();
    }

    Contender revoke() {
        TokenRevocationService service = new TokenRevocationService(store);
        return new Each<>(
                tokens,
                token ->
                        service.revoke(caller(token), token.owner(), token.id()).status() == Status.OK);
    }

    Contender revokeAll(int each) {
        TokenRevocationService service = new TokenRevocationService(store);
        Caller admin = Caller.admin("operator");
        return new Each<>(
                tokens.users(),
                user -> service.revokeAll(admin, user, RevocationRequest.plain())
                                .orElseThrow()
                        == each);
    }

    Contender authenticate() {
        TokenAuthenticator authenticator = new TokenAuthenticator(store, username -> false);
        return new Each<>(
                tokens,
                token -> !authenticator.authenticate("Bearer " + token.secret()).isAnonymous());
    }

    Contender issue() {
        TokenIssuanceService service = new TokenIssuanceService(store);
        return new Each<>(
                tokens,
                token -> service.issue(caller(token), token.owner(), LAPTOP).status() == Status.OK);
    }

    Contender list() {
        TokenQueryService service = new TokenQueryService(store);
        return new Each<>(
                tokens,
                token -> !service.list(caller(token), token.owner(), PAGE)
                        .orElseThrow()
                        .tokens()
                        .isEmpty());
    }

    Contender purge() {
        TokenPurger purger = new TokenPurger(store);
        return new Each<>(tokens.loads(), size -> {
            long[] begunAndLongest = {System.nanoTime(), 0};
            PurgeProgress end = purger.purge(
                    Instant.now().minus(Duration.ofDays(1)),
                    null,
                    new PurgeBudget(PURGE_STEP, Long.MAX_VALUE, Duration.ofHours(1)),
                    progress -> {
                        long now = System.nanoTime();
                        begunAndLongest[1] = Math.max(begunAndLongest[1], now - begunAndLongest[0]);
                        begunAndLongest[0] = now;
                    });
            System.out.printf("longest step of the purge: %d ms%n", begunAndLongest[1] / 1_000_000);
            return end.removed() == size / 2;
        });
    }

    private static Caller caller(HeldToken token) {
        return Caller.user(token.token().owner());
    }
}
