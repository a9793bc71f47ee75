package io.tokenstore.benchmarks;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.TokenId;
import io.tokenstore.memory.InMemoryTokenStore;
import io.tokenstore.service.Caller;
import io.tokenstore.service.Status;
import io.tokenstore.service.TokenAuthenticator;
import io.tokenstore.service.TokenRevocationService;
import io.tokenstore.service.TokenServices;
import io.tokenstore.service.UsernameRule;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.server.authorization.InMemoryOAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;

/**
 * The contenders that keep tokens on the heap. Each has a loop of its own, so that what it calls is compiled for it alone; and
 * all look for strings that are equal to those they keep, but not the same, as those of a request are.
 */
final class InMemory {

    private static final int TOKENS_OF_USER = 10;
    private static final Revocation HOW =
            new Revocation(new UUID(1, 2), Instant.parse("2026-11-01T00:00:00Z"), Actor.user("alice"), null);

    /** Where results go, so that no compiler leaves out what made them. */
    static volatile long seen;

    private final List<HeldToken> held = new ArrayList<>();
    private final String[] ids;
    private final TokenId[] tokenIds;
    private final String[] names;
    private final Owner[] owners;
    private final Caller[] callers;
    private final String[] headers;
    private final byte[][] secrets;

    InMemory(Site site) {
        int size = site.rows();
        HeldToken.Issuer issuer = new HeldToken.Issuer();
        for (int i = 0; i < size; i++) {
            held.add(issuer.issue(HeldToken.user(i % Math.max(1, size / TOKENS_OF_USER))));
        }
        List<HeldToken> shuffled = new ArrayList<>(held);
        Collections.shuffle(shuffled, new Random(7));
        ids = shuffled.stream().map(token -> copy(token.id())).toArray(String[]::new);
        tokenIds = shuffled.stream().map(token -> new TokenId(copy(token.id()))).toArray(TokenId[]::new);
        names = shuffled.stream().map(token -> copy(token.owner())).toArray(String[]::new);
        owners = shuffled.stream().map(token -> new Owner(copy(token.owner()))).toArray(Owner[]::new);
        callers = shuffled.stream()
                .map(token -> Caller.user(new Owner(copy(token.owner()))))
                .toArray(Caller[]::new);
        headers = shuffled.stream().map(token -> "Bearer " + token.secret()).toArray(String[]::new);
        secrets = new byte[size][32];
        for (byte[] secret : secrets) {
            new Random(size).nextBytes(secret);
        }
    }

    private static String copy(String text) {
        return new String(text.toCharArray());
    }

    private static void check(boolean done) {
        if (!done) {
            throw new IllegalStateException("without effect");
        }
    }

    private InMemoryTokenStore filledStore() {
        InMemoryTokenStore store = new InMemoryTokenStore();
        held.forEach(token -> store.add(token.token()));
        return store;
    }

    private static final class OwnedCell extends AtomicReference<@Nullable Revocation> {

        private static final long serialVersionUID = 1L;

        private final transient Owner owner;

        OwnedCell(Owner owner) {
            this.owner = owner;
        }
    }

    /**
     * Works through copies of the tokens, one after the other: so a turn is long enough to be measured, and what it looks at is
     * still of the size that is wanted.
     */
    private abstract class OnCopies<S> implements Contender {

        private final List<S> copies = new ArrayList<>();

        /** Returns what is fresh for each token. */
        abstract S filled();

        abstract void run(S copy, int first, int end) throws Exception;

        @Override
        public void prepare(int operations) {
            copies.clear();
            for (int i = 0; i < operations; i += ids.length) {
                copies.add(filled());
            }
        }

        @Override
        public void run(int first, int end) throws Exception {
            for (int i = first; i < end; ) {
                int copy = i / ids.length;
                int to = Math.min(end, (copy + 1) * ids.length);
                run(copies.get(copy), i - copy * ids.length, to - copy * ids.length);
                i = to;
            }
        }
    }

    /** The floor of a revocation: one look-up, one comparison, one compare-and-set. */
    Contender revokeInMap() {
        return new OnCopies<Map<String, OwnedCell>>() {
            @Override
            Map<String, OwnedCell> filled() {
                Map<String, OwnedCell> map = new ConcurrentHashMap<>();
                held.forEach(
                        token -> map.put(token.id(), new OwnedCell(token.token().owner())));
                return map;
            }

            @Override
            void run(Map<String, OwnedCell> map, int first, int end) {
                for (int i = first; i < end; i++) {
                    OwnedCell cell = map.get(ids[i]);
                    check(cell != null && cell.owner.equals(owners[i]) && cell.compareAndSet(null, HOW));
                }
            }
        };
    }

