package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.expiring;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.pending;
import static io.tokenstore.contract.Samples.revocation;
import static io.tokenstore.contract.TokenComparison.assertFound;
import static io.tokenstore.contract.TokenComparison.assertPurgeLeaves;
import static io.tokenstore.contract.TokenComparison.assertRevokesAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Only its id makes a revocation the same act: when a retry comes, and what else it says, does not matter. */
public interface RetryContract extends StoreUnderTest {

    /** Returns the same act as a host repeats it: at another instant, or with other data. */
    private static List<Revocation> retriesOf(Revocation act) {
        Actor by = act.by();
        UUID same = new UUID(act.id().getMostSignificantBits(), act.id().getLeastSignificantBits());
        return List.of(
                act,
                new Revocation(same, act.at(), by, act.reason()),
                new Revocation(same, act.at().plus(Duration.ofNanos(1_000)), by, act.reason()),
                new Revocation(same, act.at().plus(Duration.ofDays(400)), by, act.reason()),
                new Revocation(same, act.at().minusSeconds(60), by, act.reason()),
                new Revocation(same, act.at(), by, act.reason() == null ? "given later" : null),
                new Revocation(same, act.at(), by, "another"),
                new Revocation(same, act.at(), new Actor(Actor.Kind.PRESENTER, by.name(), by.token()), act.reason()),
                new Revocation(same, act.at(), new Actor(by.kind(), "another", by.token()), act.reason()),
                new Revocation(same, act.at(), new Actor(by.kind(), by.name(), id("another")), act.reason()),
                new Revocation(same, act.at(), new Actor(by.kind(), by.name(), null), act.reason()));
    }

