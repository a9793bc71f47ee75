package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.act;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.ofEveryShape;
import static io.tokenstore.contract.Samples.pending;
import static io.tokenstore.contract.Samples.revocation;
import static io.tokenstore.contract.TokenComparison.assertFound;
import static io.tokenstore.contract.TokenComparison.assertKept;
import static io.tokenstore.contract.TokenComparison.assertRevokesAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One call revokes all of a user's tokens. */
public interface RevokeAllContract extends StoreUnderTest {

    @Test
    default void r12_a_token_in_whatever_state_is_revoked_and_nothing_else_of_it_changes() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        List<Token> shapes = ofEveryShape(ALICE);
        List<Token> kept = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            Token shape = shapes.get(i);
            kept.add(Token.builder(shape.id(), Texts.owner(i), shape.name(), shape.createdAt())
                    .hash(shape.hash())
                    .scopes(shape.scopes())
                    .predecessor(shape.predecessor())
                    .renewableUntil(shape.renewableUntil())
                    .minReaderVersion(shape.minReaderVersion())
                    .expiresAt(shape.expiresAt())
                    .build());
        }
        InParallel.forEach(kept, store::add);
        for (int i = 0; i < shapes.size(); i++) {
            Revocation own = shapes.get(i).revocation();
            Revocation revocation = own == null ? revocation("ops") : own;
            kept.set(i, kept.get(i).withRevocation(revocation));
            assertRevokesAll(store, Texts.owner(i), revocation, kept.get(i));
        }
        assertKept("revokeAll for each owner", store, kept);
    }

    @Test
    default void r12_all_tokens_of_the_owner_are_revoked_but_those_that_were_before() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        List<Token> own = ofEveryShape(ALICE);
        Token others = live(BOB, "b1");
        InParallel.forEach(own, store::add);
        store.add(others);
        Revocation all = revocation("alice");
        own.replaceAll(token -> token.revocation() == null ? token.withRevocation(all) : token);
        assertRevokesAll(store, ALICE, all, own.toArray(Token[]::new));
        assertFound(store, others);
        Token later = live(ALICE, "later");
        store.add(later);
        assertFound(store, later);
        own.add(later.withRevocation(all));
        assertRevokesAll(store, ALICE, all, own.toArray(Token[]::new));
        assertThat(store.revoke(ALICE, later.id(), all)).as("revoke repeats it").isTrue();
        assertRevokesAll(store, ALICE, revocation("alice"), own.toArray(Token[]::new));
    }

    @Test
    default void r12_thousands_of_tokens_are_revoked_to_the_last() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        int tokens = 2_501;
        InParallel.forEach(
                IntStream.range(0, tokens).mapToObj(i -> live(ALICE, "t" + i)).toList(), store::add);
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
    default void r12_a_user_without_tokens_counts_none() throws Exception {
        TokenStore store = emptyStore();
        store.add(live(ALICE, "t1"));
        assertThat(store.revokeAll(BOB, revocation("bob"))).isZero();
        assertThat(store.revokeAll(new Owner("ALICE"), revocation("x"))).isZero();
        store.add(live(BOB, "t2"));
        assertFound(store, live(ALICE, "t1"), live(BOB, "t2"));
    }

    @Test
    default void r13_when_revoke_and_revoke_all_race_every_answer_agrees_with_what_is_kept() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        Duel.<Integer>rounds(store, raceTime(), round -> {
            List<Token> tokens = addTwo(store, new Owner("user" + round));
            List<Revocation> acts = List.of(act(2 * round), act(2 * round + 1));
            return new Duel.Round<>(
                    contender -> revoke(store, tokens, acts.get(contender), round % 3 == contender), answers -> {
                        List<Revocation> kept = tokens.stream()
                                .map(token -> store.find(token.id())
                                        .map(Token::revocation)
                                        .orElse(null))
                                .toList();
                        assertThat(acts)
                                .as("Who revoked %s", tokens.get(0).owner())
                                .containsAll(kept);
                        assertThat(answers)
                                .as(
                                        "How many tokens of %s carry each revocation",
                                        tokens.get(0).owner())
                                .isEqualTo(acts.stream()
                                        .map(act -> Collections.frequency(kept, act))
                                        .toList());
                    });
        });
    }

    private static List<Token> addTwo(TokenStore store, Owner owner) {
        List<Token> tokens = List.of(live(owner, owner + "-1"), live(owner, owner + "-2"));
        store.addAll(tokens);
        return tokens;
    }

    private static int revoke(TokenStore store, List<Token> tokens, Revocation act, boolean oneByOne) {
        Owner owner = tokens.get(0).owner();
        return oneByOne
                ? (int) tokens.stream()
                        .filter(token -> store.revoke(owner, token.id(), act))
                        .count()
                : store.revokeAll(owner, act);
    }

    @Test
    default void r28_a_successor_that_is_activated_meanwhile_does_not_escape() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        Duel.<Integer>rounds(store, raceTime(), round -> {
            Owner owner = new Owner("user" + round);
            boolean idsAscend = round % 2 == 0;
            List<TokenId> chain = IntStream.range(0, 20)
                    .mapToObj(i -> id(owner + "-" + (idsAscend ? 10 + i : 99 - i)))
                    .toList();
            // Other tokens on both sides, so that the chain advances while a pass is under way; few if the store is
            // slow.
            store.addAll(Stream.concat(
                            Stream.of(live(owner, chain.get(0).value())),
                            IntStream.range(0, Math.min(round, 20))
                                    .mapToObj(i -> live(owner, owner + (i % 2 == 0 ? "-0-" : "-9-") + i)))
                    .toList());
            Revocation all = act(round);
            AtomicBoolean returned = new AtomicBoolean();
            return new Duel.Round<>(
                    contender -> {
                        if (contender > 0) {
                            return rotate(store, owner, chain, returned);
                        }
                        try {
                            return store.revokeAll(owner, all);
                        } finally {
                            returned.set(true);
                        }
                    },
                    answers -> {
                        List<Token> kept = Walk.list(store, owner);
                        assertThat(kept)
                                .filteredOn(token -> token.predecessor() == null && token.revocation() == null)
                                .as("Tokens that are valid")
                                .isEmpty();
                        assertThat((long) answers.get(0))
                                .as("How many tokens of %s were counted", owner)
                                .isEqualTo(kept.stream()
                                        .filter(token -> all.equals(token.revocation()))
                                        .count());
                    });
        });
    }

    /** Replaces each token of a chain by the next, whose first use revokes it, until somebody else has revoked one. */
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
        TokenStore store = new RetryingStore(emptyStore());
        int adders = 3;
        int each = 10;
        try (Race race = new Race(adders + 1)) {
            for (int round = 0; round < 5; round++) {
                Owner owner = new Owner("user" + round);
                Revocation all = revocation("x");
                Queue<TokenId> added = new ConcurrentLinkedQueue<>();
                String prefix = round + "-";
                List<List<Token>> escaped = race.round(contender -> {
                    if (contender == adders) {
                        race.await(() -> added.size() >= adders * each / 2);
                        List<TokenId> before = List.copyOf(added);
                        store.revokeAll(owner, all);
                        return store.findAll(before).values().stream()
                                .filter(token -> !all.equals(token.revocation()))
                                .toList();
                    }
                    for (int i = 0; i < each; i++) {
                        TokenId id = id(prefix + contender + "-" + i);
                        store.add(live(owner, id.value()));
                        added.add(id);
                    }
                    return List.of();
                });
                assertThat(escaped.get(adders))
                        .as("Added before, and not revoked")
                        .isEmpty();
                assertThat(store.revokeAll(owner, all)).isEqualTo(adders * each);
            }
        }
    }
}
