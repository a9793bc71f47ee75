package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.MIXED;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.addMixed;
import static io.tokenstore.contract.Samples.expiring;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.pending;
import static io.tokenstore.contract.Samples.revocation;
import static io.tokenstore.contract.Samples.revokedAt;
import static io.tokenstore.contract.TokenComparison.assertInAnyOrder;
import static io.tokenstore.contract.TokenComparison.assertInOrder;
import static io.tokenstore.contract.TokenComparison.assertKept;
import static io.tokenstore.contract.TokenComparison.assertPurgeLeaves;
import static io.tokenstore.contract.TokenComparison.shown;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Actor;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
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
                pending(ALICE, "a-successor", "expired"),
                pending(ALICE, "z-successor", "revoked"),
                expiring(ALICE, "expires-later", microLater),
                expiring(ALICE, "twin", microLater).toBuilder()
                        .hash(endedNow.get(0).hash())
                        .build(),
                live(ALICE, "revoked-later").withRevocation(revokedAt(microLater)),
                live(ALICE, "revoked-with-one-that-goes")
                        .withRevocation(new Revocation(
                                UUID.randomUUID(),
                                microLater,
                                new Actor(Actor.Kind.ADMIN, "ops", id("expired")),
                                null)),
                expiring(ALICE, "expired-but-revoked-later", NOW).withRevocation(revokedAt(microLater)));
        endedNow.forEach(store::add);
        stay.forEach(store::add);

        List<Token> all = Stream.concat(endedNow.stream(), stay.stream()).toList();
        assertPurgeLeaves(all, store, NOW, all.size());
        assertPurgeLeaves(stay, store, microLater, all.size());
        assertInAnyOrder("list(alice)", Walk.list(store, ALICE), stay);
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
    default void r16_each_step_of_a_walk_has_an_instant_of_its_own() throws Exception {
        TokenStore store = emptyStore();
        List<Token> stay = addMixed(store);
        TokenId half = store.purge(Texts.FIRST, null, MIXED / 2).resumeAfter();
        assertThat(half).isNotNull();
        int removed = Walk.purge(store, NOW, half, 7);
        assertThat(removed).as("Removed after %s", half).isPositive();
        removed += Walk.purge(store, NOW);
        assertKept("a purge in two parts", store, stay);
        assertThat(removed).as("Removed").isEqualTo(MIXED - stay.size());
    }

    @Test
    default void r16_live_tokens_outlast_every_purge() throws Exception {
        TokenStore store = emptyStore();
        Token endless = live(ALICE, "endless");
        store.add(endless);
        assertPurgeLeaves(List.of(endless), store, Texts.LAST, 1);
    }

    @Test
    default void r17_a_walk_over_an_empty_store_removes_nothing_and_ends() throws Exception {
        assertThat(Walk.purge(emptyStore(), NOW)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 50, 120, Integer.MAX_VALUE})
    default void r17_a_walk_of_bounded_steps_removes_all_that_ended_and_nothing_else(int maxExamined) throws Exception {
        TokenStore store = emptyStore();
        List<Token> stay = addMixed(store);
        int removed = Walk.purge(store, NOW, null, maxExamined);
        assertKept("a purge in steps of " + maxExamined, store, stay);
        assertThat(removed).as("Removed").isEqualTo(MIXED - stay.size());
    }

    @Test
    default void r17_a_walk_begins_with_the_first_even_if_another_one_was_not_finished() throws Exception {
        TokenStore store = emptyStore();
        for (int i = 0; i < 5; i++) {
            store.add(expiring(ALICE, "t" + i, NOW.minusSeconds(1)));
        }
        store.purge(Instant.EPOCH, null, 2);
        store.scan(null, 2);
        store.list(ALICE, null, 2);
        assertThat(Walk.list(store, ALICE, null, 2)).as("list").hasSize(5);
        assertThat(Walk.scan(store, null, 2)).as("scan").hasSize(5);
        assertThat(Walk.purge(store, NOW, null, 2)).as("Removed").isEqualTo(5);
    }

    @Test
    default void r17_a_walk_removes_more_tokens_than_a_page_holds() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        List<Token> ended = IntStream.range(0, TokenStore.MAX_PAGE + 1)
                .mapToObj(i -> expiring(ALICE, "t" + i, NOW.minusSeconds(1)))
                .toList();
        InParallel.forEach(ended, store::add);
        assertThat(Walk.purge(store, NOW, null, 10_000)).isEqualTo(ended.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 50, 239})
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
        assertKept("a purge", store, stay);
        assertThat(Walk.purge(store, NOW)).isZero();
    }

    @Test
    default void r17_a_purge_goes_on_after_a_token_that_is_gone_and_does_not_begin_anew() throws Exception {
        TokenStore store = emptyStore();
        List<Token> all = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            store.add(live(i % 2 == 0 ? ALICE : BOB, "t" + i * 7));
        }
        all.addAll(Walk.scan(store));
        Revocation ended = revokedAt(NOW.minusSeconds(1));
        int middle = 5;
        Token gone = all.get(middle);
        store.revoke(gone.owner(), gone.id(), ended);
        Walk.purge(store, NOW);
        for (Token token : all) {
            store.revoke(token.owner(), token.id(), ended);
        }
        all.replaceAll(token -> token.withRevocation(ended));
        Walk.purge(store, NOW, gone.id(), 2);
        assertInOrder("scan after a purge after one that is gone", Walk.scan(store), all.subList(0, middle));
        for (String unknown : List.of("!", "t5", "~".repeat(255))) {
            List<Token> before = Walk.scan(store);
            int removed = Walk.purge(store, NOW, id(unknown), 2);
            List<Token> rest = before.subList(0, before.size() - removed);
            assertInOrder("scan after a purge after " + shown(unknown), Walk.scan(store), rest);
        }
    }
}
