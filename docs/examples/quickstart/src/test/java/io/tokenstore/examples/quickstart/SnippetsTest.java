package io.tokenstore.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Caller;
import io.tokenstore.IssuedToken;
import io.tokenstore.PurgeBudget;
import io.tokenstore.PurgeProgress;
import io.tokenstore.Result;
import io.tokenstore.Revocation;
import io.tokenstore.Status;
import io.tokenstore.Token;
import io.tokenstore.TokenAuthenticator;
import io.tokenstore.TokenId;
import io.tokenstore.TokenIssuanceService;
import io.tokenstore.TokenPurger;
import io.tokenstore.TokenRequest;
import io.tokenstore.TokenRevocationService;
import io.tokenstore.TokenState;
import io.tokenstore.TokenStore;
import io.tokenstore.Username;
import io.tokenstore.jdbc.EmbeddedTokenStore;
import io.tokenstore.memory.InMemoryTokenStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code that the README shows, run. */
class SnippetsTest {

    @Test
    void a_token_is_issued_accepted_revoked_and_refused(@TempDir Path folder) throws IOException {
        // tag::first[]
        try (EmbeddedTokenStore store = EmbeddedTokenStore.open(folder.resolve("tokens"))) {
            Caller alice = Caller.user(new Username("alice"));
            IssuedToken issued = new TokenIssuanceService(store)
                    .issue(alice, "alice", new TokenRequest("laptop", Duration.ofDays(30)))
                    .orElseThrow();

            TokenAuthenticator authenticator = new TokenAuthenticator(store, username -> false);
            Caller caller = authenticator.authenticate("Bearer " + issued.secret()); // alice

            TokenRevocationService service = new TokenRevocationService(store);
            Result<Revocation> result =
                    service.revoke(caller, "alice", issued.id().value());
            respond(result.status().code(), result.body()); // 200 {}

            greet(authenticator.authenticate("Bearer " + issued.secret())); // anonymous
        }
        // end::first[]
    }

    private static void greet(Caller caller) {
        assertThat(caller).isEqualTo(Caller.anonymous());
    }

    @Test
    void a_host_with_tokens_of_its_own_keeps_their_ids_and_no_secret() {
        TokenStore store = new InMemoryTokenStore();
        Instant issuedAt = Instant.now();
        Instant expiresAt = issuedAt.plus(Duration.ofHours(1));
        // tag::own[]
        // When the host issues a JWT: its jti is the id, and the JWT's signature proves it, so there is no hash to
        // keep.
        TokenId jti = new TokenId("b9b1a3f0-5d0e-4bb2-9d3c-1f5a2c7e8f90");
        store.add(new Token(jti, new Username("alice"), "session", null, issuedAt, expiresAt, null));

        // At each request, once the signature was verified: still ours, and not revoked.
        boolean live = store.find(jti)
                .filter(token -> token.stateAt(Instant.now()) == TokenState.ACTIVE)
                .isPresent();
        // end::own[]
        assertThat(live).isTrue();
        Caller alice = Caller.user(new Username("alice"));
        assertThat(new TokenRevocationService(store)
                        .revoke(alice, "alice", jti.value())
                        .status())
                .isEqualTo(Status.OK);
        assertThat(store.find(jti).orElseThrow().stateAt(Instant.now())).isEqualTo(TokenState.REVOKED);
    }

    @Test
    void a_purge_goes_on_where_the_last_one_stood() {
        TokenStore store = new InMemoryTokenStore();
        for (int i = 0; i < 3; i++) {
            store.add(new Token(
                    new TokenId("t" + i),
                    new Username("alice"),
                    "laptop",
                    null,
                    Instant.EPOCH,
                    Instant.EPOCH.plusSeconds(i),
                    null));
        }
        TokenId lastTime = null;
        // tag::purge[]
        TokenPurger purger = new TokenPurger(store);
        Instant endedBefore = Instant.now().minus(Duration.ofDays(90));
        PurgeBudget budget = new PurgeBudget(1_000, 1_000_000, Duration.ofMinutes(5));
        PurgeProgress stands = purger.purge(endedBefore, lastTime, budget, step -> {});
        // Keep stands.last() for the next run: null begins again with the first token.
        // end::purge[]
        assertThat(stands).isEqualTo(new PurgeProgress(1_000, 3, null));
    }

    private static void respond(int code, Object body) {
        assertThat(code).isEqualTo(Status.OK.code());
        assertThat(body).hasToString("{}");
    }
}