    private static List<Revocation> acts() {
        return List.of(
                revocation("ops"),
                new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), "lost laptop"),
                new Revocation(new UUID(0, 0), NOW, Actor.user("alice"), "by an id of zeros"));
    }

    @Test
    default void r8_a_retry_that_differs_in_all_but_the_id_is_true_again() throws Exception {
        TokenStore store = emptyStore();
        for (Revocation act : acts()) {
            Token token = expiring(ALICE, "t-" + act.id(), NOW.plusSeconds(30));
            store.add(token);
            store.revoke(ALICE, token.id(), act);
            Token added = live(ALICE, "added-" + act.id()).withRevocation(act);
            store.add(added);
            for (Revocation retry : retriesOf(act)) {
                for (Token revoked : List.of(token, added)) {
                    assertThat(store.revoke(ALICE, revoked.id(), retry))
                            .as("%s, first %s, repeated as %s", revoked.id(), act, retry)
                            .isTrue();
                }
            }
        }
    }

    @Test
    default void r7_a_retry_that_differs_in_all_but_the_id_rewrites_nothing() throws Exception {
        TokenStore store = emptyStore();
        for (Revocation act : acts()) {
            Token token = live(ALICE, "t-" + act.id());
            store.add(token);
            store.revoke(ALICE, token.id(), act);
            for (Revocation retry : retriesOf(act)) {
                store.revoke(ALICE, token.id(), retry);
                assertFound(store, token.withRevocation(act));
                store.revokeAll(ALICE, retry);
                assertFound(store, token.withRevocation(act));
            }
        }
    }

    /** Each of these equals the first one by hash code, by one half, in signed bytes or backward. */
    @Test
    default void r7_an_act_whose_id_is_alike_is_another_act() throws Exception {
        TokenStore store = emptyStore();
        UUID id = UUID.fromString("0d1f2a3b-4c5d-4e6f-8a9b-acbdcedf0112");
        long most = id.getMostSignificantBits();
        long least = id.getLeastSignificantBits();
        List<UUID> alike = List.of(
                new UUID(least, most),
                new UUID(most, least + 1),
                new UUID(most, ~least),
                new UUID(most + 1, least),
                new UUID(~most, least),
                new UUID(~most, ~least),
                new UUID(most ^ 1L << 32, least),
                new UUID(Long.reverseBytes(least), Long.reverseBytes(most)));
        Token token = live(ALICE, "t1");
        Revocation first = new Revocation(id, NOW, Actor.user("alice"), "lost laptop");
        store.add(token);
        store.revoke(ALICE, token.id(), first);
        for (UUID other : alike) {
            Revocation act = new Revocation(other, first.at(), first.by(), first.reason());
            assertThat(store.revoke(ALICE, token.id(), act))
                    .as("revoke by %s, first by %s", other, id)
                    .isFalse();
            assertThat(store.revokeAll(ALICE, act))
                    .as("revokeAll by %s, first by %s", other, id)
                    .isZero();
        }
        assertFound(store, token.withRevocation(first));
    }

    @Test
    default void r8_a_late_retry_is_true_whatever_came_between() throws Exception {
        TokenStore store = emptyStore();
        List<Token> tokens = List.of(
                live(ALICE, "t1"),
                live(ALICE, "t2"),
                expiring(ALICE, "expired", NOW.minusSeconds(60)),
                pending(ALICE, "pending", "t1"));
        List<Revocation> acts = new ArrayList<>();
        for (Token token : tokens) {
            store.add(token);
            acts.add(revocation("x"));
            assertThat(store.revoke(ALICE, token.id(), acts.get(acts.size() - 1)))
                    .isTrue();
        }
        store.add(live(ALICE, "last"));
        Revocation all = revocation("ops");
        store.revokeAll(ALICE, all);
        store.revokeAll(BOB, revocation("ops"));
        store.activate(ALICE, id("pending"));
        store.activate(ALICE, id("t1"));
        store.add(expiring(BOB, "purged", NOW.minusSeconds(60)));
        assertThat(Walk.purge(store, NOW)).isEqualTo(1);
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < tokens.size(); i++) {
                for (int j = 0; j < acts.size(); j++) {
                    assertThat(store.revoke(ALICE, tokens.get(i).id(), acts.get(j)))
                            .as(
                                    "%s repeats the revocation of %s",
                                    tokens.get(i).id(), tokens.get(j).id())
                            .isEqualTo(i == j);
                }
                assertThat(store.revoke(ALICE, tokens.get(i).id(), all))
                        .as("%s was revoked before all were", tokens.get(i).id())
                        .isFalse();
                assertFound(store, tokens.get(i).withRevocation(acts.get(i)));
            }
            assertThat(store.revoke(ALICE, id("last"), all)).isTrue();
            assertThat(store.revoke(ALICE, id("last"), acts.get(0))).isFalse();
            assertThat(store.revoke(BOB, id("t1"), acts.get(0)))
                    .as("t1 is not bob's")
                    .isFalse();
            assertThat(store.revoke(ALICE, id("unknown"), acts.get(0))).isFalse();
        }
    }

    @Test
    default void r12_a_late_retry_counts_its_own_tokens_whatever_came_between() throws Exception {
        TokenStore store = emptyStore();
        Token first = live(ALICE, "t1");
        Token second = live(ALICE, "t2");
        store.add(first);
        Revocation firstAct = revocation("ops");
        Revocation secondAct = new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), "lost laptop");
        List<Token> revoked = new ArrayList<>(List.of(
                first.withRevocation(firstAct),
                live(ALICE, "added").withRevocation(firstAct),
                live(ALICE, "added-with-others").withRevocation(firstAct),
                live(ALICE, "by-itself").withRevocation(firstAct)));
        store.add(revoked.get(1));
        store.addAll(List.of(revoked.get(2), live(ALICE, "by-itself")));
        store.revoke(ALICE, id("by-itself"), firstAct);
        assertRevokesAll(store, ALICE, firstAct, revoked.toArray(Token[]::new));
        store.add(second);
        revoked.add(second.withRevocation(secondAct));
        Walk.purge(store, NOW);
        for (int i = 0; i < retriesOf(firstAct).size(); i++) {
            assertRevokesAll(store, ALICE, retriesOf(secondAct).get(i), revoked.toArray(Token[]::new));
            assertRevokesAll(store, ALICE, retriesOf(firstAct).get(i), revoked.toArray(Token[]::new));
        }
        assertThat(store.revokeAll(BOB, firstAct)).as("Bob has no token").isZero();
    }

    @Test
    default void r36_one_act_revokes_many_tokens_and_each_keeps_what_it_was_told() throws Exception {
        TokenStore store = emptyStore();
        Revocation act = revocation("ops");
        List<Revocation> told = retriesOf(act);
        List<Token> revoked = new ArrayList<>();
        for (int i = 0; i < told.size(); i++) {
            Token token = live(i % 3 == 0 ? BOB : ALICE, "t" + i);
            store.add(token);
            assertThat(store.revoke(token.owner(), token.id(), told.get(i)))
                    .as("%s is revoked by the act that revoked %d others", token.id(), i)
                    .isTrue();
            revoked.add(token.withRevocation(told.get(i)));
            assertFound(store, revoked.toArray(Token[]::new));
        }
        Token last = live(ALICE, "with-all");
        store.add(last);
        store.add(live(BOB, "bobs-last"));
        Revocation lately = new Revocation(act.id(), NOW.plusSeconds(900), Actor.admin("late"), "with all");
        Revocation bobs = new Revocation(act.id(), NOW.plusSeconds(901), Actor.admin("later"), null);
        revoked.add(last.withRevocation(lately));
        revoked.add(live(BOB, "bobs-last").withRevocation(bobs));
        assertRevokesAll(store, ALICE, lately, of(ALICE, revoked));
        assertRevokesAll(store, BOB, bobs, of(BOB, revoked));
        for (Token token : revoked) {
            assertThat(store.revoke(token.owner(), token.id(), act))
                    .as("%s is told the act again", token.id())
                    .isTrue();
        }
        assertFound(store, revoked.toArray(Token[]::new));
        for (Instant end : List.of(NOW, NOW.plusSeconds(1), NOW.plusSeconds(901), Texts.LAST)) {
            List<Token> stay = revoked.stream()
                    .filter(token -> !token.endsAt().isBefore(end))
                    .toList();
            assertPurgeLeaves(stay, store, end, revoked.size());
            revoked.retainAll(stay);
        }
    }

    private static Token[] of(Owner owner, List<Token> tokens) {
        return tokens.stream().filter(token -> token.owner().equals(owner)).toArray(Token[]::new);
    }
}
