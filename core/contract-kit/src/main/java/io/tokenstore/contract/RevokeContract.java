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
import static io.tokenstore.contract.TokenComparison.assertFound;
import static io.tokenstore.contract.TokenComparison.assertInAnyOrder;
import static io.tokenstore.contract.TokenComparison.assertKept;
import static io.tokenstore.contract.TokenComparison.assertRevokesAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Actor;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A token is revoked once, under its owner's name, permanently. */
public interface RevokeContract extends StoreUnderTest {

    @Test
    default void r5_another_users_token_is_not_revoked() throws Exception {
        TokenStore store = emptyStore();
        Token token = live(ALICE, "t1");
        store.add(token);
        store.add(live(BOB, "t2"));
        assertThat(store.revoke(BOB, token.id(), revocation("bob"))).isFalse();
        assertFound(store, token);
    }

    @Test
    default void r5_an_unknown_id_or_owner_is_false_and_creates_nothing() throws Exception {
        TokenStore store = emptyStore();
        Token token = live(ALICE, "t1");
        store.add(token);
        assertThat(store.revoke(ALICE, id("t2"), revocation("alice"))).isFalse();
        assertThat(store.revoke(BOB, id("t2"), revocation("bob"))).isFalse();
        assertThat(store.find(id("t2"))).isEmpty();
        assertInAnyOrder("list(alice)", Walk.list(store, ALICE), List.of(token));
        store.add(live(ALICE, "t2"));
        assertFound(store, live(ALICE, "t2"));
    }

    @Test
    default void r6_a_revoked_token_tells_when_by_whom_and_why_and_nothing_else_changes() throws Exception {
        TokenStore store = emptyStore();
        for (Token token : ofEveryShape(ALICE)) {
            Revocation revocation = token.revocation() == null ? revocation("ops") : token.revocation();
            store.add(token.withRevocation(null));
            assertThat(store.revoke(ALICE, token.id(), revocation))
                    .as("revoke(%s)", token.id())
                    .isTrue();
            assertFound(store, token.withRevocation(revocation));
        }
    }

    @Test
    default void r6_a_revocation_changes_no_other_token() throws Exception {
        TokenStore store = emptyStore();
        Token token = live(ALICE, "t1");
        List<Token> others = List.of(
                pending(ALICE, "its-successor", "t1"),
                pending(BOB, "bobs-successor", "t1"),
                live(ALICE, "with-its-hash").toBuilder().hash(token.hash()).build(),
                live(ALICE, "revoked-with-it")
                        .withRevocation(new Revocation(
                                UUID.randomUUID(), NOW, new Actor(Actor.Kind.PRESENTER, "alice", token.id()), null)));
        store.add(token);
        others.forEach(store::add);
        Revocation revocation = revocation("ops");
        assertThat(store.revoke(ALICE, token.id(), revocation)).isTrue();
        List<Token> kept = new ArrayList<>(others);
        kept.add(token.withRevocation(revocation));
        assertKept("a revocation of t1", store, kept);
    }

    @Test
    default void r7_what_was_added_revoked_keeps_its_own_revocation() throws Exception {
        TokenStore store = emptyStore();
        for (Token token : ofEveryShape(ALICE)) {
            if (token.revocation() != null) {
                store.add(token);
                assertThat(store.revoke(ALICE, token.id(), revocation("ops")))
                        .as("revoke(%s)", token.id())
                        .isFalse();
                assertFound(store, token);
            }
        }
    }

    @Test
    default void r7_a_second_revocation_is_false_and_moves_nothing() throws Exception {
        TokenStore store = emptyStore();
        Token token = live(ALICE, "t1");
        Revocation first = new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
        store.add(token);
        store.revoke(ALICE, token.id(), first);
        Revocation second = new Revocation(UUID.randomUUID(), NOW.plusSeconds(60), Actor.user("bob"), "later");
        assertThat(store.revoke(ALICE, token.id(), second)).isFalse();
        assertFound(store, token.withRevocation(first));
    }

