package io.tokenstore.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Actor;
import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The store beside a sorted map that says in few words what each call means; acts are repeated, and answered the same again. */
class StoreModelTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final int ACTS = 3_000;
    private static final List<Owner> OWNERS = List.of(new Owner("alice"), new Owner("bob"), new Owner("carol"));

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.tokenstore.memory.Seeds#many")
    void every_answer_is_that_of_the_model_whatever_was_done_before(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int capacity = random.nextInt(1, 200);
        InMemoryTokenStore store = new InMemoryTokenStore(capacity);
        Model model = new Model(capacity);
        List<TokenId> ids = ids(random);
        List<Revocation> revocations = revocations();
        for (int act = 0; act < ACTS; act++) {
            TokenId id = oneOf(ids, random);
            Owner owner = oneOf(OWNERS, random);
            Revocation revocation = oneOf(revocations, random);
            Instant then = someInstant(random);
            switch (random.nextInt(18)) {
                case 0, 1, 2, 3 -> {
                    Token token = someToken(id, owner, revocation, random);
                    assertThat(added(store, token)).isEqualTo(model.added(token));
                }
                case 4, 5, 6, 7 -> {
                    boolean revoked = model.revoke(owner, id, revocation);
                    assertThat(store.revoke(owner, id, revocation)).isEqualTo(revoked);
                    assertThat(store.revoke(owner, id, revocation))
                            .as("repeated")
                            .isEqualTo(revoked);
                }
                case 8 -> {
                    int revoked = model.revokeAll(owner, revocation);
                    assertThat(store.revokeAll(owner, revocation)).isEqualTo(revoked);
                    assertThat(store.revokeAll(owner, revocation))
                            .as("repeated")
                            .isEqualTo(revoked);
                }
                case 9 -> assertThat(purged(store, then, random)).isEqualTo(model.purge(then));
                case 10, 11 -> {
                    TokenId after = random.nextBoolean() ? null : id;
                    int limit = random.nextInt(1, 1_001);
                    assertThat(store.list(owner, after, limit)).isEqualTo(model.list(owner, after, limit));
                }
                case 12 -> {
                    TokenId after = random.nextBoolean() ? null : id;
                    int limit = random.nextInt(1, 300);
                    assertThat(store.scan(after, limit)).isEqualTo(model.list(null, after, limit));
                }
                case 13, 14 -> {
                    boolean activated = model.activate(owner, id);
                    assertThat(store.activate(owner, id)).isEqualTo(activated);
                    assertThat(store.activate(owner, id)).as("repeated").isEqualTo(activated);
                }
                default -> assertThat(store.find(id)).isEqualTo(model.find(id));
            }
        }
        for (Owner owner : OWNERS) {
            assertThat(store.list(owner, null, 1_000)).isEqualTo(model.list(owner, null, 1_000));
        }
    }

    private static List<TokenId> ids(RandomGenerator random) {
        RandomIds ids = new RandomIds(random);
        return IntStream.range(0, random.nextInt(1, 300))
                .mapToObj(number -> new TokenId(ids.next()))
                .toList();
    }

    /** Four acts, and one of them as somebody else would tell it: the id alone says which act it is. */
    private static List<Revocation> revocations() {
        List<Revocation> revocations = new ArrayList<>();
        for (int number = 0; number < 4; number++) {
            revocations.add(new Revocation(new UUID(0, number), NOW.plusSeconds(number), Actor.user("alice"), null));
        }
        revocations.add(new Revocation(new UUID(0, 0), NOW.plusSeconds(9), Actor.user("mallory"), "lost"));
        return revocations;
    }

    private static Token someToken(TokenId id, Owner owner, Revocation revocation, RandomGenerator random) {
        return Token.builder(id, owner, "laptop", NOW)
                .predecessor(random.nextBoolean() ? null : id)
                .expiresAt(random.nextBoolean() ? null : someInstant(random))
                .revocation(random.nextInt(8) == 0 ? revocation : null)
                .build();
    }

    private static Instant someInstant(RandomGenerator random) {
        return NOW.plusSeconds(random.nextInt(6));
    }

    private static <T> T oneOf(List<T> all, RandomGenerator random) {
        return all.get(random.nextInt(all.size()));
    }

    private static String added(InMemoryTokenStore store, Token token) {
        try {
            store.add(token);
            return "added";
        } catch (DuplicateTokenException e) {
            return "duplicate";
        } catch (TokenStoreException e) {
            return "full";
        }
    }

    /** Purges from the first token to the last, in steps. */
    private static int purged(InMemoryTokenStore store, Instant endedBefore, RandomGenerator random) {
        int removed = 0;
        TokenId last = null;
        do {
            PurgePage page = store.purge(endedBefore, last, random.nextInt(1, 50));
            removed += page.removed();
            last = page.resumeAfter();
        } while (last != null);
        return removed;
    }

    /** What the calls mean. */
    private static final class Model {

        private final int capacity;
        private final NavigableMap<TokenId, Token> tokens = new TreeMap<>();

        Model(int capacity) {
            this.capacity = capacity;
        }

        String added(Token token) {
            if (tokens.containsKey(token.id())) {
                return "duplicate";
            }
            if (tokens.size() == capacity) {
                return "full";
            }
            tokens.put(token.id(), token);
            return "added";
        }

        Optional<Token> find(TokenId id) {
            return Optional.ofNullable(tokens.get(id));
        }

        boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            Token token = tokens.get(id);
            if (token == null || !token.owner().equals(owner)) {
                return false;
            }
            if (token.revocation() == null) {
                tokens.put(id, token.withRevocation(revocation));
            }
            return tokens.get(id).revocation().id().equals(revocation.id());
        }

        int revokeAll(Owner owner, Revocation revocation) {
            return (int) List.copyOf(tokens.keySet()).stream()
                    .filter(id -> revoke(owner, id, revocation))
                    .count();
        }

        boolean activate(Owner owner, TokenId id) {
            Token token = tokens.get(id);
            if (token == null || !token.owner().equals(owner) || token.revocation() != null) {
                return false;
            }
            tokens.put(id, token.toBuilder().predecessor(null).build());
            return true;
        }

        int purge(Instant endedBefore) {
            int before = tokens.size();
            tokens.values()
                    .removeIf(token -> token.endsAt() != null && token.endsAt().isBefore(endedBefore));
            return before - tokens.size();
        }

        /** Lists an owner's tokens; null for those of all owners. */
        TokenPage list(Owner owner, TokenId after, int limit) {
            List<Token> rest = tokens.values().stream()
                    .filter(token -> owner == null || token.owner().equals(owner))
                    .filter(token -> after == null || token.id().compareTo(after) > 0)
                    .toList();
            return rest.size() <= limit
                    ? new TokenPage(rest, null)
                    : new TokenPage(rest.subList(0, limit), rest.get(limit - 1).id());
        }
    }
}
