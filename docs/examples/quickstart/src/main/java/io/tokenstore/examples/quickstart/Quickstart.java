package io.tokenstore.examples.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tokenstore.Owner;
import io.tokenstore.TokenStore;
import io.tokenstore.jdbc.EmbeddedTokenStore;
import io.tokenstore.service.Caller;
import io.tokenstore.service.IssuedToken;
import io.tokenstore.service.PageRequest;
import io.tokenstore.service.Result;
import io.tokenstore.service.RevocationRequest;
import io.tokenstore.service.Role;
import io.tokenstore.service.TokenListing;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenServices;
import io.tokenstore.service.TokenSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** A host application in one file: issues access tokens to three users, authenticates them by the tokens, and revokes some. */
public final class Quickstart {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final TokenServices tokens;

    private Quickstart(TokenStore store) {
        tokens = TokenServices.builder(store)
                .roles(owner -> owner.value().equals("ops") ? Role.ADMIN : Role.USER)
                .build();
    }

    /**
     * Runs the calls.
     *
     * @param arguments the file to keep the tokens in, which need not exist; without an argument, a new file in the temporary
     *     folder
     * @throws IOException if the file can't be created
     */
    public static void main(String[] arguments) throws IOException {
        Path file = arguments.length > 0
                ? Path.of(arguments[0])
                : Files.createTempDirectory("quickstart").resolve("tokens");

        System.out.println("Tokens in " + file);
        EmbeddedTokenStore store = EmbeddedTokenStore.open(file);
        Quickstart host = new Quickstart(store);
        IssuedToken laptop = host.issue("alice", "laptop");
        IssuedToken phone = host.issue("alice", "phone");
        IssuedToken bobs = host.issue("bob", "laptop");
        IssuedToken admins = host.issue("ops", "console");

        System.out.println("Alice's laptop is authenticated, is lost, and is authenticated no more");
        RevocationRequest lost =
                RevocationRequest.plain().withId(UUID.randomUUID()).withReason("lost laptop");
        host.list(bearer(laptop), "alice");
        host.revoke(bearer(phone), "alice", laptop.id().value(), lost);
        host.list(bearer(laptop), "alice");
        host.revoke(bearer(phone), "alice", laptop.id().value(), lost);

        System.out.println("Not everybody may do everything");
        host.revoke(bearer(bobs), "alice", phone.id().value(), RevocationRequest.plain());
        host.revoke(bearer(bobs), "bob", phone.id().value(), RevocationRequest.plain());
        host.revoke(bearer(admins), "1-bob", bobs.id().value(), RevocationRequest.plain());
        host.revoke(bearer(admins), "bob", bobs.id().value(), RevocationRequest.plain());

        System.out.println("The store is closed under the host");
        Caller alice = Caller.user(new Owner("alice"));
        store.close();
        print(host.tokens.revocation().revoke(alice, "alice", phone.id().value()), "{}", alice, "revokes a token");

        System.out.println("The file is opened again: what was revoked stays revoked");
        try (EmbeddedTokenStore reopened = EmbeddedTokenStore.open(file)) {
            Quickstart again = new Quickstart(reopened);
            again.list(bearer(laptop), "alice");
            again.list(bearer(phone), "alice");
        }
    }

    private static String bearer(IssuedToken token) {
        return "Bearer " + token.secret();
    }

    private IssuedToken issue(String username, String name) throws IOException {
        Caller caller = Caller.user(new Owner(username));
        Result<IssuedToken> result = tokens.issuance()
                .issue(caller, username, TokenRequest.named(name).withTtl(Duration.ofDays(30)));
        print(result, "(a token)", caller, "is issued a token for the " + name);
        return result.orElseThrow();
    }

    private void list(String authorization, String username) throws IOException {
        Caller caller = tokens.authenticator().authenticate(authorization);
        Result<TokenListing> result = tokens.query().list(caller, username, PageRequest.first(100));
        print(result, "(a page)", caller, "lists the tokens of " + username);
        if (result.error().isEmpty()) {
            Map<String, String> states = result.value().tokens().stream()
                    .collect(Collectors.toMap(
                            TokenSummary::name,
                            token -> token.state().name(),
                            (first, second) -> second,
                            TreeMap::new));
            System.out.println("    " + states);
        }
    }

    private void revoke(String authorization, String username, String tokenId, RevocationRequest request)
            throws IOException {
        Caller caller = tokens.authenticator().authenticate(authorization);
        print(
                tokens.revocation().revoke(caller, username, tokenId, request),
                "{}",
                caller,
                "DELETE /v1/users/" + username + "/tokens/" + tokenId);
    }

    private static void print(Result<?> result, String bodyIfOk, Caller caller, String what) throws IOException {
        String body = result.error().isPresent()
                ? JSON.writeValueAsString(result.error().get())
                : bodyIfOk;
        System.out.printf("%s %s %s   <- %s: %s%n", result.status().code(), result.status(), body, caller, what);
    }
}
