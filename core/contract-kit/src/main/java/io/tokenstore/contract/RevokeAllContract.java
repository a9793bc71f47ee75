package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.ofEveryShape;
import static io.tokenstore.contract.Samples.pending;
import static io.tokenstore.contract.Samples.revocation;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All tokens of one user are revoked at once. */
public interface RevokeAllContract extends StoreUnderTest {

    @Test
    default void r12_every_token_of_the_owner_is_revoked_and_no_other() throws Exception {
        TokenStore store = emptyStore();
        List<Token> own = ofEveryShape(ALICE).stream()
                .filter(token -> token.revocation() == null)
                .toList();
        Token others = live(BOB, "b1");
        own.forEach(store::add);
        store.add(others);
        Revocation all = revocation("alice");
        assertThat(store.revokeAll(ALICE, all)).isEqualTo(own.size());
        for (Token token : own) {
            assertThat(store.find(token.id())).contains(token.withRevocation(all));
        }
        assertThat(store.find(others.id())).contains(others);
    }

    @Test
    default void r12_thousands_of_tokens_are_revoked_to_the_last() throws Exception {
        TokenStore store = emptyStore();
        int tokens = 2_501;
        IntStream.range(0, tokens).forEach(i -> store.add(live(ALICE, "t" + i)));
        Revocation all = revocation("alice");
        assertThat(store.revokeAll(ALICE, all)).isEqualTo(tokens);
        assertThat(Walk.list(store, ALICE))
                .hasSize(tokens)
                .extracting(Token::revocation)
                .containsOnly(all);
    }

    @Test
    default void r12_a_purged_token_is_not_counted() throws Exception {
        TokenStore store = emptyStore();
        store.add(live(ALICE, "t1"));
        store.add(live(ALICE, "t2"));
        Revocation all = revocation("alice");
        store.revokeAll(ALICE, all);
        Walk.purge(store, NOW.plusSeconds(1));
        assertThat(store.revokeAll(ALICE, all)).isZero();
        store.add(live(ALICE, "t3"));
        assertThat(store.revokeAll(ALICE, all)).isEqualTo(1);
    }

    @Test
    default void r12_what_was_revoked_before_keeps_its_own_revocation() throws Exception {
        TokenStore store = emptyStore();
        store.add(live(ALICE, "t1"));
        store.add(live(ALICE, "t2"));
        Revocation first = revocation("alice");
        Revocation all = new Revocation(UUID.randomUUID(), NOW.plusSeconds(60), Actor.user("bob"), "left the company");
        store.revoke(ALICE, id("t1"), first);
        assertThat(store.revokeAll(ALICE, all)).isEqualTo(1);
        assertThat(store.find(id("t1")).map(Token::revocation)).contains(first);
        assertThat(store.find(id("t2")).map(Token::revocation)).contains(all);
    }

    @Test
    default void r12_repeated_it_counts_the_same_tokens_finishes_new_ones_and_rewrites_nothing() throws Exception {
        TokenStore store = emptyStore();
        store.add(live(ALICE, "t1"));
        store.add(live(ALICE, "t2"));
        Revocation all = revocation("alice");
        store.revokeAll(ALICE, all);
        Revocation repeated = new Revocation(all.id(), NOW.plusSeconds(60), Actor.user("bob"), "again");
        assertThat(store.revokeAll(ALICE, repeated)).isEqualTo(2);
        assertThat(store.find(id("t1")).map(Token::revocation)).contains(all);
        store.add(live(ALICE, "t3"));
        assertThat(store.revokeAll(ALICE, all)).isEqualTo(3);
        assertThat(store.revoke(ALICE, id("t3"), all)).isTrue();
        assertThat(store.revokeAll(ALICE, revocation("alice"))).isZero();
    }

    @Test
    default void r12_a_user_without_tokens_counts_none() throws Exception {
        TokenStore store = emptyStore();
        store.add(live(ALICE, "t1"));
        assertThat(store.revokeAll(BOB, revocation("bob"))).isZero();
        assertThat(store.revokeAll(new Owner("ALICE"), revocation("x"))).isZero();
    }

