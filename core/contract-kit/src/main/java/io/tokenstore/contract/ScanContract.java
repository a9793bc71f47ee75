package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.MIXED;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.addMixed;
import static io.tokenstore.contract.Samples.expiring;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.ofEveryOwner;
import static io.tokenstore.contract.Samples.ofEveryShape;
import static io.tokenstore.contract.Samples.revokedAt;
import static io.tokenstore.contract.TokenComparison.assertInAnyOrder;
import static io.tokenstore.contract.TokenComparison.assertInOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A walk over the tokens of all owners, in the order of a purge. */
public interface ScanContract extends StoreUnderTest {

    @Test
    default void r21_a_walk_returns_every_token_of_every_owner_once_and_whole() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        List<Token> tokens = ofEveryShape(ALICE);
        tokens.addAll(ofEveryOwner());
        List.of("!", "A", "Z9", "_x", "a", "a-b", "aB", "~").forEach(id -> tokens.add(live(BOB, id)));
        tokens.add(live(new Owner("a"), "0"));
        tokens.add(live(new Owner(Character.toString(0x20000).repeat(255)), "~".repeat(255)));
        InParallel.forEach(tokens, store::add);
        for (int limit : new int[] {1, 2, 7, 1_000}) {
            assertInAnyOrder("scan in pages of " + limit, Walk.scan(store, null, limit), tokens);
        }
    }

    @Test
    default void r21_a_walk_returns_more_tokens_than_fit_on_a_page() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        List<Token> tokens = IntStream.range(0, TokenStore.MAX_PAGE + 1)
                .mapToObj(i -> live(new Owner("user" + i % 7), "t" + i))
                .toList();
        InParallel.forEach(tokens, store::add);
        assertInAnyOrder("scan", Walk.scan(store), tokens);
    }

    @Test
    default void r21_a_walk_over_an_empty_store_ends() throws Exception {
        assertThat(Walk.scan(emptyStore())).isEmpty();
    }

    @Test
    default void r21_a_walk_from_any_token_on_returns_the_rest_in_the_same_order() throws Exception {
        TokenStore store = emptyStore();
        addMixed(store);
        List<Token> all = Walk.scan(store);
        assertThat(all).hasSize(MIXED);
        for (int i = 0; i < all.size(); i += 13) {
            TokenId after = all.get(i).id();
            assertInOrder("scan after " + after, Walk.scan(store, after, 50), all.subList(i + 1, all.size()));
        }
    }

    @Test
    default void r21_a_walk_goes_on_after_a_token_that_is_gone() throws Exception {
        TokenStore store = emptyStore();
        List<Token> stay = addMixed(store);
        List<Token> all = Walk.scan(store);
        for (int i = 0; i < all.size(); i += 17) { // As in walks under way.
            store.scan(all.get(i).id(), 50);
        }
        Walk.purge(store, NOW);
        for (int i = 0; i < all.size(); i += 17) {
            List<Token> rest = new ArrayList<>(all.subList(i + 1, all.size()));
            rest.retainAll(stay);
            TokenId after = all.get(i).id();
            String call = "scan after " + after + (stay.contains(all.get(i)) ? "" : ", which is purged");
            assertInOrder(call, Walk.scan(store, after, 50), rest);
        }
    }

    /**
     * The store chooses the order. So it also chooses what comes after an id that was never kept, but that must be one place.
     */
    @Test
    default void r21_a_walk_from_an_id_that_was_never_kept_ends_and_repeats_nothing() throws Exception {
        TokenStore store = emptyStore();
        addMixed(store);
        List<Token> all = Walk.scan(store);
        for (String unknown : List.of("!", "3-unknown", "a", "zz", "~".repeat(255))) {
            List<Token> rest = Walk.scan(store, id(unknown), 50);
            assertInOrder("scan after " + unknown, rest, all.subList(all.size() - rest.size(), all.size()));
        }
    }

    @Test
    default void r21_a_walk_returns_every_token_once_while_others_come_end_and_go() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        List<TokenId> present =
                IntStream.range(100, 160).mapToObj(i -> id("t" + i)).toList();
        InParallel.forEach(
                present, id -> store.add(live(new Owner("user" + id.value().charAt(3)), id.value())));
        AtomicBoolean walking = new AtomicBoolean(true);
        AtomicInteger added = new AtomicInteger();
        try (Race race = new Race(2)) {
            race.round(contender -> {
                if (contender == 0) {
                    for (int i = 0; walking.get() && i < 1_000; i++) {
                        String near = "t" + (100 + (i * 37) % 60) + "-" + i;
                        store.add(i % 2 == 0 ? live(ALICE, near) : expiring(BOB, near, NOW.minusSeconds(1)));
                        Token token =
                                store.find(present.get(i % present.size())).orElseThrow();
                        store.revoke(token.owner(), token.id(), revokedAt(NOW));
                        if (added.incrementAndGet() % 20 == 0) {
                            Walk.purge(store, NOW);
                        }
                    }
                    return null;
                }
                try {
                    for (int i = 0; i < 5; i++) {
                        assertThat(Walk.scan(store, null, 10))
                                .extracting(Token::id)
                                .doesNotHaveDuplicates()
                                .containsAll(present);
                    }
                } finally {
                    walking.set(false);
                }
                return null;
            });
        }
    }

    @Test
    default void r22_a_purge_goes_on_where_a_scan_stood() throws Exception {
        TokenStore store = emptyStore();
        List<Token> stay = addMixed(store);
        List<Token> all = Walk.scan(store);
        assertThat(all).hasSize(MIXED);
        for (int from : new int[] {200, 150, 1}) {
            Walk.purge(store, NOW, all.get(from - 1).id(), 7);
            List<Token> rest = new ArrayList<>(all.subList(0, from));
            all.subList(from, all.size()).stream().filter(stay::contains).forEach(rest::add);
            assertInOrder("scan after a purge after the first " + from, Walk.scan(store), rest);
        }
    }

    @Test
    default void r22_a_scan_goes_on_where_a_purge_stood() throws Exception {
        TokenStore store = emptyStore();
        List<Token> stay = addMixed(store);
        List<Token> all = Walk.scan(store);
        assertThat(all).hasSize(MIXED);
        TokenId after = store.purge(NOW, null, MIXED / 2).resumeAfter();
        List<Token> rest = Walk.scan(store, after, 50);
        assertInOrder("scan after " + after, rest, all.subList(all.size() - rest.size(), all.size()));
        List<Token> kept = new ArrayList<>(all.subList(0, all.size() - rest.size()));
        kept.retainAll(stay);
        kept.addAll(rest);
        assertInOrder("scan after half a purge", Walk.scan(store), kept);
    }
}
