package io.tokenstore.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Caller;
import io.tokenstore.IssuedToken;
import io.tokenstore.Result;
import io.tokenstore.Revocation;
import io.tokenstore.Status;
import io.tokenstore.TokenAuthenticator;
import io.tokenstore.TokenIssuanceService;
import io.tokenstore.TokenRequest;
import io.tokenstore.TokenRevocationService;
import io.tokenstore.Username;
import io.tokenstore.jdbc.EmbeddedTokenStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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

    private static void respond(int code, Object body) {
        assertThat(code).isEqualTo(Status.OK.code());
        assertThat(body).hasToString("{}");
    }
}
