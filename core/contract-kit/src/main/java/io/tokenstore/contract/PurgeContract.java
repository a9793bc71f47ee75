package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.MIXED;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.addMixed;
import static io.tokenstore.contract.Samples.expiring;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.revocation;
import static io.tokenstore.contract.Samples.revokedAt;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ended tokens are removed, step by step. */
public interface PurgeContract extends StoreUnderTest {

    @Test
    default void r16_a_token_goes_only_when_it_ended_strictly_before_the_instant() throws Exception {
        TokenStore store = emptyStore();
        Instant microLater = NOW.plus(Duration.ofNanos(1_000));
        List<Token> endedNow = List.of(
                expiring(ALICE, "expired", NOW),
                live(ALICE, "revoked").withRevocation(revokedAt(NOW)),
                expiring(ALICE, "revoked-after-expiry", NOW.minusSeconds(60)).withRevocation(revokedAt(NOW)),
                expiring(ALICE, "revoked-before-expiry", NOW.plusSeconds(60)).withRevocation(revokedAt(NOW)));
        List<Token> stay = List.of(
                live(ALICE, "endless"),
                expiring(ALICE, "expires-later", microLater),
                live(ALICE, "revoked-later").withRevocation(revokedAt(microLater)),
                expiring(ALICE, "expired-but-revoked-later", NOW).withRevocation(revokedAt(microLater)));
        endedNow.forEach(store::add);
        stay.forEach(store::add);

        assertThat(Walk.purge(store, NOW)).isEqualTo(0);
        assertThat(Walk.list(store, ALICE)).hasSize(8);
        assertThat(Walk.purge(store, microLater)).isEqualTo(4);
        assertThat(Walk.list(store, ALICE)).containsExactlyInAnyOrderElementsOf(stay);
        for (Token token : endedNow) {
            assertThat(store.find(token.id())).isEmpty();
            assertThat(store.revoke(ALICE, token.id(), revocation("alice"))).isFalse();
        }
    }

    @Test
    default void r16_what_was_revoked_in_the_store_ends_when_it_was_revoked() throws Exception {
        TokenStore store = emptyStore();
        List.of(
                        live(ALICE, "endless"),
                        expiring(ALICE, "expires-later", NOW.plusSeconds(60)),
                        expiring(ALICE, "expired-but-revoked-later", NOW.minusSeconds(60)),
                        live(BOB, "one-of-all"))
                .forEach(store::add);
        store.revoke(ALICE, id("endless"), revokedAt(NOW));
        store.revoke(ALICE, id("expires-later"), revokedAt(NOW));
        store.revoke(ALICE, id("expired-but-revoked-later"), revokedAt(NOW.plusSeconds(60)));
        store.revokeAll(BOB, revokedAt(NOW));
        assertThat(Walk.purge(store, NOW)).isEqualTo(0);
        assertThat(Walk.purge(store, NOW.plusSeconds(1))).isEqualTo(3);
        assertThat(store.find(id("expired-but-revoked-later"))).isPresent();
        assertThat(Walk.purge(store, NOW.plusSeconds(61))).isEqualTo(1);
    }

    @Test
    default void r16_live_tokens_outlast_every_purge() throws Exception {
        TokenStore store = emptyStore();
        Token endless = live(ALICE, "endless");
        store.add(endless);
        assertThat(Walk.purge(store, Instant.parse("9999-12-31T23:59:59.999999Z")))
                .isZero();
        assertThat(store.find(endless.id())).contains(endless);
    }

    @Test
    default void r16_the_id_of_a_purged_token_is_free() throws Exception {
        TokenStore store = emptyStore();
        store.add(live(ALICE, "t1").withRevocation(revokedAt(NOW)));
        Walk.purge(store, NOW.plusSeconds(1));
        Token again = live(new Owner("carol"), "t1");
        store.add(again);
        assertThat(store.find(again.id())).contains(again);
        assertThat(Walk.list(store, ALICE)).isEmpty();
        assertThat(Walk.list(store, again.owner())).containsExactly(again);
    }

    @Test
    default void r17_a_walk_over_an_empty_store_removes_nothing_and_ends() throws Exception {
        assertThat(Walk.purge(emptyStore(), NOW)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 50, 120, 10_000})
    default void r17_a_walk_of_bounded_steps_removes_all_that_ended_and_nothing_else(int maxExamined) throws Exception {
        TokenStore store = emptyStore();
        List<Token> stay = addMixed(store);
        assertThat(Walk.purge(store, NOW, null, maxExamined)).isEqualTo(MIXED - stay.size());
        assertThat(Walk.scan(store)).containsExactlyInAnyOrderElementsOf(stay);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 11, 50, 239})
    default void r17_a_step_examines_at_most_as_many_as_asked_whether_it_removes_them_or_not(int maxExamined)
            throws Exception {
        TokenStore store = emptyStore();
        addMixed(store);
        int steps = 0;
        TokenId after = null;
        do {
            after = store.purge(Instant.EPOCH, after, maxExamined).resumeAfter();
            steps++;
            assertThat(steps).as("A walk ends").isLessThan(10_000);
        } while (after != null);
        assertThat(steps).as("Steps").isGreaterThanOrEqualTo((MIXED + maxExamined - 1) / maxExamined);
    }

    @Test
    default void r17_a_walk_finds_what_ended_behind_tokens_that_stay() throws Exception {
        TokenStore store = emptyStore();
        List<Token> stay = addMixed(store);
        TokenId half = store.purge(NOW, null, MIXED / 2).resumeAfter();
        assertThat(half).isNotNull();
        Walk.purge(store, NOW, half, MIXED);
        assertThat(Walk.scan(store)).containsExactlyInAnyOrderElementsOf(stay);
        assertThat(Walk.purge(store, NOW)).isZero();
    }

    @Test
    default void r18_a_token_that_was_revoked_during_a_purge_is_kept() throws Exception {
        TokenStore store = emptyStore();
        Revocation late = revokedAt(NOW.plusSeconds(60));
        try (Race race = new Race(2)) {
            for (int round = 0; round < 60; round++) {
                List<TokenId> ids = Stream.of("a", "b", "c", "d")
                        .map((round + "-")::concat)
                        .map(TokenId::new)
                        .toList();
                ids.forEach(id -> store.add(expiring(ALICE, id.value(), NOW.minusSeconds(60))));
                List<List<Boolean>> answers = race.round(contender -> {
                    if (contender == 0) {
                        return ids.stream()
                                .map(id -> store.revoke(ALICE, id, late))
                                .toList();
                    }
                    int removed = Walk.purge(store, NOW);
                    return Collections.nCopies(removed, true);
                });
                List<Boolean> revoked = answers.get(0);
                List<Boolean> kept =
                        ids.stream().map(id -> store.find(id).isPresent()).toList();
                assertThat(kept).isEqualTo(revoked);
                assertThat(answers.get(1)).hasSize(Collections.frequency(revoked, false));
            }
        }
    }
}