    @Test
    default void r13_when_revoke_and_revoke_all_race_every_answer_agrees_with_what_is_kept() throws Exception {
        TokenStore store = emptyStore();
        int tokens = 6;
        try (Race race = new Race(tokens + 2)) {
            for (int round = 0; round < 50; round++) {
                Owner owner = new Owner("user" + round);
                String prefix = round + "-";
                IntStream.range(0, tokens).forEach(i -> store.add(live(owner, prefix + i)));
                List<Revocation> revocations =
                        Stream.generate(() -> revocation("x")).limit(tokens + 2).toList();
                List<Integer> answers = race.round(contender -> {
                    Revocation own = revocations.get(contender);
                    return contender < tokens
                            ? (store.revoke(owner, id(prefix + contender), own) ? 1 : 0)
                            : store.revokeAll(owner, own);
                });
                List<Revocation> kept = IntStream.range(0, tokens)
                        .mapToObj(i -> store.find(id(prefix + i)).orElseThrow().revocation())
                        .toList();
                for (int i = 0; i < answers.size(); i++) {
                    Revocation own = revocations.get(i);
                    assertThat((long) answers.get(i))
                            .isEqualTo(kept.stream().filter(own::equals).count());
                }
                assertThat(revocations).containsAll(kept);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    default void r28_a_successor_that_is_activated_meanwhile_does_not_escape(boolean idsAscend) throws Exception {
        TokenStore store = emptyStore();
        try (Race race = new Race(2)) {
            for (int round = 0; round < 20; round++) {
                Owner owner = new Owner("user" + round);
                List<TokenId> chain = IntStream.range(0, 1_000)
                        .mapToObj(i -> id(owner + "-" + (idsAscend ? 1_000 + i : 1_999 - i)))
                        .toList();
                store.add(live(owner, chain.get(0).value()));
                // Others on both sides, so that the chain moves on while a pass is under way.
                store.addAll(IntStream.range(0, 100)
                        .mapToObj(i -> live(owner, owner + (i % 2 == 0 ? "-0-" : "-9-") + i))
                        .toList());
                Revocation all = revocation("ops");
                AtomicBoolean returned = new AtomicBoolean();
                List<Integer> answers = race.round(contender -> {
                    if (contender > 0) {
                        return rotate(store, owner, chain, returned);
                    }
                    try {
                        return store.revokeAll(owner, all);
                    } finally {
                        returned.set(true);
                    }
                });
                List<Token> kept = Walk.list(store, owner);
                assertThat(kept).noneMatch(token -> token.predecessor() == null && token.revocation() == null);
                assertThat((long) answers.get(0))
                        .isEqualTo(kept.stream()
                                .filter(token -> all.equals(token.revocation()))
                                .count());
            }
        }
    }

    /** Replaces each token of a chain by the next one, at whose first use it is revoked, until another one revoked it. */
    private static int rotate(TokenStore store, Owner owner, List<TokenId> chain, AtomicBoolean end) {
        int i = 1;
        for (boolean valid = true; valid && i < chain.size() && !end.get(); i++) {
            TokenId old = chain.get(i - 1);
            TokenId successor = chain.get(i);
            Actor firstUse = new Actor(Actor.Kind.ROTATION, "rotation", successor);
            store.add(pending(owner, successor.value(), old.value()));
            valid = store.revoke(owner, old, new Revocation(UUID.randomUUID(), NOW, firstUse, null))
                    && store.activate(owner, successor);
        }
        return i;
    }

    @Test
    default void r12_every_token_whose_add_returned_before_is_revoked_while_others_are_added() throws Exception {
        TokenStore store = emptyStore();
        int adders = 4;
        int each = 25;
        try (Race race = new Race(adders + 1)) {
            for (int round = 0; round < 10; round++) {
                Owner owner = new Owner("user" + round);
                Revocation all = revocation("x");
                Queue<TokenId> added = new ConcurrentLinkedQueue<>();
                String prefix = round + "-";
                List<Integer> answers = race.round(contender -> {
                    if (contender == adders) {
                        while (added.size() < adders * each / 2) {
                            Thread.onSpinWait();
                        }
                        List<TokenId> before = List.copyOf(added);
                        store.revokeAll(owner, all);
                        return (int) before.stream()
                                .filter(id -> store.find(id)
                                        .map(Token::revocation)
                                        .filter(all::equals)
                                        .isEmpty())
                                .count();
                    }
                    for (int i = 0; i < each; i++) {
                        TokenId id = id(prefix + contender + "-" + i);
                        store.add(live(owner, id.value()));
                        added.add(id);
                    }
                    return 0;
                });
                assertThat(answers).as("Escaped").containsOnly(0);
                assertThat(store.revokeAll(owner, all)).isEqualTo(adders * each);
            }
        }
    }
}
