package io.tokenstore.contract;

import static io.tokenstore.contract.Rule.R10;
import static io.tokenstore.contract.Rule.R11;
import static io.tokenstore.contract.Rule.R5;
import static io.tokenstore.contract.Rule.R6;
import static io.tokenstore.contract.Rule.R7;
import static io.tokenstore.contract.Rule.R8;
import static io.tokenstore.contract.Rule.R9;
import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.expiring;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.revocation;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.Username;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A token is revoked once, by its owner's name, and for ever. */
public interface RevokeContract extends StoreUnderTest {

    /** R5. */
    @Test
    default void r5_another_users_token_is_not_revoked() throws Exception {
        TokenStore store = emptyStore();
        Token token = live(ALICE, "t1");
        store.add(token);
        store.add(live(BOB, "t2"));
        assertThat(store.revoke(BOB, token.id(), revocation("bob")))
                .as(R5.toString())
                .isFalse();
        assertThat(store.find(token.id())).as(R5.toString()).contains(token);
    }

    /** R5. */
    @Test
    default void r5_an_unknown_id_or_owner_is_false_and_creates_nothing() throws Exception {
        TokenStore store = emptyStore();
        Token token = live(ALICE, "t1");
        store.add(token);
        assertThat(store.revoke(ALICE, id("t2"), revocation("alice")))
                .as(R5.toString())
                .isFalse();
        assertThat(store.revoke(BOB, id("t2"), revocation("bob")))
                .as(R5.toString())
                .isFalse();
        assertThat(store.find(id("t2"))).as(R5.toString()).isEmpty();
        assertThat(store.list(ALICE, null, 10)).as(R5.toString()).containsExactly(token);
    }

    /** R6. */
    @Test
    default void r6_a_revoked_token_tells_when_by_whom_and_why() throws Exception {
        TokenStore store = emptyStore();
        List<Revocation> revocations = List.of(
                new Revocation(UUID.randomUUID(), NOW.plusSeconds(5), "alice", "lost laptop"),
                new Revocation(UUID.randomUUID(), NOW.plusSeconds(6), "leak scanner", null),
                new Revocation(new UUID(0, 0), NOW.plusSeconds(7), "bob", "\uD83D\uDD11".repeat(255)),
                new Revocation(new UUID(-1, -1), NOW.plusSeconds(8), "bob", " "));
        for (int i = 0; i < revocations.size(); i++) {
            Token token = live(ALICE, "t" + i);
            store.add(token);
            assertThat(store.revoke(ALICE, token.id(), revocations.get(i)))
                    .as(R6.toString())
                    .isTrue();
            assertThat(store.find(token.id())).as(R6.toString()).contains(token.withRevocation(revocations.get(i)));
        }
    }

    /** R7. */
    @Test
    default void r7_a_second_revocation_is_false_and_moves_nothing() throws Exception {
        TokenStore store = emptyStore();
        Token token = live(ALICE, "t1");
        Revocation first = new Revocation(UUID.randomUUID(), NOW, "alice", null);
        store.add(token);
        store.revoke(ALICE, token.id(), first);
        Revocation second = new Revocation(UUID.randomUUID(), NOW.plusSeconds(60), "bob", "later");
        assertThat(store.revoke(ALICE, token.id(), second)).as(R7.toString()).isFalse();
        assertThat(store.find(token.id())).as(R7.toString()).contains(token.withRevocation(first));
    }

    /** R7. */
    @Test
    default void r7_a_repeated_revocation_rewrites_nothing() throws Exception {
        TokenStore store = emptyStore();
        for (String reason : new String[] {null, "theft"}) {
            Token token = live(ALICE, "for-" + reason);
            Revocation first = new Revocation(UUID.randomUUID(), NOW, "alice", reason);
            store.add(token);
            store.revoke(ALICE, token.id(), first);
            for (String rewritten : new String[] {null, "second thoughts"}) {
                store.revoke(ALICE, token.id(), new Revocation(first.id(), NOW.plusSeconds(60), "bob", rewritten));
                assertThat(store.find(token.id())).as(R7.toString()).contains(token.withRevocation(first));
            }
        }
    }

    /** R8. */
    @Test
    default void r8_a_repeated_revocation_is_true_again_and_a_beaten_one_stays_false() throws Exception {
        TokenStore store = emptyStore();
        store.add(live(ALICE, "t1"));
        Revocation first = revocation("alice");
        Revocation second = revocation("alice");
        for (int i = 0; i < 3; i++) {
            assertThat(store.revoke(ALICE, id("t1"), first)).as(R8.toString()).isTrue();
            assertThat(store.revoke(ALICE, id("t1"), second)).as(R8.toString()).isFalse();
        }
        assertThat(store.revoke(BOB, id("t1"), first)).as(R5.toString()).isFalse();
    }

