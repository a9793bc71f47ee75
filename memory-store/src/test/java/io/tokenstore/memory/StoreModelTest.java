package io.tokenstore.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import io.tokenstore.Username;
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
    private static final List<Username> OWNERS =
            List.of(new Username("alice"), new Username("bob"), new Username("carol"));

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
            Username owner = oneOf(OWNERS, random);
            Revocation how = oneOf(revocations, random);
            Instant then = someInstant(random);
            switch (random.nextInt(16)) {
                case 0, 1, 2, 3 -> {
                    Token token = someToken(id, owner, how, random);
                    assertThat(added(store, token)).isEqualTo(model.added(token));
                }
                case 4, 5, 6, 7 -> {
                    boolean revoked = model.revoke(owner, id, how);
                    assertThat(store.revoke(owner, id, how)).isEqualTo(revoked);
                    assertThat(store.revoke(owner, id, how)).as("repeated").isEqualTo(revoked);
                }
                case 8 -> {
                    int revoked = model.revokeAll(owner, how);
                    assertThat(store.revokeAll(owner, how)).isEqualTo(revoked);
                    assertThat(store.revokeAll(owner, how)).as("repeated").isEqualTo(revoked);
                }
                case 9 -> assertThat(purged(store, then, random)).isEqualTo(model.purge(then));
                case 10, 11 -> {
                    TokenId after = random.nextBoolean() ? null : id;
                    int limit = random.nextInt(1, 1_001);
                    assertThat(store.list(owner, after, limit)).isEqualTo(model.list(owner, after, limit));
                }
                default -> assertThat(store.find(id)).isEqualTo(model.find(id));
            }
        }
        for (Username owner : OWNERS) {
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
            revocations.add(new Revocation(new UUID(0, number), NOW.plusSeconds(number), "alice", null));
        }
        revocations.add(new Revocation(new UUID(0, 0), NOW.plusSeconds(9), "mallory", "lost"));
        return revocations;
    }

    private static Token someToken(TokenId id, Username owner, Revocation how, RandomGenerator random) {
        return new Token(
                id,
                owner,
                "laptop",
                null,
                NOW,
                random.nextBoolean() ? null : someInstant(random),
                random.nextInt(8) == 0 ? how : null);
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
            last = page.last();
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

        boolean revoke(Username owner, TokenId id, Revocation how) {
            Token token = tokens.get(id);
            if (token == null || !token.owner().equals(owner)) {
                return false;
            }
            if (token.revocation() == null) {
                tokens.put(id, token.withRevocation(how));
            }
            return tokens.get(id).revocation().id().equals(how.id());
        }

        int revokeAll(Username owner, Revocation how) {
            return (int) List.copyOf(tokens.keySet()).stream()
                    .filter(id -> revoke(owner, id, how))
                    .count();
        }

        int purge(Instant endedBefore) {
            int before = tokens.size();
            tokens.values()
                    .removeIf(token -> token.endsAt() != null && token.endsAt().isBefore(endedBefore));
            return before - tokens.size();
        }

        List<Token> list(Username owner, TokenId after, int limit) {
            return tokens.values().stream()
                    .filter(token -> token.owner().equals(owner))
                    .filter(token -> after == null || token.id().compareTo(after) > 0)
                    .limit(limit)
                    .toList();
        }
    }
}