    Contender revokeInStore() {
        return new OnCopies<InMemoryTokenStore>() {
            @Override
            InMemoryTokenStore filled() {
                return filledStore();
            }

            @Override
            void run(InMemoryTokenStore store, int first, int end) {
                for (int i = first; i < end; i++) {
                    check(store.revoke(owners[i], tokenIds[i], HOW));
                }
            }
        };
    }

    Contender revokeByService() {
        return new OnCopies<TokenRevocationService>() {
            @Override
            TokenRevocationService filled() {
                return TokenServices.builder(filledStore()).build().revocation();
            }

            @Override
            void run(TokenRevocationService service, int first, int end) {
                for (int i = first; i < end; i++) {
                    check(service.revoke(callers[i], names[i], ids[i]).status() == Status.OK);
                }
            }
        };
    }

    /** What a service can't do without: an identity and an instant. */
    Contender identityAndInstant() {
        return loop((first, end) -> {
            long sum = 0;
            for (int i = first; i < end; i++) {
                sum += UUID.randomUUID().getLeastSignificantBits()
                        ^ Instant.now().getNano();
            }
            seen = sum;
        });
    }

    Contender revokeInSpring() {
        return new OnCopies<Each.Step<String>>() {
            @Override
            Each.Step<String> filled() {
                List<OAuth2Authorization> all = held.stream()
                        .map(token -> SpringAuthorizations.authorization(token.owner(), "Bearer " + token.secret()))
                        .toList();
                return Peers.revocationEndpoint(new InMemoryOAuth2AuthorizationService(all));
            }

            @Override
            void run(Each.Step<String> endpoint, int first, int end) throws Exception {
                for (int i = first; i < end; i++) {
                    check(endpoint.on(headers[i]));
                }
            }
        };
    }

    /** The floor of authentication: the secret's hash, one look-up, one comparison. */
    Contender hashAndLookUp() {
        Map<String, byte[]> hashes = new ConcurrentHashMap<>();
        for (int i = 0; i < ids.length; i++) {
            hashes.put(copy(ids[i]), sha256(secrets[i]));
        }
        return loop((first, end) -> {
            for (int i = first; i < end; i++) {
                check(MessageDigest.isEqual(sha256(secrets[i]), Objects.requireNonNull(hashes.get(ids[i]))));
            }
        });
    }

    private static byte[] sha256(byte[] secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    Contender authenticate() {
        TokenAuthenticator authenticator =
                TokenServices.builder(filledStore()).build().authenticator();
        return loop((first, end) -> {
            for (int i = first; i < end; i++) {
                check(!authenticator.authenticate(headers[i]).isAnonymous());
            }
        });
    }

    /** All but one of so many remembered; all of them if none. */
    Contender authenticateAgain(int oneOf) {
        RememberingAuthenticator authenticator = new RememberingAuthenticator(filledStore(), oneOf);
        for (String header : headers) {
            authenticator.remember(header);
        }
        return loop((first, end) -> {
            for (int i = first; i < end; i++) {
                authenticator.authenticate(headers[i], i);
            }
        });
    }

    Contender charAt() {
        return loop((first, end) -> {
            long sum = 0;
            for (int i = first; i < end; i++) {
                for (int j = 0; j < names[i].length(); j++) {
                    sum += names[i].charAt(j);
                }
            }
            seen = sum;
        });
    }

    Contender usernameRule() {
        UsernameRule rule = UsernameRule.openApi();
        return loop((first, end) -> {
            long sum = 0;
            for (int i = first; i < end; i++) {
                sum += rule.violations(names[i]).size();
            }
            seen = sum;
        });
    }

    private interface Loop {
        void run(int first, int end);
    }

    /** Uses nothing up. */
    private Contender loop(Loop loop) {
        return new OnCopies<Loop>() {
            @Override
            Loop filled() {
                return loop;
            }

            @Override
            void run(Loop same, int first, int end) {
                same.run(first, end);
            }
        };
    }
}
