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
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.fixtures.TreeMapStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The store beside a sorted map behind one lock; acts are repeated, and answered the same again. */
class StoreModelTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final int ACTS = 3_000;
    private static final List<Owner> OWNERS = List.of(new Owner("alice"), new Owner("bob"), new Owner("carol"));

    /** The same in each build, and more of them in the profile fuzz. */
    static LongStream seeds() {
        return LongStream.rangeClosed(1, 20L * Integer.getInteger("fuzz.times", 1));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void every_answer_is_that_of_the_model_whatever_was_done_before(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int capacity = random.nextInt(1, 200);
        TokenStore store = new InMemoryTokenStore(capacity);
        TreeMapStore model = new TreeMapStore();
        List<TokenId> ids = IntStream.range(0, random.nextInt(1, 300))
                .mapToObj(number -> new TokenId("t" + number))
                .toList();
        List<Revocation> revocations = revocations();
        for (int act = 0; act < ACTS; act++) {
            TokenId id = oneOf(ids, random);
            TokenId after = random.nextBoolean() ? null : id;
            Owner owner = oneOf(OWNERS, random);
            Revocation revocation = oneOf(revocations, random);
            int limit = random.nextInt(1, random.nextBoolean() ? 10 : TokenStore.MAX_PAGE);
            switch (random.nextInt(18)) {
                case 0, 1, 2, 3 -> {
                    Token token = someToken(id, owner, revocation, random);
                    boolean isFull = model.tokens.size() == capacity && !model.tokens.containsKey(id);
                    assertThat(added(store, token)).isEqualTo(isFull ? "full" : added(model, token));
                }
                case 4, 5, 6, 7 -> assertSame(store, model, each -> each.revoke(owner, id, revocation));
                case 8 -> assertSame(store, model, each -> each.revokeAll(owner, revocation));
                case 9 -> {
                    Instant then = someInstant(random);
                    assertThat(store.purge(then, after, limit)).isEqualTo(purged(model, then, after, limit));
                }
                case 10, 11 ->
                    assertThat(store.list(owner, after, limit))
                            .isEqualTo(page(limit, oneMore -> model.list(owner, after, oneMore)));
                case 12 ->
                    assertThat(store.scan(after, limit)).isEqualTo(page(limit, oneMore -> model.scan(after, oneMore)));
                case 13, 14 -> assertSame(store, model, each -> each.activate(owner, id));
                default -> assertThat(store.find(id)).isEqualTo(model.find(id));
            }
        }
        for (Owner owner : OWNERS) {
            assertThat(store.list(owner, null, 1_000)).isEqualTo(model.list(owner, null, 1_000));
        }
    }

    private static void assertSame(TokenStore store, TokenStore model, Function<TokenStore, Object> act) {
        Object answer = act.apply(model);
        assertThat(act.apply(store)).isEqualTo(answer);
        assertThat(act.apply(store)).as("repeated").isEqualTo(answer);
    }

    private static String added(TokenStore store, Token token) {
        try {
            store.add(token);
            return "added";
        } catch (DuplicateTokenException e) {
            return "duplicate";
        } catch (TokenStoreException e) {
            return "full";
        }
    }

    /** Returns what the store shows: unlike the model it always knows whether a page is the last one. */
    private static TokenPage page(int limit, IntFunction<TokenPage> model) {
        List<Token> oneMore = model.apply(limit + 1).tokens();
        return oneMore.size() <= limit
                ? new TokenPage(oneMore, null)
                : new TokenPage(
                        oneMore.subList(0, limit), oneMore.get(limit - 1).id());
    }

    private static PurgePage purged(TokenStore model, Instant endedBefore, TokenId after, int maxExamined) {
        TokenId resumeAfter =
                page(maxExamined, oneMore -> model.scan(after, oneMore)).resumeAfter();
        return new PurgePage(model.purge(endedBefore, after, maxExamined).removed(), resumeAfter);
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
}
