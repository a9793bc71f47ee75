package io.tokenstore.benchmarks;

import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.memory.InMemoryTokenStore;
import io.tokenstore.service.TokenAuthenticator;
import io.tokenstore.service.TokenServices;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.security.oauth2.server.authorization.InMemoryOAuth2AuthorizationService;

/** Bytes of heap that one of a million tokens takes, everything that it alone keeps alive included. */
final class Heap {

    private static final int TOKENS = 1_000_000;
    private static final int COLLECTIONS = 4;

    private static volatile Object kept = "";

    private Heap() {}

    /** What a token is put into, and what must be kept for it to stay there. */
    private record Filled(Object store, Consumer<HeldToken> add) {}

    private static Filled twoMaps() {
        Map<TokenId, Token> byId = new ConcurrentHashMap<>();
        Map<Owner, Map<TokenId, Token>> byOwner = new ConcurrentHashMap<>();
        return new Filled(Map.of("byId", byId, "byOwner", byOwner), held -> {
            Token token = held.token();
            byId.put(token.id(), token);
            byOwner.computeIfAbsent(token.owner(), owner -> new ConcurrentHashMap<>())
                    .put(token.id(), token);
        });
    }

    private static Filled ours() {
        InMemoryTokenStore store = new InMemoryTokenStore();
        return new Filled(store, held -> store.add(held.token()));
    }

    private static Filled remembered() {
        HeldToken.Issuer source = new HeldToken.Issuer();
        TokenAuthenticator remembering = TokenServices.builder(source)
                .maxStaleness(Duration.ofHours(1), 4 * TOKENS)
                .build()
                .authenticator();
        return new Filled(remembering, held -> {
            source.add(held.token());
            remembering.authenticateToken(held.secret());
        });
    }

    private static Filled spring() {
        InMemoryOAuth2AuthorizationService service = new InMemoryOAuth2AuthorizationService();
        return new Filled(
                service, held -> service.save(SpringAuthorizations.authorization(held.owner(), held.secret())));
    }

    static String table() {
        return String.format(
                        Locale.ROOT,
                        "# Heap, %,d tokens%n%n| | bytes, 10 of each user | bytes, 1 of each user |%n|---|---|---|%n",
                        TOKENS)
                + row("two maps of records", Heap::twoMaps)
                + row("InMemoryTokenStore", Heap::ours)
                + row("remembered by maxStaleness", Heap::remembered)
                + row("Spring in-memory authorizations", Heap::spring);
    }

    private static String row(String name, Supplier<Filled> store) {
        return String.format(
                Locale.ROOT, "| %s | %,d | %,d |%n", name, bytesOfToken(store.get(), 10), bytesOfToken(store.get(), 1));
    }

    private static long bytesOfToken(Filled store, int tokensOfUser) {
        kept = store.store();
        long before = used();
        HeldToken.Issuer issuer = new HeldToken.Issuer();
        for (int i = 0; i < TOKENS; i++) {
            store.add().accept(issuer.issue(HeldToken.user(i % (TOKENS / tokensOfUser))));
        }
        long after = used();
        kept = "";
        return (after - before) / TOKENS;
    }

    private static long used() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
