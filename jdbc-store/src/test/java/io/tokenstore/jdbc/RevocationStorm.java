package io.tokenstore.jdbc;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;

/**
 * Adds and revokes tokens from four threads until it is killed, and writes down each one that was acknowledged, and each call
 * that failed. Goes on for a while after a SIGTERM, as a host does that drains, and ends with the JVM that started it.
 */
final class RevocationStorm {

    static final Owner OWNER = new Owner("alice");

    private static final long DRAINING_MILLIS = 500;

    private RevocationStorm() {}

    public static void main(String[] arguments) throws IOException {
        ProcessHandle.current()
                .parent()
                .ifPresent(
                        test -> test.onExit().thenRun(() -> Runtime.getRuntime().halt(1)));
        EmbeddedTokenStore store = EmbeddedTokenStore.open(Path.of(arguments[0]));
        String round = arguments[1];
        long pause = arguments.length > 2 ? Long.parseLong(arguments[2]) : 0;
        int threads = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 4;
        PrintStream ledger = new PrintStream(System.out, true);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> sleep(DRAINING_MILLIS)));
        for (int thread = 0; thread < threads; thread++) {
            String prefix = round + "-" + thread + "-";
            new Thread(() -> {
                        for (int i = 0; ; i++) {
                            addAndRevoke(store, new TokenId(prefix + i), ledger);
                            sleep(pause);
                        }
                    })
                    .start();
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void addAndRevoke(EmbeddedTokenStore store, TokenId id, PrintStream ledger) {
        Instant now = Instant.now();
        try {
            store.add(Token.builder(id, OWNER, "laptop", now).build());
            ledger.println("added " + id);
            if (store.revoke(OWNER, id, new Revocation(UUID.randomUUID(), now, Actor.user("alice"), null))) {
                ledger.println("revoked " + id);
            }
        } catch (TokenStoreException e) {
            ledger.println("failed " + id);
        }
    }
}
