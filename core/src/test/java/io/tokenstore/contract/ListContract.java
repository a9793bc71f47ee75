package io.tokenstore.contract;

import static io.tokenstore.contract.Rule.R14;
import static io.tokenstore.contract.Rule.R15;
import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.expiring;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.revocation;
import static io.tokenstore.contract.Samples.revokedAt;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.Username;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A user's tokens are listed page by page. */
public interface ListContract extends StoreUnderTest {

    /** R14. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1_000})
    default void r14_tokens_come_in_byte_order_of_their_ids_page_by_page(int limit) throws Exception {
        TokenStore store = emptyStore();
        List<String> inOrder =
                List.of("!", "-a", "0", "9", "A", "B", "Z9", "_x", "a", "a-b", "aB", "aa", "ab", "b", "~");
        for (int i = 0; i < inOrder.size(); i++) {
            String id = inOrder.get((i * 7) % inOrder.size());
            store.add(live(ALICE, id));
            store.add(live(BOB, "bob-" + id));
        }
        assertThat(walk(store, ALICE, limit))
                .as(R14.toString())
                .extracting(TokenId::value)
                .isEqualTo(inOrder);
    }

    /** R14. */
    @Test
    default void r14_a_page_begins_strictly_after_an_id_whether_it_is_kept_or_not() throws Exception {
        TokenStore store = emptyStore();
        List<Token> tokens = Stream.of("b", "d", "f").map(id -> live(ALICE, id)).toList();
        tokens.forEach(store::add);
        store.add(live(BOB, "e"));
        assertThat(store.list(ALICE, id("a"), 9)).as(R14.toString()).isEqualTo(tokens);
        assertThat(store.list(ALICE, id("b"), 9)).as(R14.toString()).isEqualTo(tokens.subList(1, 3));
        assertThat(store.list(ALICE, id("e"), 9)).as(R14.toString()).isEqualTo(tokens.subList(2, 3));
        assertThat(store.list(ALICE, id("f"), 9)).as(R14.toString()).isEmpty();
        assertThat(store.list(ALICE, null, 2)).as(R14.toString()).isEqualTo(tokens.subList(0, 2));
        assertThat(store.list(ALICE, id("B"), 2)).as(R14.toString()).isEqualTo(tokens.subList(0, 2));
    }

    /** R14. */
    @Test
    default void r14_a_page_is_full_while_there_are_more() throws Exception {
        TokenStore store = emptyStore();
        IntStream.range(0, 1_001).forEach(i -> store.add(live(ALICE, "t" + (1_000 + i))));
        List<Token> page = store.list(ALICE, null, 1_000);
        assertThat(page).as(R14.toString()).hasSize(1_000);
        assertThat(store.list(ALICE, page.get(999).id(), 1_000))
                .as(R14.toString())
                .hasSize(1);
    }

    /** R14. */
    @Test
    default void r14_tokens_are_listed_in_whatever_state_and_whole() throws Exception {
        TokenStore store = emptyStore();
        List<Token> tokens = List.of(
                live(ALICE, "t1"),
                expiring(ALICE, "t2", NOW.minusSeconds(1)),
                live(ALICE, "t3").withRevocation(revocation("alice")));
        tokens.forEach(store::add);
        assertThat(store.list(ALICE, null, 1_000)).as(R14.toString()).isEqualTo(tokens);
        assertThat(store.list(new Username("nobody"), null, 1_000))
                .as(R14.toString())
                .isEmpty();
    }

    /** R15. */
    @Test
    default void r15_tokens_added_between_two_pages_neither_hide_nor_repeat_another() throws Exception {
        TokenStore store = emptyStore();
        List<TokenId> present =
                IntStream.range(100, 140).mapToObj(i -> id("t" + i)).toList();
        present.forEach(id -> store.add(live(ALICE, id.value())));
        List<TokenId> seen = new ArrayList<>();
        List<Token> page = store.list(ALICE, null, 7);
        while (!page.isEmpty()) {
            page.forEach(token -> seen.add(token.id()));
            TokenId last = seen.get(seen.size() - 1);
            if (seen.size() < present.size()) {
                store.add(live(ALICE, "a" + seen.size()));
                store.add(live(ALICE, last.value() + "-"));
            }
            page = store.list(ALICE, last, 7);
            assertThat(seen).as(R15.toString()).hasSizeLessThan(100);
        }
        assertThat(seen).as(R15.toString()).doesNotHaveDuplicates().containsAll(present);
    }

    /** R15. */
    @Test
    default void r15_a_walk_sees_every_token_exactly_once_while_others_come_end_and_go() throws Exception {
        TokenStore store = emptyStore();
        List<TokenId> present =
                IntStream.range(100, 300).mapToObj(i -> id("t" + i)).toList();
        present.forEach(id -> store.add(live(ALICE, id.value())));
        AtomicBoolean walking = new AtomicBoolean(true);
        AtomicInteger position = new AtomicInteger();
        try (Race race = new Race(3)) {
            race.round(contender -> {
                switch (contender) {
                    case 0 -> {
                        for (int i = 0; walking.get() && i < 1_000; i++) {
                            store.add(live(ALICE, "t" + (100 + (i * 37) % 200) + "-" + i));
                        }
                    }
                    case 1 -> {
                        for (int i = 0; walking.get(); i++) {
                            int next = Math.min(position.get() + i % 7, present.size() - 1);
                            store.revoke(ALICE, present.get(next), revokedAt(NOW.plusSeconds(60)));
                            LockSupport.parkNanos(50_000);
                            if (i < 50) {
                                store.add(expiring(ALICE, "t" + (100 + i) + "-ended", NOW.minusSeconds(1)));
                                store.purge(NOW, null, 2_000);
                            }
                        }
                    }
                    default -> {
                        try {
                            for (int i = 0; i < 5; i++) {
                                position.set(0);
                                List<TokenId> seen = walk(
                                        store,
                                        ALICE,
                                        10,
                                        last -> position.set(Math.abs(Collections.binarySearch(present, last) + 1)));
                                assertThat(seen)
                                        .as(R15.toString())
                                        .doesNotHaveDuplicates()
                                        .containsAll(present);
                                assertThat(seen).as(R14.toString()).isSorted();
                            }
                        } finally {
                            walking.set(false);
                        }
                    }
                }
                return null;
            });
        }
    }

    private static List<TokenId> walk(TokenStore store, Username owner, int limit) {
        return walk(store, owner, limit, last -> {});
    }

    private static List<TokenId> walk(TokenStore store, Username owner, int limit, Consumer<TokenId> afterEachPage) {
        List<TokenId> seen = new ArrayList<>();
        List<Token> page = store.list(owner, null, limit);
        while (!page.isEmpty()) {
            page.forEach(token -> seen.add(token.id()));
            assertThat(page).as(R14.toString()).hasSizeLessThanOrEqualTo(limit);
            assertThat(seen).as(R14.toString()).hasSizeLessThan(100_000);
            TokenId last = seen.get(seen.size() - 1);
            afterEachPage.accept(last);
            page = store.list(owner, last, limit);
        }
        return seen;
    }
}
