package io.tokenstore.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.Actor;
import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that grows large, shrinks again, or holds ids that were made to collide. */
class StoreOfManyTokensTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Instant LATER = NOW.plusSeconds(1);
    private static final Owner ALICE = new Owner("alice");
    private static final int MANY = 100_000;
    private static final int VERY_MANY = 300_000;
    private static final int STEP = 10;

    /** In which order ids come. */
    private enum IdOrder {
        ASCENDING,
        DESCENDING,
        RANDOM
    }

    private final InMemoryTokenStore store = new InMemoryTokenStore();

    /** Where the cost of a call grew with the number of tokens, this would take minutes. */
    @Test
    void of_very_many_tokens_each_is_found_listed_and_purged_at_the_cost_of_one() {
        List<TokenId> ids =
                IntStream.range(0, MANY).mapToObj(StoreOfManyTokensTest::id).toList();
        for (int i = 0; i < MANY; i++) {
            store.add(token(ids.get(i), i % 2 == 0 ? NOW : LATER));
        }
        assertThat(walk(Instant.EPOCH, STEP)).isEqualTo(new Walk(MANY / STEP, 0));
        assertThat(listed(ALICE)).hasSize(MANY).isSorted();

        assertThat(walk(LATER, STEP).removed()).isEqualTo(MANY / 2);
        assertThat(IntStream.range(0, MANY))
                .allMatch(i -> store.find(ids.get(i)).isPresent() == (i % 2 == 1));
        assertThat(listed(ALICE)).hasSize(MANY / 2);

        assertThat(walk(LATER.plusSeconds(1), STEP).removed()).isEqualTo(MANY / 2);
        store.add(token(id(0), null));
        for (int i = 0; i < MANY / STEP; i++) {
            assertThat(store.purge(LATER, null, STEP)).isEqualTo(new PurgePage(0, null));
            assertThat(store.list(ALICE, null, 1).tokens()).hasSize(1);
        }
    }

    /** Seconds on a slow machine; each of these took minutes when its cost was quadratic. */
    @Test
    @Timeout(600)
    void a_purge_of_very_many_tokens_costs_as_much_for_each_as_one_of_few() {
        for (int i = 0; i < VERY_MANY; i++) {
            Owner owner = new Owner("user" + i / 10);
            store.add(Token.builder(id(i), owner, "laptop", NOW).expiresAt(NOW).build());
        }
        assertThat(walk(LATER, 1_000)).isEqualTo(new Walk(VERY_MANY / 1_000, VERY_MANY));
        assertThat(store.scan(null, 1)).isEqualTo(new TokenPage(List.of(), null));
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(600)
    void an_owner_is_issued_very_many_tokens_at_the_cost_of_one_each(IdOrder order) {
        List<Integer> numbers =
                new ArrayList<>(IntStream.range(0, VERY_MANY).boxed().toList());
        switch (order) {
            case ASCENDING -> {}
            case DESCENDING -> Collections.reverse(numbers);
            case RANDOM -> Collections.shuffle(numbers, new Random(1));
        }
        numbers.forEach(i -> store.add(token(id(i), NOW)));
        assertThat(listed(ALICE)).hasSize(VERY_MANY).isSorted();
    }

    /** {@link String#hashCode} is no secret, and a host may take the ids from its clients. */
    @Test
    @Timeout(600)
    void very_many_ids_of_one_hash_code_are_kept_found_and_purged_at_the_cost_of_others() {
        List<TokenId> colliding = colliding(16);
        colliding.forEach(id -> store.add(token(id, null)));
        assertThat(colliding).allMatch(id -> store.find(id).isPresent());
        Revocation all = new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
        assertThat(store.revokeAll(ALICE, all)).isEqualTo(colliding.size());
        assertThat(walk(LATER, 1_000).removed()).isEqualTo(colliding.size());
    }

    @Test
    void tokens_in_any_order_of_their_ids_are_listed_in_ascending_order_and_purged_whole() {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, MANY / 50).boxed().toList());
        Collections.shuffle(order, new Random(1));
        order.forEach(i -> store.add(token(id(i), NOW)));
        assertThat(listed(ALICE)).hasSize(order.size()).isSorted();
        for (int step : new int[] {1, 2, 3, 7, 1_000}) {
            assertThat(walk(Instant.EPOCH, step)).isEqualTo(new Walk((order.size() + step - 1) / step, 0));
        }
        assertThat(walk(LATER, 7).removed()).isEqualTo(order.size());
        assertThat(store.list(ALICE, null, 1_000).tokens()).isEmpty();
    }

    @Test
    void ids_that_were_made_to_collide_are_kept_found_listed_and_purged_like_any_other() {
        List<TokenId> colliding = colliding(6);
        TokenId absent = colliding.remove(0);
        for (int kept = 1; kept <= colliding.size(); kept++) {
            store.add(token(colliding.get(kept - 1), null));
            assertThat(colliding.subList(0, kept)).allMatch(id -> store.find(id).isPresent());
            assertThat(store.find(absent)).isEmpty();
            assertThat(walk(LATER, 7)).isEqualTo(new Walk((kept + 6) / 7, 0));
            assertThat(listed(ALICE)).hasSize(kept).isSorted();
        }
        for (int i = 0; i < 5_000; i++) {
            store.add(token(id(i), NOW));
        }
        assertThat(walk(LATER, 1_000).removed()).isEqualTo(5_000);
        assertThat(colliding).allMatch(id -> store.find(id).isPresent());
        assertThat(walk(LATER, 7)).isEqualTo(new Walk((colliding.size() + 6) / 7, 0));

        store.revokeAll(ALICE, new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null));
        assertThat(walk(LATER, 7).removed()).isEqualTo(colliding.size());
        assertThat(colliding).noneMatch(id -> store.find(id).isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "!", "~", "a"})
    void a_token_of_any_id_that_was_purged_is_gone_and_its_id_is_free(String value) {
        TokenId id = new TokenId(value);
        store.add(token(id, NOW));
        store.add(token(new TokenId("other"), null));
        assertThatExceptionOfType(DuplicateTokenException.class).isThrownBy(() -> store.add(token(id, null)));
        assertThat(store.purge(LATER, null, 10)).isEqualTo(new PurgePage(1, null));
        assertThat(store.find(id)).isEmpty();
        store.add(token(id, null));
        assertThat(store.find(id)).contains(token(id, null));
        assertThat(store.purge(LATER, null, 10)).isEqualTo(new PurgePage(0, null));
    }

    @Test
    void of_a_user_whose_tokens_are_all_purged_nothing_is_kept_in_memory() {
        WeakReference<Owner> passing = new WeakReference<>(passThrough());
        for (int i = 0; i < 100 && passing.get() != null; i++) {
            System.gc();
        }
        assertThat(passing.get()).isNull();
        assertThat(store.find(id(0))).isPresent();
    }

    /** Keeps a token of a user until it is purged, and one of another user for longer. */
    private Owner passThrough() {
        store.add(token(id(0), null));
        Owner passing = new Owner("p".repeat(100));
        store.add(Token.builder(new TokenId("p"), passing, "laptop", NOW)
                .expiresAt(NOW)
                .build());
        assertThat(store.purge(LATER, null, 10).removed()).isEqualTo(1);
        return passing;
    }

    /** How many calls a purge of everything took, and how many tokens it removed. */
    private record Walk(int calls, int removed) {}

    private Walk walk(Instant endedBefore, int step) {
        int calls = 0;
        int removed = 0;
        TokenId last = null;
        do {
            PurgePage page = store.purge(endedBefore, last, step);
            assertThat(page.removed()).isLessThanOrEqualTo(step);
            removed += page.removed();
            last = page.resumeAfter();
            calls++;
        } while (last != null);
        return new Walk(calls, removed);
    }

    private List<String> listed(Owner owner) {
        List<String> ids = new ArrayList<>();
        TokenId last = null;
        do {
            TokenPage page = store.list(owner, last, 1_000);
            page.tokens().forEach(token -> ids.add(token.id().value()));
            last = page.resumeAfter();
        } while (last != null);
        return ids;
    }

    /** Returns 2 to the power of {@code blocks} ids that all have the same hash code. */
    private static List<TokenId> colliding(int blocks) {
        List<TokenId> ids = new ArrayList<>(IntStream.range(0, 1 << blocks)
                .mapToObj(i -> new TokenId(RandomIds.ofOneHash(i, blocks)))
                .toList());
        assertThat(ids.stream().map(TokenId::hashCode).distinct()).hasSize(1);
        Collections.shuffle(ids, new Random(1));
        return ids;
    }

    private static TokenId id(int i) {
        return new TokenId("t" + (1_000_000 + i));
    }

    private static Token token(TokenId id, Instant expiresAt) {
        return Token.builder(id, ALICE, "laptop", NOW).expiresAt(expiresAt).build();
    }
}
