package io.tokenstore.host;

import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.jdbc.EmbeddedTokenStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/** A host on the module path, whose JVM resolves what the modules require and nothing more. */
public final class ModulePathHost {

    private ModulePathHost() {}

    public static void main(String[] arguments) throws IOException {
        Owner alice = new Owner("alice");
        try (EmbeddedTokenStore store = EmbeddedTokenStore.open(Path.of(arguments[0]))) {
            store.add(Token.builder(new TokenId("t1"), alice, "laptop", Instant.now())
                    .build());
            System.out.println(EmbeddedTokenStore.class.getModule() + " lists "
                    + store.list(alice, null, 10).tokens().size());
        }
    }
}
