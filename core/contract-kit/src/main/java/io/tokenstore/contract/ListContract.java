package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.act;
import static io.tokenstore.contract.Samples.expiring;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.ofEveryShape;
import static io.tokenstore.contract.Samples.revokedAt;
import static io.tokenstore.contract.TokenComparison.assertInOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An owner's tokens are listed page by page. */
public interface ListContract extends StoreUnderTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1_000})
    default void r14_tokens_come_in_byte_order_of_their_ids_page_by_page(int limit) throws Exception {
        TokenStore store = emptyStore();
        List<Token> inOrder = Stream.of(
                        "!", "+1", "-1", "-a", "0", "00", "1", "10", "1e1", "9", "A", "B", "Z9", "_x", "a", "a-b", "aB",
                        "aa", "ab", "b", "t10", "t9", "~")
                .map(id -> live(ALICE, id))
                .toList();
        for (int i = 0; i < inOrder.size(); i++) {
            Token token = inOrder.get((i * 7) % inOrder.size());
            store.add(token);
            store.add(live(BOB, "bob-" + token.id()));
        }
        assertInOrder("list in pages of " + limit, Walk.list(store, ALICE, null, limit), inOrder);
    }

    @Test
    default void r14_a_page_begins_strictly_after_an_id_whether_it_is_kept_or_not() throws Exception {
        TokenStore store = emptyStore();
        List<Token> tokens =
                Stream.of("b", "d", "f", "f1").map(id -> live(ALICE, id)).toList();
        tokens.forEach(store::add);
        store.add(live(BOB, "e"));
        store.add(live(BOB, "g"));
        for (String purged : List.of("a1", "d1", "f2")) {
            store.add(expiring(ALICE, purged, NOW.minusSeconds(1)));
        }
        Walk.purge(store, NOW);
        String last = "~".repeat(255);
        for (int limit : new int[] {1, 2, 9}) {
            assertInOrder("list from the first on", Walk.list(store, ALICE, null, limit), tokens);
            for (String after :
                    List.of("!", "B", "a", "a1", "b", "c", "d", "d1", "e", "f", "f0", "f1", "f2", "g", last)) {
                List<Token> rest = tokens.stream()
                        .filter(token -> token.id().value().compareTo(after) > 0)
                        .toList();
                assertInOrder("list after " + after, Walk.list(store, ALICE, id(after), limit), rest);
            }
        }
    }

    @Test
    default void r14_a_page_has_at_most_as_many_tokens_as_asked_and_the_last_one_says_so() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        List<Token> tokens = IntStream.range(0, 1_001)
                .mapToObj(i -> live(ALICE, "t" + (1_000 + i)))
                .toList();
        InParallel.forEach(tokens, store::add);
        for (int limit : new int[] {10, 1_000}) {
            assertInOrder("list in pages of " + limit, Walk.list(store, ALICE, null, limit), tokens);
        }
    }

    @Test
    default void r14_tokens_are_listed_in_whatever_state_and_whole() throws Exception {
        TokenStore store = emptyStore();
        List<Token> tokens = new ArrayList<>(ofEveryShape(ALICE));
        tokens.forEach(store::add);
        tokens.sort(Comparator.comparing(Token::id));
        assertInOrder("list(alice)", Walk.list(store, ALICE), tokens);
        assertInOrder("list(nobody)", Walk.list(store, new Owner("nobody")), List.of());
    }

    @Test
    default void r15_tokens_added_between_two_pages_neither_hide_nor_repeat_another() throws Exception {
        TokenStore store = emptyStore();
        List<TokenId> present =
                IntStream.range(100, 140).mapToObj(i -> id("t" + i)).toList();
        present.forEach(id -> store.add(live(ALICE, id.value())));
        AtomicInteger pages = new AtomicInteger();
        List<Token> seen = Walk.list(store, ALICE, null, 7, resumeAfter -> {
            if (pages.incrementAndGet() < 50) {
                store.add(live(ALICE, "a" + pages));
                store.add(live(ALICE, "t100-" + pages));
                store.add(live(ALICE, "t139-" + pages));
            }
        });
        assertThat(seen).extracting(Token::id).doesNotHaveDuplicates().containsAll(present);
    }

    @Test
    default void r15_a_walk_sees_every_token_exactly_once_while_others_come_end_and_go() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        List<TokenId> present =
                IntStream.range(100, 160).mapToObj(i -> id("t" + i)).toList();
        InParallel.forEach(present, id -> store.add(live(ALICE, id.value())));
        AtomicBoolean walking = new AtomicBoolean(true);
        AtomicInteger position = new AtomicInteger();
        try (Race race = new Race(3)) {
            race.round(contender -> {
                switch (contender) {
                    case 0 -> {
                        for (int i = 0; walking.get() && i < 1_000; i++) {
                            store.add(live(ALICE, "t" + (100 + (i * 37) % 60) + "-" + i));
                        }
                    }
                    case 1 -> {
                        for (int i = 0; walking.get(); i++) {
                            int next = Math.min(position.get() + i % 7, present.size() - 1);
                            store.revoke(ALICE, present.get(next), revokedAt(NOW.plusSeconds(60)));
                            LockSupport.parkNanos(50_000);
                            if (i < 50) {
                                store.add(expiring(ALICE, "t" + (100 + i) + "-ended", NOW.minusSeconds(1)));
                                Walk.purge(store, NOW);
                            }
                        }
                    }
                    default -> {
                        try {
                            for (int i = 0; i < 5; i++) {
                                position.set(0);
                                List<TokenId> seen = Walk.list(
                                                store,
                                                ALICE,
                                                null,
                                                10,
                                                last -> position.set(
                                                        Math.abs(Collections.binarySearch(present, last) + 1)))
                                        .stream()
                                        .map(Token::id)
                                        .toList();
                                assertThat(seen).doesNotHaveDuplicates().containsAll(present);
                                assertThat(seen).isSorted();
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

    @Test
    default void r15_a_token_that_is_revoked_during_a_walk_is_seen_exactly_once() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        Duel.<List<TokenId>>rounds(store, raceTime(), round -> {
            Owner owner = new Owner("user" + round);
            List<Token> tokens = IntStream.range(0, 6)
                    .mapToObj(i -> expiring(owner, "t" + round + "-" + i, NOW.plusSeconds(60)))
                    .toList();
            store.addAll(tokens);
            Revocation act = act(round);
            int walker = round % 4 == 0 ? 1 : 0;
            return new Duel.Round<>(
                    contender -> {
                        if (contender == walker) {
                            return Walk.list(store, owner, null, 4).stream()
                                    .map(Token::id)
                                    .toList();
                        }
                        tokens.forEach(token -> store.revoke(owner, token.id(), act));
                        return List.of();
                    },
                    answers -> assertThat(answers.get(walker))
                            .as("Listed of %s", owner)
                            .isEqualTo(tokens.stream().map(Token::id).toList()));
        });
    }
}
