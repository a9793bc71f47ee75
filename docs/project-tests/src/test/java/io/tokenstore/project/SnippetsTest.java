package io.tokenstore.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.jdbc.EmbeddedTokenStore;
import io.tokenstore.memory.InMemoryTokenStore;
import io.tokenstore.service.Caller;
import io.tokenstore.service.IssuedToken;
import io.tokenstore.service.Status;
import io.tokenstore.service.TokenPurger;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenServices;
import io.tokenstore.service.WalkBudget;
import io.tokenstore.service.WalkProgress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code that the pages show, run. */
class SnippetsTest {

    @Test
    void a_token_is_issued_authenticates_is_revoked_and_authenticates_nobody(@TempDir Path folder) throws IOException {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            first(folder);
        } finally {
            System.setOut(console);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8).lines()).containsExactly("user alice", "anonymous");
    }

    @Test
    void services_that_remember_tokens_feel_their_own_revocations_at_once() {
        TokenServices tokens = remembering(new InMemoryTokenStore());
        Caller alice = Caller.user(new Owner("alice"));
        IssuedToken laptop = tokens.issuance()
                .issue(alice, "alice", TokenRequest.named("laptop").withTtl(Duration.ofDays(30)))
                .orElseThrow();
        Caller caller = tokens.authenticator().authenticateToken(laptop.secret());
        assertThat(caller.isAnonymous()).isFalse();
        tokens.revocation().revoke(caller, "alice", laptop.id().value()).orElseThrow();
        assertThat(tokens.authenticator().authenticateToken(laptop.secret()).isAnonymous())
                .isTrue();
    }

    private static TokenServices remembering(TokenStore store) {
        // tag::staleness[]
        TokenServices tokens = TokenServices.builder(store)
                .maxStaleness(Duration.ofSeconds(1), 65_536) // of at most 65,536 tokens at a time
                .build();
        // end::staleness[]
        return tokens;
    }

    private static void first(Path folder) throws IOException {
        // tag::first[]
        try (EmbeddedTokenStore store = EmbeddedTokenStore.open(folder.resolve("tokens"))) {
            TokenServices tokens = TokenServices.builder(store).build();

            Caller alice = Caller.user(new Owner("alice"));
            TokenRequest request = TokenRequest.named("laptop").withTtl(Duration.ofDays(30));
            IssuedToken laptop =
                    tokens.issuance().issue(alice, "alice", request).orElseThrow();

            String authorization = "Bearer " + laptop.secret();
            Caller caller = tokens.authenticator().authenticate(authorization);
            System.out.println(caller); // user alice

            tokens.revocation().revoke(caller, "alice", laptop.id().value()).orElseThrow();
            System.out.println(tokens.authenticator().authenticate(authorization)); // anonymous
        }
        // end::first[]
    }

    @Test
    void a_host_with_tokens_of_its_own_keeps_their_ids_and_no_secret() {
        TokenStore store = new InMemoryTokenStore();
        TokenServices tokens = TokenServices.builder(store).build();
        Instant issuedAt = Instant.now();
        Instant expiresAt = issuedAt.plus(Duration.ofHours(1));
        // tag::own[]
        // When the host issues a JWT: its jti is the id. The JWT's signature proves it, so no hash is kept.
        TokenId jti = new TokenId("b9b1a3f0-5d0e-4bb2-9d3c-1f5a2c7e8f90");
        store.add(Token.builder(jti, new Owner("alice"), "session", issuedAt)
                .expiresAt(expiresAt)
                .build());

        // At each request, once the signature was verified: still ours, of use, and its owner not suspended.
        boolean live = tokens.authenticator().isLive(jti.value());
        // end::own[]
        assertThat(live).isTrue();
        Caller alice = Caller.user(new Owner("alice"));
        assertThat(tokens.revocation().revoke(alice, "alice", jti.value()).status())
                .isEqualTo(Status.OK);
        assertThat(tokens.authenticator().isLive(jti.value())).isFalse();
    }

    @Test
    void a_token_is_rotated_by_itself_until_its_successor_is_used() {
        TokenServices tokens = TokenServices.builder(new InMemoryTokenStore()).build();
        Caller alice = Caller.user(new Owner("alice"));
        Instant nextYear = Instant.now().plus(Duration.ofDays(365));
        // tag::rotate[]
        TokenRequest request =
                TokenRequest.named("laptop").withTtl(Duration.ofDays(7)).withRenewableUntil(nextYear);
        IssuedToken old = tokens.issuance().issue(alice, "alice", request).orElseThrow();

        // Some days later the client sends its token, and asks for a successor. If no answer comes, it asks again.
        Caller caller = tokens.authenticator().authenticateToken(old.secret());
        IssuedToken successor = tokens.issuance()
                .rotate(caller, "alice", old.id().value(), null)
                .orElseThrow();

        // The old token goes on until the successor is used for the first time.
        tokens.authenticator().authenticateToken(successor.secret());
        // end::rotate[]
        assertThat(tokens.authenticator().isLive(successor.id().value())).isTrue();
        assertThat(tokens.authenticator().isLive(old.id().value())).isFalse();
    }

    @Test
    void a_purge_goes_on_where_the_last_one_stood() {
        TokenStore store = new InMemoryTokenStore();
        for (int i = 0; i < 3; i++) {
            store.add(Token.builder(new TokenId("t" + i), new Owner("alice"), "laptop", Instant.EPOCH)
                    .expiresAt(Instant.EPOCH.plusSeconds(i))
                    .build());
        }
        TokenServices tokens = TokenServices.builder(store).build();
        TokenId lastTime = null;
        // tag::purge[]
        TokenPurger purger = tokens.purger();
        Instant endedBefore = Instant.now().minus(Duration.ofDays(90));
        WalkBudget budget = new WalkBudget(1_000, 1_000_000, Duration.ofMinutes(5));
        WalkProgress stands = purger.purge(endedBefore, lastTime, budget, step -> {});
        // Keep stands.resumeAfter() for the next run: null begins again with the first token.
        // end::purge[]
        assertThat(stands).isEqualTo(new WalkProgress(1_000, 3, null));
    }
}
