package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.MIXED;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.addMixed;
import static io.tokenstore.contract.Samples.expiring;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.ofEveryShape;
import static io.tokenstore.contract.Samples.revokedAt;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tokens of all owners are walked over, in the order of a purge. */
public interface ScanContract extends StoreUnderTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1_000})
    default void r21_a_walk_returns_every_token_of_every_owner_once_and_whole(int limit) throws Exception {
        TokenStore store = emptyStore();
        List<Token> tokens = new ArrayList<>(ofEveryShape(ALICE));
        List.of("!", "A", "Z9", "_x", "a", "a-b", "aB", "~").forEach(id -> tokens.add(live(BOB, id)));
        tokens.add(live(new Owner("a"), "0"));
        tokens.add(live(new Owner(Character.toString(0x20000).repeat(255)), "~".repeat(255)));
        tokens.forEach(store::add);
        assertThat(Walk.scan(store, null, limit)).containsExactlyInAnyOrderElementsOf(tokens);
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
            assertThat(Walk.scan(store, all.get(i).id(), 50)).isEqualTo(all.subList(i + 1, all.size()));
        }
        TokenId gone = all.stream()
                .filter(token -> token.endsAt() != null && token.endsAt().isBefore(NOW))
                .toList()
                .get(20)
                .id();
        List<Token> rest = new ArrayList<>(Walk.scan(store, gone, 50));
        Walk.purge(store, NOW);
        rest.removeIf(token -> store.find(token.id()).isEmpty());
        assertThat(Walk.scan(store, gone, 50)).as("After one that is gone").isEqualTo(rest);
    }

    @Test
    default void r21_a_walk_returns_every_token_once_while_others_come_end_and_go() throws Exception {
        TokenStore store = emptyStore();
        List<TokenId> present =
                IntStream.range(100, 300).mapToObj(i -> id("t" + i)).toList();
        present.forEach(id -> store.add(live(new Owner("user" + id.value().charAt(3)), id.value())));
        AtomicBoolean walking = new AtomicBoolean(true);
        AtomicInteger added = new AtomicInteger();
        try (Race race = new Race(2)) {
            race.round(contender -> {
                if (contender == 0) {
                    for (int i = 0; walking.get() && i < 1_000; i++) {
                        String near = "t" + (100 + (i * 37) % 200) + "-" + i;
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
            assertThat(Walk.scan(store)).isEqualTo(rest);
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
        assertThat(rest).isEqualTo(all.subList(all.size() - rest.size(), all.size()));
        List<Token> kept = new ArrayList<>(all.subList(0, all.size() - rest.size()));
        kept.retainAll(stay);
        kept.addAll(rest);
        assertThat(Walk.scan(store)).isEqualTo(kept);
    }
}
