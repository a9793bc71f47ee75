package io.tokenstore.examples.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tokenstore.Caller;
import io.tokenstore.Result;
import io.tokenstore.Revocation;
import io.tokenstore.RevocationRequest;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenRevocationService;
import io.tokenstore.TokenStore;
import io.tokenstore.Username;
import io.tokenstore.jdbc.EmbeddedTokenStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;

/** A host application: it keeps the tokens of three users in a file, and revokes some of them. */
public final class Quickstart {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Caller NOBODY = Caller.anonymous();
    private static final Caller ALICE = Caller.user(new Username("alice"));
    private static final Caller ZOE = Caller.user(new Username("zoë"));
    private static final Caller OPS = Caller.admin("ops");

    private Quickstart() {}

    /**
     * Runs the calls.
     *
     * @param arguments the file to keep the tokens in; a new one in the temporary folder if there is none
     * @throws IOException if the file can't be created
     */
    public static void main(String[] arguments) throws IOException {
        Path file = arguments.length > 0
                ? Path.of(arguments[0])
                : Files.createTempDirectory("quickstart").resolve("tokens");

        System.out.println("Tokens of three users in " + file);
        EmbeddedTokenStore store = EmbeddedTokenStore.open(file);
        add(store, "alice", "alice-laptop");
        add(store, "alice", "alice-phone");
        add(store, "bob", "bob-laptop");
        add(store, "zoë", "zoe-laptop");

        TokenRevocationService service = new TokenRevocationService(store);
        RevocationRequest repeatable = new RevocationRequest(UUID.randomUUID(), "lost laptop");
        revoke(service, ALICE, "alice", "alice-laptop", repeatable);
        revoke(service, ALICE, "alice", "alice-laptop", repeatable);
        revoke(service, ALICE, "alice", "alice-laptop");
        revoke(service, OPS, "bob", "bob-laptop");
        revoke(service, NOBODY, "alice", "alice-phone");
        revoke(service, ZOE, "alice", "alice-phone");
        revoke(service, ZOE, "zoë", "alice-phone");
        revoke(service, OPS, "1-alice", "alice-phone");
        store.close();

        System.out.println("The store is closed");
        revoke(service, ALICE, "alice", "alice-phone");

        System.out.println("The file is opened again");
        try (EmbeddedTokenStore reopened = EmbeddedTokenStore.open(file)) {
            TokenRevocationService again = new TokenRevocationService(reopened);
            revoke(again, ALICE, "alice", "alice-laptop");
            revoke(again, ALICE, "alice", "alice-laptop", repeatable);
            revoke(again, ALICE, "alice", "alice-phone");
            show(reopened, "alice-laptop");
        }
    }

    private static void add(TokenStore store, String owner, String id) {
        store.add(new Token(new TokenId(id), new Username(owner), id, null, Instant.now(), null, null));
    }

    private static void revoke(TokenRevocationService service, Caller caller, String username, String tokenId)
            throws IOException {
        revoke(service, caller, username, tokenId, new RevocationRequest(null, null));
    }

    private static void revoke(
            TokenRevocationService service, Caller caller, String username, String tokenId, RevocationRequest request)
            throws IOException {
        Result<Revocation> result = service.revoke(caller, username, tokenId, request);
        System.out.printf(
                "%d %s %s   <- %s: DELETE /v1/users/%s/tokens/%s%n",
                result.status().code(),
                result.status(),
                JSON.writeValueAsString(result.body()),
                caller,
                username,
                tokenId);
    }

    private static void show(TokenStore store, String id) {
        Revocation kept = store.find(new TokenId(id)).map(Token::revocation).orElseThrow();
        System.out.printf("%s was revoked at %s by %s: %s%n", id, kept.at(), kept.by(), kept.reason());
    }
}
