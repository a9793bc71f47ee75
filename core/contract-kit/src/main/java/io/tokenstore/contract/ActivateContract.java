package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.ofEveryShape;
import static io.tokenstore.contract.Samples.pending;
import static io.tokenstore.contract.Samples.revocation;
import static io.tokenstore.contract.Samples.revokedAt;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenStore;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A successor becomes valid by one write, unless it is revoked. */
public interface ActivateContract extends StoreUnderTest {

    @Test
    default void r23_the_predecessor_is_cleared_and_nothing_else_changes() throws Exception {
        TokenStore store = emptyStore();
        Token token = pending(ALICE, "t2", "t1");
        Token other = pending(ALICE, "t3", "t1");
        store.add(token);
        store.add(other);
        assertThat(store.activate(ALICE, token.id())).isTrue();
        assertThat(store.find(token.id())).contains(activated(token));
        assertThat(store.find(other.id())).contains(other);
    }

    @Test
    default void r23_it_is_true_again_when_repeated_and_true_for_a_token_without_predecessor() throws Exception {
        TokenStore store = emptyStore();
        for (Token token : ofEveryShape(ALICE)) {
            if (token.revocation() == null) {
                store.add(token);
                for (int i = 0; i < 3; i++) {
                    assertThat(store.activate(ALICE, token.id())).isTrue();
                    assertThat(store.find(token.id())).contains(activated(token));
                }
            }
        }
    }

    @Test
    default void r24_a_revoked_token_is_not_activated() throws Exception {
        TokenStore store = emptyStore();
        Token token = pending(ALICE, "t2", "t1");
        Revocation revocation = revocation("alice");
        store.add(token);
        store.revoke(ALICE, token.id(), revocation);
        Token ofAll = pending(BOB, "t3", "t1");
        store.add(ofAll);
        store.revokeAll(BOB, revocation);
        Token added = pending(ALICE, "t4", "t1").withRevocation(revocation);
        store.add(added);
        for (Token revoked : List.of(token.withRevocation(revocation), ofAll.withRevocation(revocation), added)) {
            assertThat(store.activate(revoked.owner(), revoked.id())).isFalse();
            assertThat(store.find(revoked.id())).contains(revoked);
        }
    }

    @Test
    default void r24_an_activated_token_that_is_revoked_is_not_activated_again() throws Exception {
        TokenStore store = emptyStore();
        Token token = pending(ALICE, "t2", "t1");
        Revocation revocation = revocation("alice");
        store.add(token);
        store.activate(ALICE, token.id());
        assertThat(store.revoke(ALICE, token.id(), revocation)).isTrue();
        assertThat(store.activate(ALICE, token.id())).isFalse();
        assertThat(store.find(token.id())).contains(activated(token).withRevocation(revocation));
    }

    @Test
    default void r24_another_owners_or_an_unknown_token_is_not_activated() throws Exception {
        TokenStore store = emptyStore();
        Token token = pending(ALICE, "t2", "t1");
        store.add(token);
        for (Owner other : List.of(BOB, new Owner("ALICE"), new Owner("\u00E1lice"))) {
            assertThat(store.activate(other, token.id())).isFalse();
        }
        for (String other : List.of("t1", "T2", "t", "t2.", "t_")) {
            assertThat(store.activate(ALICE, id(other))).isFalse();
        }
        assertThat(Walk.scan(store)).containsExactly(token);
    }

    @Test
    default void r24_a_purged_token_is_not_activated() throws Exception {
        TokenStore store = emptyStore();
        Token token = pending(ALICE, "t2", "t1").withRevocation(revokedAt(NOW.minusSeconds(1)));
        store.add(token);
        Walk.purge(store, NOW);
        assertThat(store.activate(ALICE, token.id())).isFalse();
        assertThat(store.find(token.id())).isEmpty();
    }

    @Test
    default void r24_when_activate_and_revoke_race_the_token_ends_revoked() throws Exception {
        TokenStore store = emptyStore();
        try (Race race = new Race(4)) {
            for (int round = 0; round < 60; round++) {
                Token token = pending(ALICE, "t" + round, "old");
                store.add(token);
                Revocation revocation = revocation("alice");
                boolean all = round % 2 == 0;
                List<Boolean> answers = race.round(contender -> {
                    if (contender > 0) {
                        return store.activate(ALICE, token.id());
                    }
                    return all ? store.revokeAll(ALICE, revocation) == 1 : store.revoke(ALICE, token.id(), revocation);
                });
                assertThat(answers.get(0)).as("Revoked").isTrue();
                boolean activated = answers.subList(1, 4).contains(true);
                assertThat(store.find(token.id()))
                        .contains((activated ? activated(token) : token).withRevocation(revocation));
                assertThat(store.activate(ALICE, token.id())).isFalse();
            }
        }
    }

    private static Token activated(Token token) {
        return token.toBuilder().predecessor(null).build();
    }
}
