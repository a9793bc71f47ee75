package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.expiring;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.pending;
import static io.tokenstore.contract.Samples.revocation;
import static io.tokenstore.contract.Samples.revokedAt;
import static io.tokenstore.contract.TokenComparison.assertFound;
import static io.tokenstore.contract.TokenComparison.assertInAnyOrder;
import static io.tokenstore.contract.TokenComparison.assertKept;
import static io.tokenstore.contract.TokenComparison.assertRevokesAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A refused or purged token leaves nothing by which an owner reaches another owner's token. */
public interface DuplicateContract extends StoreUnderTest {

    @Test
    default void r3_a_refused_token_leaves_nothing_behind() throws Exception {
        TokenStore store = emptyStore();
        Token kept = pending(ALICE, "t1", "t0");
        store.add(kept);
        assertThatExceptionOfType(DuplicateTokenException.class).isThrownBy(() -> store.add(live(BOB, "t1")));
        assertReachedByItsOwnerAlone(store, kept, BOB);
    }

    @Test
    default void r3_a_token_that_is_refused_instead_of_a_revoked_one_leaves_nothing_behind() throws Exception {
        TokenStore store = emptyStore();
        Token kept = live(ALICE, "t1").withRevocation(revocation("alice"));
        store.add(kept);
        assertThatExceptionOfType(DuplicateTokenException.class)
                .isThrownBy(() -> store.add(expiring(BOB, "t1", NOW.minusSeconds(60))));
        assertThat(Walk.purge(store, NOW))
                .as("Purged by the end of a refused token")
                .isZero();
        assertReachedByItsOwnerAlone(store, kept, BOB);
    }

    @Test
    default void r25_a_refused_token_of_a_batch_leaves_nothing_behind() throws Exception {
        TokenStore store = emptyStore();
        Token kept = pending(ALICE, "t1", "t0");
        store.add(kept);
        assertThatExceptionOfType(DuplicateTokenException.class)
                .isThrownBy(() -> store.addAll(List.of(live(BOB, "t1"))));
        assertReachedByItsOwnerAlone(store, kept, BOB);
    }

    @Test
    default void r25_an_id_that_is_there_twice_leaves_nothing_to_the_owner_who_does_not_have_it() throws Exception {
        TokenStore store = emptyStore();
        Token first = live(ALICE, "t1");
        Token second = live(BOB, "t1");
        assertThatExceptionOfType(DuplicateTokenException.class).isThrownBy(() -> store.addAll(List.of(first, second)));
        Token kept = store.find(id("t1")).orElse(null);
        if (kept == null) {
            assertKept("a refused batch", store, List.of());
            store.add(first);
        }
        boolean bobs = kept != null && kept.owner().equals(BOB);
        assertReachedByItsOwnerAlone(store, bobs ? second : first, bobs ? ALICE : BOB);
    }

    @Test
    default void r25_an_id_is_refused_wherever_in_a_batch_it_is_there_twice_or_kept() throws Exception {
        TokenStore store = emptyStore();
        List<Token> tokens = new ArrayList<>();
        IntStream.range(0, 599).forEach(i -> tokens.add(live(ALICE, "a" + i)));
        tokens.add(tokens.get(0));
        assertThatExceptionOfType(DuplicateTokenException.class)
                .as("The first is there again as the last")
                .isThrownBy(() -> store.addAll(tokens));
        Token equal = live(ALICE, "b");
        assertThatExceptionOfType(DuplicateTokenException.class)
                .as("A token and itself")
                .isThrownBy(() -> store.addAll(List.of(equal, equal)));
        Token kept = live(BOB, "c");
        store.add(kept);
        assertThatExceptionOfType(DuplicateTokenException.class)
                .as("A token that is kept")
                .isThrownBy(() -> store.addAll(Collections.singleton(kept)));
        assertFound(store, kept);
        List<Token> keptFirst = new ArrayList<>(List.of(kept));
        IntStream.range(0, 599).forEach(i -> keptFirst.add(live(ALICE, "d" + i)));
        assertThatExceptionOfType(DuplicateTokenException.class)
                .as("The first of many is kept")
                .isThrownBy(() -> store.addAll(keptFirst));
        List<Token> all = Walk.scan(store);
        List<Token> given = new ArrayList<>(tokens.subList(0, 599));
        given.add(equal);
        given.addAll(keptFirst);
        given.retainAll(all);
        assertInAnyOrder("scan after refused batches", all, given);
    }

    @Test
    default void r16_a_purged_token_leaves_nothing_behind() throws Exception {
        TokenStore store = emptyStore();
        Revocation ended = revokedAt(NOW.minusSeconds(1));
        store.add(expiring(ALICE, "t1", NOW.minusSeconds(60)));
        store.revoke(ALICE, id("t1"), ended);
        Walk.purge(store, NOW);
        assertThat(store.revoke(ALICE, id("t1"), ended))
                .as("revoke of a purged token")
                .isFalse();
        assertThat(store.revokeAll(ALICE, ended))
                .as("revokeAll of a purged token")
                .isZero();
        Token again = pending(BOB, "t1", "t0");
        store.add(again);
        assertThat(Walk.purge(store, NOW))
                .as("Purged by the end of a token that was there before")
                .isZero();
        assertFound(store, again);
        assertThat(store.revoke(ALICE, id("t1"), ended))
                .as("revoke by the owner of a purged token")
                .isFalse();
        assertThat(store.revokeAll(ALICE, ended))
                .as("revokeAll by the owner of a purged token")
                .isZero();
        assertThat(store.revoke(BOB, id("t1"), ended)).as("revoke by bob").isTrue();
        assertThat(Walk.purge(store, NOW))
                .as("Purged by the end of the new token")
                .isEqualTo(1);
        Token third = pending(BOB, "t1", "t0");
        store.add(third);
        assertReachedByItsOwnerAlone(store, third, ALICE);
    }

    /** Fails if another owner, who may once have had the token's id, reaches the token, or if its own owner does not. */
    private static void assertReachedByItsOwnerAlone(TokenStore store, Token kept, Owner other) {
        Owner owner = kept.owner();
        TokenId id = kept.id();
        assertInAnyOrder("list(" + other + ")", Walk.list(store, other), List.of());
        assertThat(store.activate(other, id)).as("activate by %s", other).isFalse();
        assertThat(store.revoke(other, id, revocation("x")))
                .as("revoke by %s", other)
                .isFalse();
        assertRevokesAll(store, other, revocation("x"));
        assertKept("what " + other + " did", store, List.of(kept));
        assertInAnyOrder("list(" + owner + ")", Walk.list(store, owner), List.of(kept));
        Revocation all = revocation("x");
        Token revoked = kept.revocation() == null ? kept.withRevocation(all) : kept;
        assertRevokesAll(store, owner, all, revoked);
        assertRevokesAll(store, other, all);
        assertFound(store, revoked);
    }
}
