package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.pending;
import static io.tokenstore.contract.Samples.revocation;
import static io.tokenstore.contract.TokenComparison.assertInAnyOrder;
import static io.tokenstore.contract.TokenComparison.assertInOrder;
import static io.tokenstore.contract.TokenComparison.assertKept;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The result of a call never changes. */
public interface SnapshotContract extends StoreUnderTest {

    @Test
    default void r27_what_was_returned_does_not_change_when_the_store_does() throws Exception {
        TokenStore store = emptyStore();
        store.add(pending(ALICE, "t1", "t0"));
        store.add(live(ALICE, "t2"));
        TokenPage listed = store.list(ALICE, null, 10);
        TokenPage scanned = store.scan(null, 10);
        List<TokenId> ids = List.of(id("t1"), id("t2"), id("t3"));
        Map<TokenId, Token> found = store.findAll(ids);
        // These are read only after the store has changed.
        Map<TokenId, Token> foundUnread = store.findAll(ids);
        TokenPage listedUnread = store.list(ALICE, null, 10);
        TokenPage scannedUnread = store.scan(null, 10);
        List<Token> tokensListed = new ArrayList<>(listed.tokens());
        List<Token> tokensScanned = new ArrayList<>(scanned.tokens());
        Map<TokenId, Token> tokensFound = new HashMap<>(found);
        store.activate(ALICE, id("t1"));
        store.revokeAll(ALICE, revocation("alice"));
        store.add(live(ALICE, "t3"));
        store.list(BOB, null, 10);
        store.findAll(List.of(id("t3")));
        Walk.purge(store, Texts.LAST);
        assertInOrder("An earlier list", listed.tokens(), tokensListed);
        assertInOrder("An earlier scan", scanned.tokens(), tokensScanned);
        assertInAnyOrder("An earlier findAll", found.values(), tokensFound.values());
        assertInOrder("An earlier list, read late", listedUnread.tokens(), tokensListed);
        assertInOrder("An earlier scan, read late", scannedUnread.tokens(), tokensScanned);
        assertInAnyOrder("An earlier findAll, read late", foundUnread.values(), tokensFound.values());
        assertThat(found.keySet()).as("An earlier findAll").isEqualTo(tokensFound.keySet());
    }

    @Test
    default void r27_calls_at_the_same_time_do_not_mix_up_what_they_return() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        List<Owner> owners = List.of(ALICE, BOB);
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            tokens.add(live(owners.get(i % 2), "t" + i));
        }
        store.addAll(tokens);
        Duel.<List<Token>>rounds(store, raceTime(), round -> {
            Look look = Look.values()[round / 16 % Look.values().length]; // The next rounds also race with a visit.
            return new Duel.Round<>(contender -> look.forAWhile(store, tokensOf(contender, tokens)), answers -> {
                for (int i = 0; i < 2; i++) {
                    assertInOrder(look + " by one of two threads", answers.get(i), tokensOf(i, tokens));
                }
            });
        });
    }

    private static List<Token> tokensOf(int contender, List<Token> tokens) {
        return List.of(tokens.get(contender), tokens.get(contender + 2), tokens.get(contender + 4));
    }

    @Test
    default void r27_what_a_caller_does_to_its_own_collections_later_changes_nothing() throws Exception {
        TokenStore store = emptyStore();
        List<Token> given = new ArrayList<>(List.of(live(ALICE, "t1"), live(BOB, "t2")));
        List<Token> tokens = List.copyOf(given);
        store.addAll(given);
        given.replaceAll(token -> token.toBuilder().hash(null).build());
        given.remove(1);
        assertKept("addAll of a list that was changed later", store, tokens);
        List<TokenId> ids = new ArrayList<>(List.of(id("t1"), id("t2")));
        Map<TokenId, Token> found = store.findAll(ids);
        ids.remove(1);
        assertInAnyOrder("findAll of a list that was changed later", found.values(), tokens);
    }

    @Test
    default void r27_what_was_returned_can_not_be_modified() throws Exception {
        TokenStore store = emptyStore();
        Token token = live(ALICE, "t1");
        store.add(token);
        Map<TokenId, Token> found = store.findAll(List.of(token.id()));
        Map<TokenId, Token> none = store.findAll(List.of(id("t2")));
        List<ThrowingCallable> calls = List.of(
                () -> store.list(ALICE, null, 10).tokens().add(token),
                () -> store.scan(null, 10).tokens().add(token),
                () -> found.remove(token.id()),
                () -> found.clear(),
                () -> found.values().clear(),
                () -> found.keySet().remove(token.id()),
                () -> found.entrySet().iterator().next().setValue(token),
                () -> store.findAll(List.of()).put(token.id(), token),
                () -> none.put(token.id(), token));
        for (ThrowingCallable call : calls) {
            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(call);
        }
    }
}
