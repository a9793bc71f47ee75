package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.act;
import static io.tokenstore.contract.Samples.expiring;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.ofEveryShape;
import static io.tokenstore.contract.Samples.pending;
import static io.tokenstore.contract.Samples.revocation;
import static io.tokenstore.contract.Samples.revokedAt;
import static io.tokenstore.contract.TokenComparison.assertFound;
import static io.tokenstore.contract.TokenComparison.assertKept;
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
        Token old = live(ALICE, "t1");
        List.of(old, token, other).forEach(store::add);
        assertThat(store.activate(ALICE, token.id())).isTrue();
        assertFound(store, activated(token), other, old);
    }

    @Test
    default void r23_it_is_true_again_when_repeated_and_true_for_a_token_without_predecessor() throws Exception {
        TokenStore store = emptyStore();
        for (Token shape : ofEveryShape(ALICE)) {
            Token live = shape.withRevocation(null);
            Token token = live.predecessor() != null || live.id().equals(id("bare"))
                    ? live
                    : live.toBuilder().predecessor(id("old")).build();
            store.add(token);
            for (int i = 0; i < 2; i++) {
                assertThat(store.activate(ALICE, token.id()))
                        .as("activate(%s)", token.id())
                        .isTrue();
                assertFound(store, activated(token));
            }
        }
    }

    @Test
    default void r23_threads_that_activate_one_token_are_all_answered_true() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        Duel.<Boolean>rounds(store, raceTime(), round -> {
            Token token = expiring(ALICE, "t" + round, NOW).toBuilder()
                    .predecessor(id("old"))
                    .build();
            store.add(token);
            return new Duel.Round<>(
                    contender -> store.activate(ALICE, token.id()),
                    answers -> assertThat(answers)
                            .as("Whether %s is activated by both threads", token.id())
                            .containsOnly(true));
        });
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
            assertFound(store, revoked);
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
        assertFound(store, activated(token).withRevocation(revocation));
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
        assertKept("activations that failed", store, List.of(token));
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
        TokenStore store = new RetryingStore(emptyStore());
        Duel.<Boolean>rounds(store, raceTime(), round -> {
            Token token = pending(new Owner("user" + round), "t" + round, "old");
            store.add(token);
            Revocation revocation = act(round);
            int revoker = round % 4 == 0 ? 0 : 1;
            boolean all = round / 4 % 2 == 0;
            return new Duel.Round<>(
                    contender -> {
                        if (contender != revoker) {
                            return store.activate(token.owner(), token.id());
                        }
                        return all
                                ? store.revokeAll(token.owner(), revocation) == 1
                                : store.revoke(token.owner(), token.id(), revocation);
                    },
                    answers -> {
                        assertThat(answers.get(revoker))
                                .as("%s is revoked", token.id())
                                .isTrue();
                        boolean activated = answers.get(1 - revoker);
                        assertThat(store.find(token.id()))
                                .as("Activated, if %s, and revoked", activated)
                                .contains((activated ? activated(token) : token).withRevocation(revocation));
                        assertThat(store.activate(token.owner(), token.id()))
                                .as("%s is activated once revoked", token.id())
                                .isFalse();
                    });
        });
    }

    private static Token activated(Token token) {
        return token.toBuilder().predecessor(null).build();
    }
}
