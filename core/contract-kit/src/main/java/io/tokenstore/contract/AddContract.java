package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.expiring;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.ofEveryOwner;
import static io.tokenstore.contract.Samples.ofEveryShape;
import static io.tokenstore.contract.Samples.revocation;
import static io.tokenstore.contract.TokenComparison.assertFound;
import static io.tokenstore.contract.TokenComparison.assertInAnyOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenStore;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An added token is found, once and as it was given. */
public interface AddContract extends StoreUnderTest {

    @Test
    default void r1_a_token_is_found_as_it_was_added_in_whatever_state() throws Exception {
        TokenStore store = emptyStore();
        List<Token> tokens = ofEveryShape(ALICE);
        tokens.addAll(ofEveryOwner());
        tokens.forEach(store::add);
        assertFound(store, tokens.toArray(Token[]::new));
    }

    @Test
    default void r1_an_unknown_id_is_empty() throws Exception {
        TokenStore store = emptyStore();
        store.add(live(ALICE, "known"));
        assertThat(store.find(id("unknown"))).isEmpty();
    }

    @Test
    default void r3_an_id_is_given_once() throws Exception {
        TokenStore store = emptyStore();
        List<Token> kept = List.of(live(ALICE, "live"), expiring(ALICE, "expired", NOW.minusSeconds(3600)));
        for (Token first : kept) {
            String id = first.id().value();
            store.add(first);
            List<Token> others = List.of(
                    first,
                    live(BOB, id),
                    live(ALICE, id).withRevocation(revocation("alice")),
                    expiring(ALICE, id, NOW));
            for (Token second : others) {
                assertThatExceptionOfType(DuplicateTokenException.class).isThrownBy(() -> store.add(second));
                assertFound(store, first);
            }
        }
        assertInAnyOrder("list(bob)", Walk.list(store, BOB), List.of());
    }

    @Test
    default void r3_of_two_threads_that_add_one_id_exactly_one_succeeds() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        Duel.<Boolean>rounds(store, raceTime(), round -> {
            String id = "t" + round;
            return new Duel.Round<>(
                    contender -> isAdded(store, expiring(new Owner("user" + contender), id, NOW)), added -> {
                        assertThat(added).as("Who added %s", id).containsOnlyOnce(true);
                        assertThat(store.find(id(id)).map(Token::owner))
                                .as("Whose %s is", id)
                                .contains(new Owner("user" + added.indexOf(true)));
                    });
        });
    }

    private static boolean isAdded(TokenStore store, Token token) {
        try {
            store.add(token);
            return true;
        } catch (DuplicateTokenException e) {
            return false;
        }
    }

    @Test
    default void r4_a_revoked_token_is_not_revived_by_adding_its_id_again() throws Exception {
        TokenStore store = emptyStore();
        Token token = live(ALICE, "t1");
        Revocation revocation = revocation("alice");
        store.add(token);
        store.revoke(ALICE, token.id(), revocation);
        for (Token again : List.of(token, live(BOB, "t1"))) {
            assertThatExceptionOfType(DuplicateTokenException.class).isThrownBy(() -> store.add(again));
            assertFound(store, token.withRevocation(revocation));
        }
    }

    @Test
    default void r10_ids_that_differ_in_case_or_at_their_ends_are_different_ids() throws Exception {
        TokenStore store = emptyStore();
        String longest = "x".repeat(254);
        List<Token> tokens = Stream.of(
                        "abc",
                        "ABC",
                        "Abc",
                        "abc.",
                        "abc/",
                        "ab",
                        "%",
                        "_",
                        "a%",
                        "'",
                        longest,
                        longest + "a",
                        longest + "b")
                .map(id -> live(ALICE, id))
                .toList();
        tokens.forEach(store::add);
        assertFound(store, tokens.toArray(Token[]::new));
        for (String unknown : List.of("aBC", "abc-", "a", longest.substring(1), longest + "A", longest + "c")) {
            assertThat(store.find(id(unknown))).as("find(%s)", unknown).isEmpty();
        }
    }
}
