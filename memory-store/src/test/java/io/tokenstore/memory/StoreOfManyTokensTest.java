package io.tokenstore.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.Username;
import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that grows large, shrinks again, or holds ids that were made to collide. */
class StoreOfManyTokensTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Instant LATER = NOW.plusSeconds(1);
    private static final Username ALICE = new Username("alice");
    private static final int MANY = 100_000;
    private static final int STEP = 10;

    private final InMemoryTokenStore store = new InMemoryTokenStore();

    /** Where the cost of a call grew with the number of tokens, this would take minutes. */
    @Test
    void of_very_many_tokens_each_is_found_listed_and_purged_at_the_cost_of_one() {
        List<TokenId> ids =
                IntStream.range(0, MANY).mapToObj(StoreOfManyTokensTest::id).toList();
        for (int i = 0; i < MANY; i++) {
            store.add(token(ids.get(i), i % 2 == 0 ? NOW : LATER));
        }
        assertThat(walk(Instant.EPOCH, STEP)).isEqualTo(new Walk(MANY / STEP + 1, 0));
        assertThat(listed(ALICE)).hasSize(MANY).isSorted();

        assertThat(walk(LATER, STEP).removed()).isEqualTo(MANY / 2);
        assertThat(IntStream.range(0, MANY))
                .allMatch(i -> store.find(ids.get(i)).isPresent() == (i % 2 == 1));
        assertThat(listed(ALICE)).hasSize(MANY / 2);

        assertThat(walk(LATER.plusSeconds(1), STEP).removed()).isEqualTo(MANY / 2);
        store.add(token(id(0), null));
        for (int i = 0; i < MANY / STEP; i++) {
            assertThat(store.purge(LATER, null, STEP)).isEqualTo(new PurgePage(0, null));
            assertThat(store.list(ALICE, null, 1)).hasSize(1);
        }
    }

    @Test
    void tokens_in_any_order_of_their_ids_are_listed_in_ascending_order_and_purged_whole() {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, MANY / 50).boxed().toList());
        Collections.shuffle(order, new Random(1));
        order.forEach(i -> store.add(token(id(i), NOW)));
        assertThat(listed(ALICE)).hasSize(order.size()).isSorted();
        for (int step : new int[] {1, 2, 3, 7, 1_000}) {
            assertThat(walk(Instant.EPOCH, step)).isEqualTo(new Walk(order.size() / step + 1, 0));
        }
        assertThat(walk(LATER, 7).removed()).isEqualTo(order.size());
        assertThat(store.list(ALICE, null, 1_000)).isEmpty();
    }

    /** {@link String#hashCode} is no secret, and a host may take the ids from its clients. */
    @Test
    void ids_that_were_made_to_collide_are_kept_found_listed_and_purged_like_any_other() {
        List<TokenId> colliding = colliding(64);
        TokenId absent = colliding.remove(0);
        for (int kept = 1; kept <= colliding.size(); kept++) {
            store.add(token(colliding.get(kept - 1), null));
            assertThat(colliding.subList(0, kept)).allMatch(id -> store.find(id).isPresent());
            assertThat(store.find(absent)).isEmpty();
            assertThat(walk(LATER, 7)).isEqualTo(new Walk(kept / 7 + 1, 0));
            assertThat(listed(ALICE)).hasSize(kept).isSorted();
        }
        for (int i = 0; i < 5_000; i++) {
            store.add(token(id(i), NOW));
        }
        assertThat(walk(LATER, 1_000).removed()).isEqualTo(5_000);
        assertThat(colliding).allMatch(id -> store.find(id).isPresent());
        assertThat(walk(LATER, 7)).isEqualTo(new Walk(colliding.size() / 7 + 1, 0));

        store.revokeAll(ALICE, new Revocation(UUID.randomUUID(), NOW, "alice", null));
        assertThat(walk(LATER, 7).removed()).isEqualTo(colliding.size());
        assertThat(colliding).noneMatch(id -> store.find(id).isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "!", "~", "gone", "a"})
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
        WeakReference<Username> passing = new WeakReference<>(passThrough());
        for (int i = 0; i < 100 && passing.get() != null; i++) {
            System.gc();
        }
        assertThat(passing.get()).isNull();
        assertThat(store.find(id(0))).isPresent();
    }

    /** Keeps a token of a user until it is purged, and one of another user for longer. */
    private Username passThrough() {
        store.add(token(id(0), null));
        Username passing = new Username("p".repeat(100));
        store.add(new Token(new TokenId("p"), passing, "laptop", null, NOW, NOW, null));
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
            last = page.last();
            calls++;
        } while (last != null);
        return new Walk(calls, removed);
    }

    private List<String> listed(Username owner) {
        List<String> ids = new ArrayList<>();
        TokenId last = null;
        List<Token> page;
        do {
            page = store.list(owner, last, 1_000);
            page.forEach(token -> ids.add(token.id().value()));
            last = page.isEmpty() ? null : page.get(page.size() - 1).id();
        } while (page.size() == 1_000);
        return ids;
    }

    /** Ids of one and the same hash, which is among the greatest, so that they pile up at the table's end. */
    private static List<TokenId> colliding(int count) {
        String end = IntStream.range(0, 1_000_000)
                .mapToObj(Integer::toString)
                .filter(suffix -> EntriesById.hash(sameHash(0) + suffix) >>> 18 == (1 << 14) - 1)
                .findFirst()
                .orElseThrow();
        return new ArrayList<>(IntStream.range(0, count)
                .mapToObj(i -> new TokenId(sameHash(i) + end))
                .toList());
    }

    /** Aa and BB have the same hash code, and so has whatever is written with them in the places of binary digits. */
    private static String sameHash(int i) {
        return IntStream.range(0, 6)
                .mapToObj(bit -> (i >> bit) % 2 == 0 ? "Aa" : "BB")
                .reduce("", String::concat);
    }

    private static TokenId id(int i) {
        return new TokenId("t" + (1_000_000 + i));
    }

    private static Token token(TokenId id, Instant expiresAt) {
        return new Token(id, ALICE, "laptop", null, NOW, expiresAt, null);
    }
}
