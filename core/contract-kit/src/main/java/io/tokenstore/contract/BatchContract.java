package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.expiring;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.ofEveryOwner;
import static io.tokenstore.contract.Samples.ofEveryShape;
import static io.tokenstore.contract.Samples.pending;
import static io.tokenstore.contract.Samples.revocation;
import static io.tokenstore.contract.TokenComparison.assertFound;
import static io.tokenstore.contract.TokenComparison.assertKept;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.Actor;
import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Scopes;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many tokens are added, or found, by one call. */
public interface BatchContract extends StoreUnderTest {

    @Test
    default void r25_each_token_is_kept_as_it_was_given() throws Exception {
        TokenStore store = emptyStore();
        List<Token> tokens = new ArrayList<>(ofEveryShape(ALICE));
        tokens.addAll(ofEveryOwner());
        Texts.IDS.forEach(id -> tokens.add(pending(ALICE, id.value(), "old")));
        store.addAll(List.of());
        store.addAll(tokens);
        assertKept("addAll", store, tokens);
        store.addAll(Set.of(live(BOB, "of-a-set")));
        assertFound(store, live(BOB, "of-a-set"));
    }

    @Test
    default void r25_a_thousand_are_added_by_one_call_and_of_more_none() throws Exception {
        TokenStore store = emptyStore();
        List<Token> tokens =
                IntStream.range(0, 1_001).mapToObj(BatchContract::longest).toList();
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> store.addAll(tokens));
        assertKept("addAll of too many", store, List.of());
        store.addAll(tokens.subList(0, 1_000));
        assertKept("addAll of 1,000", store, tokens.subList(0, 1_000));
    }

    @Test
    default void r25_of_two_threads_that_add_one_id_exactly_one_succeeds() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        Duel.<Boolean>rounds(store, raceTime(), round -> {
            List<Token> tokens = List.of(expiring(ALICE, "t" + round, NOW), expiring(BOB, "t" + round, NOW));
            return new Duel.Round<>(contender -> isAdded(store, tokens.get(contender), round), added -> {
                assertThat(added).as("Who added t%d", round).containsOnlyOnce(true);
                assertThat(store.find(tokens.get(0).id())).contains(tokens.get(added.indexOf(true)));
            });
        });
    }

    @Test
    default void r25_batches_of_the_same_ids_in_opposite_orders_end() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        Duel.<Boolean>rounds(store, raceTime(), round -> {
            List<String> ids =
                    IntStream.range(0, 4).mapToObj(i -> "t" + round + "-" + i).toList();
            return new Duel.Round<>(
                    contender -> areAdded(
                            store,
                            ids.stream()
                                    .sorted(contender == 0 ? Comparator.naturalOrder() : Comparator.reverseOrder())
                                    .map(id -> expiring(contender == 0 ? ALICE : BOB, id, NOW))
                                    .toList()),
                    added -> assertThat(added).as("Whether both added %s", ids).isNotEqualTo(List.of(true, true)));
        });
    }

    /** Adds the tokens of two owners in a different order on each thread: a store that locks in this order deadlocks. */
    private static boolean isAdded(TokenStore store, Token token, int round) {
        Token alices = expiring(ALICE, "a" + token.owner() + round, NOW);
        Token bobs = expiring(BOB, "b" + token.owner() + round, NOW);
        return areAdded(
                store, token.owner().equals(ALICE) ? List.of(alices, bobs, token) : List.of(bobs, alices, token));
    }

    private static boolean areAdded(TokenStore store, List<Token> tokens) {
        try {
            store.addAll(tokens);
            return true;
        } catch (DuplicateTokenException e) {
            return false;
        }
    }

    @Test
    default void r26_those_that_are_kept_are_returned_whole_by_their_ids() throws Exception {
        TokenStore store = emptyStore();
        List<Token> tokens = new ArrayList<>(ofEveryShape(ALICE));
        tokens.addAll(ofEveryOwner());
        tokens.forEach(store::add);
        List<TokenId> ids = new ArrayList<>(List.of(id("unknown"), id("LIVE"), id("live"), id("bare")));
        tokens.forEach(token -> ids.add(token.id()));
        assertFindsAll(store, ids, tokens);
        assertFindsAll(store, Set.of(tokens.get(3).id()), tokens.subList(3, 4));
        assertFindsAll(store, List.of(), List.of());
        assertFindsAll(store, List.of(id("unknown")), List.of());
    }

    @Test
    default void r26_a_revocation_is_shown_once_it_returned() throws Exception {
        TokenStore store = emptyStore();
        List<Token> tokens = List.of(live(ALICE, "t1"), live(ALICE, "t2"), live(BOB, "t3"));
        List<TokenId> ids = tokens.stream().map(Token::id).toList();
        tokens.forEach(store::add);
        store.findAll(ids);
        Revocation revocation = revocation("alice");
        store.revoke(ALICE, ids.get(0), revocation);
        store.revokeAll(BOB, revocation);
        assertFindsAll(
                store,
                ids,
                List.of(
                        tokens.get(0).withRevocation(revocation),
                        tokens.get(1),
                        tokens.get(2).withRevocation(revocation)));
    }

    @Test
    default void r26_a_thousand_are_found_by_one_call_and_more_are_refused() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        List<Token> tokens =
                IntStream.range(0, 1_000).mapToObj(BatchContract::longest).toList();
        InParallel.forEach(tokens, store::add);
        List<TokenId> ids = new ArrayList<>(tokens.stream().map(Token::id).toList());
        assertFindsAll(store, ids, tokens);
        ids.add(id("one-more"));
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> store.findAll(ids));
    }

    /** Returns a token each of whose values is as long as it may be. */
    private static Token longest(int number) {
        String key = Character.toString(0x1F511);
        String text = key.repeat(255);
        Actor by = new Actor(Actor.Kind.ADMIN, text, id("~".repeat(255)));
        Token pending =
                pending(new Owner(key.repeat(254) + number % 7), "~".repeat(251) + (1_000 + number), "~".repeat(255));
        return Token.builder(pending.id(), pending.owner(), text, NOW)
                .hash(pending.hash())
                .predecessor(pending.predecessor())
                .scopes(Scopes.of(List.of("~".repeat(1_000))))
                .revocation(new Revocation(UUID.randomUUID(), NOW, by, text))
                .build();
    }

    private static void assertFindsAll(TokenStore store, Collection<TokenId> ids, List<Token> expected) {
        Map<TokenId, Token> found = TokenComparison.assertFindsAll(store, ids, expected);
        expected.forEach(token -> assertThat(found.get(id(token.id().value()))).isEqualTo(token));
        assertThat(found.get(id("LIVE"))).as("Under a key that is not kept").isNull();
    }
}
