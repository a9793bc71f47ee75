package io.tokenstore.jdbc;

import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.Username;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;

/** Adds and revokes tokens from four threads until it is killed, and writes down each one that was acknowledged. */
final class RevocationStorm {

    static final Username OWNER = new Username("alice");

    private RevocationStorm() {}

    public static void main(String[] arguments) throws IOException {
        EmbeddedTokenStore store = EmbeddedTokenStore.open(Path.of(arguments[0]));
        String round = arguments[1];
        PrintStream ledger = new PrintStream(System.out, true);
        for (int thread = 0; thread < 4; thread++) {
            String prefix = round + "-" + thread + "-";
            new Thread(() -> {
                        for (int i = 0; ; i++) {
                            addAndRevoke(store, new TokenId(prefix + i), ledger);
                        }
                    })
                    .start();
        }
    }

    private static void addAndRevoke(EmbeddedTokenStore store, TokenId id, PrintStream ledger) {
        Instant now = Instant.now();
        store.add(new Token(id, OWNER, "laptop", null, now, null, null));
        ledger.println("added " + id);
        if (store.revoke(OWNER, id, new Revocation(UUID.randomUUID(), now, "alice", null))) {
            ledger.println("revoked " + id);
        }
    }
}
