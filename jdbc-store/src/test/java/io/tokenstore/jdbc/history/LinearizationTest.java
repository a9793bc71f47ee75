package io.tokenstore.jdbc.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A search that explained every history would prove nothing. The last call of each of these is the one in question. */
class LinearizationTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Instant LATER = NOW.plusSeconds(1);
    private static final Owner ALICE = new Owner("alice");
    private static final Owner BOB = new Owner("bob");

    private static final Token LIVE = token("first", null);
    private static final Token AGAIN = token("second", null);
    private static final Token EXPIRED = token("expired", NOW);
    private static final Revocation LOST = revocation(NOW);
    private static final Revocation STOLEN = revocation(NOW);

    @Test
    void calls_one_after_the_other_are_explained() {
        assertExplained(
                find(1, 2, null),
                Call.add(3, 4, LIVE, true),
                Call.add(5, 6, AGAIN, false),
                Call.revoke(7, 8, BOB, LOST, false),
                Call.list(9, 10, ALICE, Optional.of(LIVE)),
                Call.list(11, 12, BOB, Optional.empty()),
                Call.revoke(13, 14, ALICE, LOST, true),
                Call.revoke(15, 16, ALICE, STOLEN, false),
                Call.revoke(17, 18, ALICE, new Revocation(LOST.id(), LATER, Actor.user("bob"), "again"), true),
                Call.revokeAll(19, 20, ALICE, STOLEN),
                Call.purge(21, 22, NOW),
                find(23, 24, LIVE.withRevocation(LOST)),
                Call.purge(25, 26, LATER),
                find(27, 28, null),
                Call.add(29, 30, AGAIN, true),
                find(31, 32, AGAIN));
    }

    @Test
    void calls_at_one_time_take_effect_in_any_order() {
        assertExplained(
                Call.add(1, 2, LIVE, true),
                Call.revoke(3, 20, ALICE, LOST, false),
                Call.revoke(4, 19, ALICE, STOLEN, true),
                find(5, 9, LIVE.withRevocation(STOLEN)),
                find(6, 8, LIVE));
    }

    @Test
    void a_look_never_goes_back() {
        assertUnexplained(
                Call.add(1, 2, LIVE, true),
                Call.revoke(3, 20, ALICE, STOLEN, true),
                find(4, 5, LIVE.withRevocation(STOLEN)),
                find(6, 7, LIVE));
    }

    @Test
    void an_answered_add_is_found() {
        assertUnexplained(Call.add(1, 2, LIVE, true), find(3, 4, null));
    }

    @Test
    void a_token_that_nobody_added_is_not_found() {
        assertUnexplained(Call.add(1, 2, LIVE, true), find(3, 4, AGAIN));
    }

    @Test
    void two_adds_do_not_both_succeed() {
        assertUnexplained(Call.add(1, 3, LIVE, true), Call.add(2, 4, AGAIN, true));
    }

    @Test
    void an_add_is_no_duplicate_of_nothing() {
        assertUnexplained(Call.add(1, 2, LIVE, false));
    }

    @Test
    void two_revocations_do_not_both_win() {
        assertUnexplained(
                Call.add(1, 2, LIVE, true),
                Call.revoke(3, 5, ALICE, LOST, true),
                Call.revoke(4, 6, ALICE, STOLEN, true));
    }

    @Test
    void a_revocation_does_not_fail_without_a_reason() {
        assertUnexplained(Call.add(1, 2, LIVE, true), Call.revoke(3, 4, ALICE, LOST, false));
    }

    @Test
    void an_answered_revocation_is_seen() {
        assertUnexplained(Call.add(1, 2, LIVE, true), Call.revoke(3, 4, ALICE, LOST, true), find(5, 6, LIVE));
    }

    @Test
    void a_second_revocation_changes_nothing_of_the_first() {
        assertUnexplained(
                Call.add(1, 2, LIVE, true),
                Call.revoke(3, 4, ALICE, LOST, true),
                Call.revoke(5, 6, ALICE, STOLEN, false),
                find(7, 8, LIVE.withRevocation(STOLEN)));
    }

    @Test
    void a_repeated_revocation_rewrites_nothing() {
        Revocation repeated = new Revocation(LOST.id(), LATER, Actor.user("bob"), "again");
        assertUnexplained(
                Call.add(1, 2, LIVE, true),
                Call.revoke(3, 4, ALICE, LOST, true),
                Call.revoke(5, 6, ALICE, repeated, true),
                find(7, 8, LIVE.withRevocation(repeated)));
    }

    @Test
    void another_user_revokes_nothing() {
        assertUnexplained(Call.add(1, 2, LIVE, true), Call.revoke(3, 4, BOB, LOST, true));
    }

    @Test
    void revoke_all_revokes_what_was_added_before_it_began() {
        assertUnexplained(Call.add(1, 2, LIVE, true), Call.revokeAll(3, 4, ALICE, LOST), find(5, 6, LIVE));
    }

    @Test
    void what_is_added_during_a_revoke_all_may_escape_or_not() {
        assertExplained(Call.add(1, 3, LIVE, true), Call.revokeAll(2, 4, ALICE, LOST), find(5, 6, LIVE));
        assertExplained(
                Call.revokeAll(1, 4, ALICE, LOST), Call.add(2, 3, LIVE, true), find(5, 6, LIVE.withRevocation(LOST)));
    }

    @Test
    void a_token_that_is_there_throughout_is_listed() {
        assertUnexplained(
                Call.add(1, 2, LIVE, true),
                Call.revoke(3, 5, ALICE, LOST, true),
                Call.list(4, 6, ALICE, Optional.empty()));
    }

    @Test
    void a_purge_removes_what_had_ended() {
        assertUnexplained(Call.add(1, 2, EXPIRED, true), Call.purge(3, 4, LATER), find(5, 6, EXPIRED));
    }

    @Test
    void a_purge_removes_nothing_that_ended_at_the_very_instant() {
        assertUnexplained(Call.add(1, 2, EXPIRED, true), Call.purge(3, 4, NOW), find(5, 6, null));
    }

    @Test
    void a_purge_keeps_what_was_revoked_meanwhile() {
        Revocation late = revocation(LATER);
        assertUnexplained(
                Call.add(1, 2, EXPIRED, true),
                Call.purge(3, 8, LATER),
                Call.revoke(4, 5, ALICE, late, true),
                find(6, 7, EXPIRED.withRevocation(late)),
                find(9, 10, null));
    }

    @Test
    void a_walk_may_meet_two_tokens_of_one_id() {
        assertExplained(
                Call.purge(1, 9, LATER),
                Call.add(2, 3, EXPIRED, true),
                Call.add(4, 5, EXPIRED, true),
                find(6, 7, EXPIRED),
                find(10, 11, null));
    }

    @Test
    void a_purge_removes_nothing_after_it_returned() {
        assertUnexplained(Call.purge(1, 2, LATER), Call.add(3, 4, EXPIRED, true), find(5, 6, null));
    }

    @Test
    void a_repeated_revocation_revokes_the_next_token_of_the_id_as_well() {
        Token revoked = LIVE.withRevocation(LOST);
        assertExplained(
                Call.add(1, 2, LIVE, true),
                Call.revoke(3, 4, ALICE, LOST, true),
                Call.revoke(5, 20, ALICE, LOST, true),
                find(6, 7, revoked),
                Call.purge(8, 9, LATER),
                Call.add(10, 11, AGAIN, true),
                find(12, 13, AGAIN.withRevocation(LOST)));
    }

    private static void assertExplained(Call... calls) {
        assertThat(Linearization.firstUnexplained(List.of(calls))).isEmpty();
    }

    private static void assertUnexplained(Call... calls) {
        assertThat(Linearization.firstUnexplained(List.of(calls))).contains(calls[calls.length - 1]);
    }

    private static Call find(long began, long ended, Token found) {
        return Call.find(began, ended, Optional.ofNullable(found));
    }

    private static Token token(String name, Instant expiresAt) {
        return Token.builder(new TokenId("t1"), ALICE, name, NOW.minusSeconds(60))
                .expiresAt(expiresAt)
                .build();
    }

    private static Revocation revocation(Instant at) {
        return new Revocation(UUID.randomUUID(), at, Actor.user("alice"), null);
    }
}
