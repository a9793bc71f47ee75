package io.tokenstore.host;

import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.Username;
import io.tokenstore.jdbc.EmbeddedTokenStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/** A host on the module path, whose JVM resolves what the modules require and nothing more. */
public final class ModulePathHost {

    private ModulePathHost() {}

    public static void main(String[] arguments) throws IOException {
        Username alice = new Username("alice");
        try (EmbeddedTokenStore store = EmbeddedTokenStore.open(Path.of(arguments[0]))) {
            store.add(new Token(new TokenId("t1"), alice, "laptop", null, Instant.now(), null, null));
            System.out.println(EmbeddedTokenStore.class.getModule() + " lists "
                    + store.list(alice, null, 10).size());
        }
    }
}
