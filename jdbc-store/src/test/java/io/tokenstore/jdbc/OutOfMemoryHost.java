package io.tokenstore.jdbc;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A host whose memory runs out while it revokes, three times, and that tells what its store made of it. */
final class OutOfMemoryHost {

    private static final Owner ALICE = new Owner("alice");

    private OutOfMemoryHost() {}

    public static void main(String[] arguments) throws IOException {
        EmbeddedTokenStore store = EmbeddedTokenStore.open(Path.of(arguments[0]));
        List<TokenId> revoked = new ArrayList<>();
        int failed = 0;
        for (int round = 0; round < 3; round++) {
            failed += revokeWithoutMemory(store, "r" + round + "-", revoked);
            revoke(store, new TokenId("after" + round), revoked);
        }
        long lost = revoked.stream()
                .filter(id -> store.find(id)
                        .filter(token -> token.revocation() != null)
                        .isEmpty())
                .count();
        System.out.println(
                "ran out of memory, failed " + failed + ", acknowledged " + revoked.size() + ", lost " + lost);
        store.close();
    }

    private static int revokeWithoutMemory(EmbeddedTokenStore store, String prefix, List<TokenId> revoked) {
        List<byte[]> memory = new ArrayList<>(1 << 16);
        int failed = 0;
        int size = 1 << 20;
        for (int i = 0; failed < 20 && i < 100_000; i++) {
            try {
                memory.add(new byte[size]);
            } catch (OutOfMemoryError full) {
                size = Math.max(size / 2, 512);
            }
            try {
                revoke(store, new TokenId(prefix + i), revoked);
            } catch (TokenStoreException | OutOfMemoryError e) {
                failed++;
            }
        }
        return failed;
    }

    private static void revoke(EmbeddedTokenStore store, TokenId id, List<TokenId> revoked) {
        store.add(Token.builder(id, ALICE, "laptop", Instant.now()).build());
        if (store.revoke(ALICE, id, new Revocation(UUID.randomUUID(), Instant.now(), Actor.user("alice"), null))) {
            revoked.add(id);
        }
    }
}