    @Test
    default void r8_a_repeated_revocation_is_true_again_and_a_beaten_one_stays_false() throws Exception {
        TokenStore store = emptyStore();
        store.add(live(ALICE, "t1"));
        Revocation first = revocation("alice");
        Revocation second = revocation("alice");
        for (int i = 0; i < 3; i++) {
            assertThat(store.revoke(ALICE, id("t1"), first)).isTrue();
            assertThat(store.revoke(ALICE, id("t1"), second)).isFalse();
        }
        assertThat(store.revoke(BOB, id("t1"), first)).isFalse();
    }

    @Test
    default void r8_a_token_that_was_added_revoked_returns_true_for_its_own_revocation() throws Exception {
        TokenStore store = emptyStore();
        Revocation first = revocation("alice");
        store.add(live(ALICE, "t1").withRevocation(first));
        assertThat(store.revoke(ALICE, id("t1"), first)).isTrue();
        assertThat(store.revoke(ALICE, id("t1"), revocation("alice"))).isFalse();
    }

    @Test
    default void r9_of_two_threads_exactly_one_wins() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        Duel.<Boolean>rounds(store, raceTime(), round -> {
            TokenId id = id("t" + round);
            store.add(live(ALICE, id.value()));
            List<Revocation> revocations = List.of(act(2 * round), act(2 * round + 1));
            return new Duel.Round<>(
                    contender -> store.revoke(ALICE, id, revocations.get(contender)),
                    answers -> assertOneWon(store, id, revocations, answers));
        });
    }

    @Test
    default void r9_of_sixteen_threads_exactly_one_wins() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        try (Race race = new Race(16)) {
            for (int round = 0; round < 20; round++) {
                TokenId id = id("t" + round);
                List<Revocation> revocations =
                        Stream.generate(() -> revocation("alice")).limit(16).toList();
                store.add(live(ALICE, id.value()));
                List<Boolean> answers = race.round(contender -> store.revoke(ALICE, id, revocations.get(contender)));
                assertOneWon(store, id, revocations, answers);
            }
        }
    }

    private static void assertOneWon(
            TokenStore store, TokenId id, List<Revocation> revocations, List<Boolean> answers) {
        assertThat(answers).as("Who revoked %s", id).containsOnlyOnce(true);
        assertThat(store.find(id).map(Token::revocation))
                .as("What is kept of %s", id)
                .contains(revocations.get(answers.indexOf(true)));
    }

    @Test
    default void r8_threads_that_repeat_one_revocation_are_all_answered_true() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        Duel.<Boolean>rounds(store, raceTime(), round -> {
            TokenId id = id("t" + round);
            Revocation revocation = act(round);
            store.add(live(ALICE, id.value()));
            return new Duel.Round<>(
                    contender -> store.revoke(ALICE, id, revocation),
                    answers -> assertThat(answers)
                            .as("Whether %s is revoked by an act that is repeated", id)
                            .containsOnly(true));
        });
    }

    @Test
    default void r10_an_id_in_another_case_is_not_revoked() throws Exception {
        TokenStore store = emptyStore();
        Token token = live(ALICE, "abc");
        store.add(token);
        for (String other : List.of("ABC", "Abc", "abc.", "ab", "a_c", "a%")) {
            assertThat(store.revoke(ALICE, id(other), revocation("alice"))).isFalse();
        }
        assertFound(store, token);
    }

    @Test
    default void r11_an_expired_token_is_shown_and_can_be_revoked() throws Exception {
        TokenStore store = emptyStore();
        Token expired = expiring(ALICE, "t1", NOW.minusSeconds(3600));
        Revocation revocation = revocation("alice");
        store.add(expired);
        assertFound(store, expired);
        assertInAnyOrder("list", Walk.list(store, ALICE), List.of(expired));
        assertInAnyOrder("scan", Walk.scan(store), List.of(expired));
        assertInAnyOrder("findAll", store.findAll(List.of(expired.id())).values(), List.of(expired));
        assertThat(store.activate(ALICE, expired.id())).as("activate").isTrue();
        assertThat(store.revoke(ALICE, expired.id(), revocation)).as("revoke").isTrue();
        assertFound(store, expired.withRevocation(revocation));
        Token ofBob = expiring(BOB, "t2", NOW.minusSeconds(3600));
        store.add(ofBob);
        assertRevokesAll(store, BOB, revocation, ofBob.withRevocation(revocation));
        assertThat(store.revoke(ALICE, expired.id(), revocation))
                .as("revoke again")
                .isTrue();
    }
}
