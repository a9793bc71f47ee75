package io.tokenstore.contract;

import static io.tokenstore.contract.Rule.R16;
import static io.tokenstore.contract.Rule.R17;
import static io.tokenstore.contract.Rule.R18;
import static io.tokenstore.contract.Rule.R3;
import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.expiring;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.revocation;
import static io.tokenstore.contract.Samples.revokedAt;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.Username;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ended tokens are forgotten, step by step. */
public interface PurgeContract extends StoreUnderTest {

    /** R16. */
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

        assertThat(store.purge(NOW, null, 100)).as(R16.toString()).isEqualTo(new PurgePage(0, null));
        assertThat(store.list(ALICE, null, 100)).as(R16.toString()).hasSize(8);
        assertThat(store.purge(microLater, null, 100)).as(R16.toString()).isEqualTo(new PurgePage(4, null));
        assertThat(store.list(ALICE, null, 100)).as(R16.toString()).containsExactlyInAnyOrderElementsOf(stay);
        for (Token token : endedNow) {
            assertThat(store.find(token.id())).as(R16.toString()).isEmpty();
            assertThat(store.revoke(ALICE, token.id(), revocation("alice")))
                    .as(R16.toString())
                    .isFalse();
        }
    }

    /** R16. */
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
        assertThat(store.purge(NOW, null, 100)).as(R16.toString()).isEqualTo(new PurgePage(0, null));
        assertThat(store.purge(NOW.plusSeconds(1), null, 100))
                .as(R16.toString())
                .isEqualTo(new PurgePage(3, null));
        assertThat(store.find(id("expired-but-revoked-later")))
                .as(R16.toString())
                .isPresent();
        assertThat(store.purge(NOW.plusSeconds(61), null, 100))
                .as(R16.toString())
                .isEqualTo(new PurgePage(1, null));
    }

    /** R16. */
    @Test
    default void r16_live_tokens_outlast_every_purge() throws Exception {
        TokenStore store = emptyStore();
        Token endless = live(ALICE, "endless");
        store.add(endless);
        assertThat(store.purge(Instant.parse("9999-12-31T23:59:59.999999Z"), null, 10)
                        .removed())
                .as(R16.toString())
                .isZero();
        assertThat(store.find(endless.id())).as(R16.toString()).contains(endless);
    }

    /** R3, R16. */
    @Test
    default void r16_the_id_of_a_purged_token_is_free() throws Exception {
        TokenStore store = emptyStore();
        store.add(live(ALICE, "t1").withRevocation(revokedAt(NOW)));
        store.purge(NOW.plusSeconds(1), null, 10);
        Token again = live(new Username("carol"), "t1");
        store.add(again);
        assertThat(store.find(again.id())).as(R3.toString()).contains(again);
        assertThat(store.list(ALICE, null, 10)).as(R16.toString()).isEmpty();
        assertThat(store.list(again.owner(), null, 10)).as(R16.toString()).containsExactly(again);
    }

    /** R17. */
    @Test
    default void r17_an_empty_store_ends_the_walk_at_once() throws Exception {
        assertThat(emptyStore().purge(NOW, null, 10)).as(R17.toString()).isEqualTo(new PurgePage(0, null));
    }

    /** R17. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 50, 120, 10_000})
    default void r17_a_walk_of_bounded_steps_removes_all_that_ended_and_nothing_else(int examine) throws Exception {
        TokenStore store = emptyStore();
        List<Token> stay = addMixed(store);
        int removed = 0;
        int steps = 0;
        TokenId after = null;
        do {
            PurgePage page = store.purge(NOW, after, examine);
            assertThat(page.removed()).as(R17.toString()).isBetween(0, examine);
            assertThat(++steps).as(R17.toString()).isLessThanOrEqualTo(MIXED / examine + 1);
            removed += page.removed();
            after = page.last();
        } while (after != null);
        assertThat(steps).as("%s Steps:", R17).isGreaterThanOrEqualTo((MIXED + examine - 1) / examine);
        assertThat(removed).as(R17.toString()).isEqualTo(MIXED - stay.size());
        for (Token token : stay) {
            assertThat(store.find(token.id())).as(R16.toString()).contains(token);
        }
    }

    /** R17. */
    @Test
    default void r17_a_walk_finds_what_ended_behind_tokens_that_stay() throws Exception {
        TokenStore store = emptyStore();
        List<Token> stay = addMixed(store);
        TokenId after = null;
        int examined = 0;
        do {
            after = store.purge(Instant.EPOCH, after, 11).last();
            examined += 11;
            assertThat(examined).as(R17.toString()).isLessThanOrEqualTo(MIXED + 11);
        } while (after != null);
        assertThat(examined).as("%s Examined:", R17).isGreaterThanOrEqualTo(MIXED);
        TokenId half = store.purge(NOW, null, MIXED / 2).last();
        assertThat(half).as(R17.toString()).isNotNull();
        store.purge(NOW, half, MIXED);
        assertThat(stay)
                .as(R16.toString())
                .allSatisfy(token -> assertThat(store.find(token.id())).isPresent());
        assertThat(store.purge(NOW, null, MIXED)).as(R17.toString()).isEqualTo(new PurgePage(0, null));
    }

    /** R18. */
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
                    int removed = store.purge(NOW, null, 10_000).removed();
                    return Collections.nCopies(removed, true);
                });
                List<Boolean> revoked = answers.get(0);
                List<Boolean> kept =
                        ids.stream().map(id -> store.find(id).isPresent()).toList();
                assertThat(kept).as(R18.toString()).isEqualTo(revoked);
                assertThat(answers.get(1)).as(R18.toString()).hasSize(Collections.frequency(revoked, false));
            }
        }
    }

    /** How many tokens {@link #addMixed} adds. */
    int MIXED = 240;

    private static List<Token> addMixed(TokenStore store) {
        List<Token> stay = new ArrayList<>();
        for (int i = 0; i < MIXED; i++) {
            Username owner = new Username("user" + i % 5);
            String id = Integer.toString((i * 7_919) % 1_000, 36) + "-" + i;
            Token token = switch (i % 4) {
                case 0 -> expiring(owner, id, NOW.minusSeconds(1));
                case 1 -> live(owner, id).withRevocation(revokedAt(NOW.minusSeconds(1)));
                case 2 -> live(owner, id);
                default -> expiring(owner, id, NOW.plusSeconds(1));
            };
            store.add(token);
            if (i % 4 >= 2) {
                stay.add(token);
            }
        }
        return stay;
    }
}