    /** R8. */
    @Test
    default void r8_a_token_that_was_added_revoked_answers_its_own_revocation_true() throws Exception {
        TokenStore store = emptyStore();
        Revocation first = revocation("alice");
        store.add(live(ALICE, "t1").withRevocation(first));
        assertThat(store.revoke(ALICE, id("t1"), first)).as(R8.toString()).isTrue();
        assertThat(store.revoke(ALICE, id("t1"), revocation("alice")))
                .as(R7.toString())
                .isFalse();
    }

    /** R9. */
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
                assertThat(Collections.frequency(answers, true))
                        .as(R9.toString())
                        .isEqualTo(1);
                assertThat(store.find(id).map(Token::revocation))
                        .as(R9.toString())
                        .contains(revocations.get(answers.indexOf(true)));
            }
        }
    }

    /** R8, R9. */
    @Test
    default void r9_threads_that_repeat_one_revocation_are_all_answered_true() throws Exception {
        TokenStore store = emptyStore();
        try (Race race = new Race(8)) {
            for (int round = 0; round < 30; round++) {
                TokenId id = id("t" + round);
                Revocation revocation = revocation("alice");
                store.add(live(ALICE, id.value()));
                assertThat(race.round(contender -> store.revoke(ALICE, id, revocation)))
                        .as(R8.toString())
                        .containsOnly(true);
            }
        }
    }

    /** R10. */
    @Test
    default void r10_owners_who_look_alike_are_different_owners() throws Exception {
        TokenStore store = emptyStore();
        String supplementary = Character.toString(0x20000);
        List<Username> owners = Stream.of(
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
                        "fi",
                        supplementary,
                        Character.toString(0x20001),
                        supplementary.repeat(254),
                        supplementary.repeat(255),
                        supplementary.repeat(254) + Character.toString(0x20001))
                .map(Username::new)
                .toList();
        for (int i = 0; i < owners.size(); i++) {
            store.add(live(owners.get(i), "t" + i));
        }
        for (int i = 0; i < owners.size(); i++) {
            Username owner = owners.get(i);
            assertThat(store.list(owner, null, 100)).as(R10.toString()).containsExactly(live(owner, "t" + i));
            for (int j = 0; j < owners.size(); j++) {
                if (i != j) {
                    assertThat(store.revoke(owner, id("t" + j), revocation("x")))
                            .as(R10.toString())
                            .isFalse();
                }
            }
        }
        for (int i = 0; i < owners.size(); i++) {
            Token own = live(owners.get(i), "all" + i);
            store.add(own);
            store.revoke(own.owner(), id("t" + i), revocation("x"));
            Revocation all = revocation("x");
            assertThat(store.revokeAll(own.owner(), all)).as(R10.toString()).isEqualTo(1);
            assertThat(store.find(own.id())).as(R10.toString()).contains(own.withRevocation(all));
        }
    }

    /** R10. */
    @Test
    default void r10_the_longest_owners_revoke_their_tokens() throws Exception {
        TokenStore store = emptyStore();
        List<Username> owners = Stream.of(
                        "a".repeat(254) + "b",
                        "a".repeat(255),
                        "\u6F22".repeat(255),
                        Character.toString(0x20000).repeat(255))
                .map(Username::new)
                .toList();
        for (int i = 0; i < owners.size(); i++) {
            store.add(live(owners.get(i), "t" + i));
        }
        for (int i = 0; i < owners.size(); i++) {
            assertThat(store.revoke(owners.get(i), id("t" + i), revocation("x")))
                    .as(R10.toString())
                    .isTrue();
        }
    }

    /** R10. */
    @Test
    default void r10_an_id_in_another_case_is_not_revoked() throws Exception {
        TokenStore store = emptyStore();
        Token token = live(ALICE, "abc");
        store.add(token);
        for (String other : List.of("ABC", "Abc", "abc.", "ab", "a_c", "a%")) {
            assertThat(store.revoke(ALICE, id(other), revocation("alice")))
                    .as(R10.toString())
                    .isFalse();
        }
        assertThat(store.find(token.id())).as(R10.toString()).contains(token);
    }

    /** R11. */
    @Test
    default void r11_an_expired_token_can_be_revoked() throws Exception {
        TokenStore store = emptyStore();
        Token expired = expiring(ALICE, "t1", NOW.minusSeconds(3600));
        Revocation revocation = revocation("alice");
        store.add(expired);
        assertThat(store.revoke(ALICE, expired.id(), revocation))
                .as(R11.toString())
                .isTrue();
        assertThat(store.find(expired.id())).as(R11.toString()).contains(expired.withRevocation(revocation));
    }
}
