package io.tokenstore.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Caller;
import io.tokenstore.Result;
import io.tokenstore.Revocation;
import io.tokenstore.Status;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenRevocationService;
import io.tokenstore.Username;
import io.tokenstore.jdbc.EmbeddedTokenStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code that the README shows, run. */
class SnippetsTest {

    @Test
    void the_first_snippet_revokes_a_token(@TempDir Path folder) throws IOException {
        // tag::first[]
        try (EmbeddedTokenStore store = EmbeddedTokenStore.open(folder.resolve("tokens"))) {
            Username alice = new Username("alice");
            store.add(new Token(new TokenId("t-1"), alice, "laptop", null, Instant.now(), null, null));

            TokenRevocationService service = new TokenRevocationService(store);
            Result<Revocation> result = service.revoke(Caller.user(alice), "alice", "t-1");

            respond(result.status().code(), result.body()); // 200 {}
        }
        // end::first[]
    }

    private static void respond(int code, Object body) {
        assertThat(code).isEqualTo(Status.OK.code());
        assertThat(body).hasToString("{}");
    }
}
