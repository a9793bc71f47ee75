package com.example.host;

import io.tokenstore.Caller;
import io.tokenstore.IssuedToken;
import io.tokenstore.Status;
import io.tokenstore.TokenAuthenticator;
import io.tokenstore.TokenIssuanceService;
import io.tokenstore.TokenRequest;
import io.tokenstore.TokenRevocationService;
import io.tokenstore.TokenStore;
import io.tokenstore.Username;
import io.tokenstore.jdbc.EmbeddedTokenStore;
import io.tokenstore.memory.InMemoryTokenStore;
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
        Caller alice = Caller.user(new Username("alice"));
        IssuedToken issued = new TokenIssuanceService(store)
                .issue(alice, "alice", new TokenRequest("laptop", Duration.ofDays(30)))
                .orElseThrow();
        String authorization = "Bearer " + issued.secret();

        TokenAuthenticator authenticator = new TokenAuthenticator(store, username -> false);
        Caller before = authenticator.authenticate(authorization);
        Status revoked = new TokenRevocationService(store)
                .revoke(before, "alice", issued.id().value())
                .status();
        Caller after = authenticator.authenticate(authorization);

        Module module = store.getClass().getModule();
        System.out.printf("%s: %s, %s, %s%n", module.getName(), before, revoked, after);
    }
}
