package com.example.host;

import io.tokenstore.Owner;
import io.tokenstore.TokenStore;
import io.tokenstore.jdbc.EmbeddedTokenStore;
import io.tokenstore.memory.InMemoryTokenStore;
import io.tokenstore.service.Caller;
import io.tokenstore.service.IssuedToken;
import io.tokenstore.service.Status;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenServices;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Issues, authenticates and revokes on two stores, and prints for each the module that it came from. */
public final class Host {

    private Host() {}

    public static void main(String[] arguments) throws IOException {
        print(new InMemoryTokenStore());
        try (EmbeddedTokenStore store = EmbeddedTokenStore.open(Path.of(arguments[0]))) {
            print(store);
        }
    }

    private static void print(TokenStore store) {
        TokenServices tokens = TokenServices.builder(store).build();
        Caller alice = Caller.user(new Owner("alice"));
        IssuedToken issued = tokens.issuance()
                .issue(alice, "alice", TokenRequest.named("laptop").withTtl(Duration.ofDays(30)))
                .orElseThrow();
        String authorization = "Bearer " + issued.secret();

        Caller before = tokens.authenticator().authenticate(authorization);
        Status revoked = tokens.revocation()
                .revoke(before, "alice", issued.id().value())
                .status();
        Caller after = tokens.authenticator().authenticate(authorization);

        Module module = store.getClass().getModule();
        System.out.printf("%s: %s, %s, %s%n", module.getName(), before, revoked, after);
    }
}
