package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.expiring;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.ofEveryShape;
import static io.tokenstore.contract.Samples.revocation;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.util.Collections;
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
        assertThat(store.find(token.id())).contains(token);
    }

    @Test
    default void r5_an_unknown_id_or_owner_is_false_and_creates_nothing() throws Exception {
        TokenStore store = emptyStore();
        Token token = live(ALICE, "t1");
        store.add(token);
        assertThat(store.revoke(ALICE, id("t2"), revocation("alice"))).isFalse();
        assertThat(store.revoke(BOB, id("t2"), revocation("bob"))).isFalse();
        assertThat(store.find(id("t2"))).isEmpty();
        assertThat(Walk.list(store, ALICE)).containsExactly(token);
    }

    @Test
    default void r6_a_revoked_token_tells_when_by_whom_and_why() throws Exception {
        TokenStore store = emptyStore();
        List<Revocation> revocations = List.of(
                new Revocation(UUID.randomUUID(), NOW.plusSeconds(5), Actor.user("alice"), "lost laptop"),
                new Revocation(UUID.randomUUID(), NOW.plusSeconds(6), Actor.user("leak scanner"), null),
                new Revocation(UUID.randomUUID(), NOW, new Actor(Actor.Kind.USER, "alice", id("t99")), "by a token"),
                new Revocation(UUID.randomUUID(), NOW, new Actor(Actor.Kind.ADMIN, "ops", id("t98")), null),
                new Revocation(UUID.randomUUID(), NOW, new Actor(Actor.Kind.PRESENTER, "presented", id("t97")), null),
                new Revocation(
                        UUID.randomUUID(), NOW, new Actor(Actor.Kind.ROTATION, "alice", id("~".repeat(255))), null),
                new Revocation(new UUID(0, 0), NOW.plusSeconds(7), Actor.user("bob"), "\uD83D\uDD11".repeat(255)),
                new Revocation(new UUID(-1, -1), NOW.plusSeconds(8), Actor.user("bob"), " "));
        for (int i = 0; i < revocations.size(); i++) {
            Token token = live(ALICE, "t" + i);
            store.add(token);
            assertThat(store.revoke(ALICE, token.id(), revocations.get(i))).isTrue();
            assertThat(store.find(token.id())).contains(token.withRevocation(revocations.get(i)));
        }
    }

    @Test
    default void r6_nothing_but_the_revocation_of_the_token_changes() throws Exception {
        TokenStore store = emptyStore();
        Revocation revocation = revocation("ops");
        for (Token token : ofEveryShape(ALICE)) {
            store.add(token);
            boolean wasRevoked = token.revocation() != null;
            assertThat(store.revoke(ALICE, token.id(), revocation)).isEqualTo(!wasRevoked);
            assertThat(store.find(token.id())).contains(wasRevoked ? token : token.withRevocation(revocation));
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
        assertThat(store.find(token.id())).contains(token.withRevocation(first));
    }

    @Test
    default void r7_a_repeated_revocation_rewrites_nothing() throws Exception {
        TokenStore store = emptyStore();
        for (String reason : new String[] {null, "theft"}) {
            Token token = live(ALICE, "for-" + reason);
            Revocation first = new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), reason);
            store.add(token);
            store.revoke(ALICE, token.id(), first);
            for (String rewritten : new String[] {null, "second thoughts"}) {
                store.revoke(
                        ALICE,
                        token.id(),
                        new Revocation(
                                first.id(),
                                NOW.plusSeconds(60),
                                revocation("bob").by(),
                                rewritten));
                assertThat(store.find(token.id())).contains(token.withRevocation(first));
            }
        }
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
    default void r9_of_sixteen_threads_exactly_one_wins() throws Exception {
        TokenStore store = emptyStore();
        try (Race race = new Race(16)) {
            for (int round = 0; round < 100; round++) {
                TokenId id = id("t" + round);
                List<Revocation> revocations =
                        Stream.generate(() -> revocation("alice")).limit(16).toList();
                store.add(live(ALICE, id.value()));
                List<Boolean> answers = race.round(contender -> store.revoke(ALICE, id, revocations.get(contender)));
                assertThat(Collections.frequency(answers, true)).isEqualTo(1);
                assertThat(store.find(id).map(Token::revocation)).contains(revocations.get(answers.indexOf(true)));
            }
        }
    }

    @Test
    default void r9_threads_that_repeat_one_revocation_are_all_answered_true() throws Exception {
        TokenStore store = emptyStore();
        try (Race race = new Race(8)) {
            for (int round = 0; round < 30; round++) {
                TokenId id = id("t" + round);
                Revocation revocation = revocation("alice");
                store.add(live(ALICE, id.value()));
                assertThat(race.round(contender -> store.revoke(ALICE, id, revocation)))
                        .containsOnly(true);
            }
        }
    }

    @Test
    default void r10_owners_who_look_alike_are_different_owners() throws Exception {
        TokenStore store = emptyStore();
        String supplementary = Character.toString(0x20000);
        List<Owner> owners = Stream.of(
                        "alice",
                        "ALICE",
                        "Alice",
                        "\u00E1lice",
                        "alice_",
                        "alic",
                        "\uFF41lice",
                        "stra\u00DFe",
                        "strasse",
                        "i",
                        "\u0131",
                        "K",
                        "\u212A",
                        "\uFB01",
                        "\u00E9",
                        "e\u0301",
                        "alice@example.com",
                        "alice@example.co_",
                        "42",
                        "042",
                        "'",
                        "%",
                        "\\",
                        "\uD83D\uDD11",
                        "fi",
                        supplementary,
                        Character.toString(0x20001),
                        supplementary.repeat(254),
                        supplementary.repeat(255),
                        supplementary.repeat(254) + Character.toString(0x20001))
                .map(Owner::new)
                .toList();
        for (int i = 0; i < owners.size(); i++) {
            store.add(live(owners.get(i), "t" + i));
        }
        for (int i = 0; i < owners.size(); i++) {
            Owner owner = owners.get(i);
            assertThat(Walk.list(store, owner)).containsExactly(live(owner, "t" + i));
            for (int j = 0; j < owners.size(); j++) {
                if (i != j) {
                    assertThat(store.revoke(owner, id("t" + j), revocation("x")))
                            .isFalse();
                }
            }
        }
        for (int i = 0; i < owners.size(); i++) {
            Token own = live(owners.get(i), "all" + i);
            store.add(own);
            store.revoke(own.owner(), id("t" + i), revocation("x"));
            Revocation all = revocation("x");
            assertThat(store.revokeAll(own.owner(), all)).isEqualTo(1);
            assertThat(store.find(own.id())).contains(own.withRevocation(all));
        }
    }

    @Test
    default void r10_the_longest_owners_revoke_their_tokens() throws Exception {
        TokenStore store = emptyStore();
        List<Owner> owners = Stream.of(
                        "a".repeat(254) + "b",
                        "a".repeat(255),
                        "\u6F22".repeat(255),
                        Character.toString(0x20000).repeat(255))
                .map(Owner::new)
                .toList();
        for (int i = 0; i < owners.size(); i++) {
            store.add(live(owners.get(i), "t" + i));
        }
        for (int i = 0; i < owners.size(); i++) {
            assertThat(store.revoke(owners.get(i), id("t" + i), revocation("x")))
                    .isTrue();
        }
    }

    @Test
    default void r10_an_id_in_another_case_is_not_revoked() throws Exception {
        TokenStore store = emptyStore();
        Token token = live(ALICE, "abc");
        store.add(token);
        for (String other : List.of("ABC", "Abc", "abc.", "ab", "a_c", "a%")) {
            assertThat(store.revoke(ALICE, id(other), revocation("alice"))).isFalse();
        }
        assertThat(store.find(token.id())).contains(token);
    }

    @Test
    default void r11_an_expired_token_can_be_revoked() throws Exception {
        TokenStore store = emptyStore();
        Token expired = expiring(ALICE, "t1", NOW.minusSeconds(3600));
        Revocation revocation = revocation("alice");
        store.add(expired);
        assertThat(store.revoke(ALICE, expired.id(), revocation)).isTrue();
        assertThat(store.find(expired.id())).contains(expired.withRevocation(revocation));
    }
}
