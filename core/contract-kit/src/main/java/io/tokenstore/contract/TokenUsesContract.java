package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.act;
import static io.tokenstore.contract.Samples.addMixed;
import static io.tokenstore.contract.Samples.expiring;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.ofEveryShape;
import static io.tokenstore.contract.TokenComparison.assertKept;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenUses;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/**
 * The contract of {@link TokenUses}.
 *
 * <p>The test class of a store that keeps uses also implements this interface, beside {@link TokenStoreContract}.
 */
public interface TokenUsesContract extends StoreUnderTest {

    /**
     * Returns the {@link TokenUses} that keeps the uses of a store's tokens.
     *
     * @param store the store that {@link #emptyStore()} returned
     * @return the store itself, unless the test class overrides this
     */
    default TokenUses usesOf(TokenStore store) {
        return (TokenUses) store;
    }

    @Test
    @ResourceLock(Resources.TIME_ZONE)
    default void r39_each_use_comes_back_by_its_id_to_the_microsecond_in_every_zone() throws Exception {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
        try {
            TokenStore store = emptyStore();
            TokenUses uses = usesOf(store);
            Map<TokenId, Instant> given = new HashMap<>();
            List<Instant> instants = Stream.of(
                            "1970-01-01T00:00:00.000001Z",
                            "2026-03-29T01:30:00.999999Z",
                            "2026-10-25T00:30:00.123456Z",
                            "2026-10-25T01:30:00.123456Z",
                            "2038-01-19T03:14:08.000001Z",
                            "9999-12-31T23:59:59.999999Z")
                    .map(Instant::parse)
                    .toList();
            for (TokenId id : Texts.IDS) {
                store.add(live(ALICE, id.value()));
                given.put(id, instants.get(given.size() % instants.size()));
            }
            assertThat(uses.lastUses(Texts.IDS)).as("Before any use").isEmpty();
            uses.record(given);
            assertThat(uses.lastUses(Texts.IDS)).isEqualTo(given);
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @Test
    default void r39_the_latest_use_stays_whatever_the_order_and_the_batch() throws Exception {
        TokenStore store = emptyStore();
        TokenUses uses = usesOf(store);
        List<TokenId> ids = List.of(id("t1"), id("t2"), id("T1"), id("unused"));
        ids.forEach(each -> store.add(live(ALICE, each.value())));
        uses.record(Map.of());
        uses.record(Map.of(id("t1"), NOW, id("T1"), NOW.plusSeconds(9)));
        uses.record(Map.of(id("t1"), NOW.plus(1, ChronoUnit.MICROS), id("t2"), NOW, id("T1"), NOW));
        uses.record(Map.of(id("t1"), NOW));
        uses.record(Map.of(id("t2"), NOW.minusSeconds(1)));
        assertThat(uses.lastUses(ids))
                .isEqualTo(Map.of(
                        id("t1"), NOW.plus(1, ChronoUnit.MICROS),
                        id("t2"), NOW,
                        id("T1"), NOW.plusSeconds(9)));
        assertThat(uses.lastUses(List.of(id("t2"), id("t2"), id("unknown")))).isEqualTo(Map.of(id("t2"), NOW));
        assertThat(uses.lastUses(List.of())).isEmpty();
    }

    @Test
    default void r40_a_use_changes_no_token_in_whatever_state() throws Exception {
        TokenStore store = emptyStore();
        TokenUses uses = usesOf(store);
        List<Token> tokens = new ArrayList<>(ofEveryShape(ALICE));
        tokens.add(live(BOB, "bobs"));
        tokens.forEach(store::add);
        for (Instant at : List.of(NOW, NOW.plusSeconds(1), NOW.minusSeconds(1))) {
            Map<TokenId, Instant> given = new HashMap<>(Map.of(id("unknown"), at));
            tokens.forEach(token -> given.put(token.id(), at));
            uses.record(given);
        }
        assertKept("uses", store, tokens);
        assertThat(store.find(id("unknown"))).isEmpty();
    }

    @Test
    default void r40_a_use_that_races_a_revocation_revives_nothing() throws Exception {
        TokenStore store = emptyStore();
        TokenUses uses = usesOf(store);
        TokenStore retrying = new RetryingStore(store);
        Duel.<Boolean>rounds(retrying, raceTime(), round -> {
            Token token = live(new Owner("user" + round), "t" + round);
            retrying.add(token);
            return new Duel.Round<>(
                    contender -> contender == 0
                            ? record(uses, Map.of(token.id(), NOW.plusSeconds(round)))
                            : retrying.revoke(token.owner(), token.id(), act(round)),
                    answers -> {
                        assertThat(answers).as("Recorded, revoked").containsOnly(true);
                        assertThat(store.find(token.id())).contains(token.withRevocation(act(round)));
                    });
        });
    }

    @Test
    default void r41_a_purge_forgets_the_uses_of_what_it_removes_and_no_others() throws Exception {
        TokenStore store = emptyStore();
        TokenUses uses = usesOf(store);
        List<Token> stay = addMixed(store);
        List<Token> all = Walk.scan(store);
        Map<TokenId, Instant> given = new HashMap<>();
        all.forEach(token -> given.put(token.id(), NOW));
        uses.record(given);
        Walk.purge(store, NOW, null, 7);
        Map<TokenId, Instant> left = new HashMap<>();
        stay.forEach(token -> left.put(token.id(), NOW));
        assertThat(uses.lastUses(given.keySet())).isEqualTo(left);
        for (Token token : all) {
            if (!left.containsKey(token.id())) {
                store.add(token);
            }
        }
        assertThat(uses.lastUses(given.keySet())).as("Once added again").isEqualTo(left);
    }

    @Test
    default void r42_a_thousand_are_taken_by_one_call_and_of_more_none() throws Exception {
        TokenStore store = emptyStore();
        TokenUses uses = usesOf(store);
        List<Token> tokens =
                IntStream.range(0, 1_001).mapToObj(i -> live(ALICE, "t" + i)).toList();
        store.addAll(tokens.subList(0, 1_000));
        store.add(tokens.get(1_000));
        Map<TokenId, Instant> given = new LinkedHashMap<>();
        tokens.forEach(token -> given.put(token.id(), NOW));
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> uses.record(given));
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> uses.lastUses(given.keySet()));
        given.remove(tokens.get(1_000).id());
        assertThat(uses.lastUses(given.keySet()))
                .as("After a call that was refused")
                .isEmpty();
        uses.record(given);
        assertThat(uses.lastUses(given.keySet())).isEqualTo(given);
    }

    @Test
    default void r42_a_null_is_refused_and_nothing_is_recorded() throws Exception {
        TokenStore store = emptyStore();
        TokenUses uses = usesOf(store);
        store.add(live(ALICE, "t1"));
        Map<TokenId, Instant> nullInstant = new LinkedHashMap<>(Map.of(id("t1"), NOW));
        nullInstant.put(id("t2"), null);
        Map<TokenId, Instant> nullId = new LinkedHashMap<>(Map.of(id("t1"), NOW));
        nullId.put(null, NOW);
        List<ThrowingCallable> calls = List.of(
                () -> uses.record(null),
                () -> uses.record(nullInstant),
                () -> uses.record(nullId),
                () -> uses.lastUses(null),
                () -> uses.lastUses(Arrays.asList(id("t1"), null)));
        for (int i = 0; i < calls.size(); i++) {
            assertThatExceptionOfType(NullPointerException.class)
                    .as("Call %d", i)
                    .isThrownBy(calls.get(i));
        }
        assertThat(uses.lastUses(List.of(id("t1")))).isEmpty();
    }

    @Test
    default void r42_what_is_returned_stays_as_it_is() throws Exception {
        TokenStore store = emptyStore();
        TokenUses uses = usesOf(store);
        store.add(live(ALICE, "t1"));
        store.add(live(ALICE, "t2"));
        Map<TokenId, Instant> given = new HashMap<>(Map.of(id("t1"), NOW));
        uses.record(given);
        given.put(id("t1"), NOW.plusSeconds(1));
        List<TokenId> ids = new ArrayList<>(List.of(id("t1"), id("t2")));
        Map<TokenId, Instant> last = uses.lastUses(ids);
        ids.clear();
        uses.record(Map.of(id("t1"), NOW.plusSeconds(2), id("t2"), NOW));
        assertThat(last).isEqualTo(Map.of(id("t1"), NOW));
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(last::clear);
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> last.put(id("t2"), NOW));
    }

    @Test
    default void r43_calls_at_once_in_opposite_orders_return_and_move_no_use_back() throws Exception {
        TokenStore store = emptyStore();
        TokenUses uses = usesOf(store);
        List<TokenId> ids = IntStream.range(0, 3).mapToObj(i -> id("t" + i)).toList();
        ids.forEach(each -> store.add(live(ALICE, each.value())));
        uses.record(given(ids, false, NOW));
        Map<TokenId, Instant> shown = new ConcurrentHashMap<>();
        Duel.<Boolean>rounds(store, raceTime(), round -> {
            Instant later = NOW.plus(2L * round, ChronoUnit.MICROS);
            Instant earlier = later.minus(1, ChronoUnit.MICROS);
            return new Duel.Round<>(
                    contender -> {
                        verifyNotMovedBack(uses, ids, shown);
                        boolean recorded = record(uses, given(ids, contender == 1, contender == 1 ? earlier : later));
                        verifyNotMovedBack(uses, ids, shown);
                        return recorded;
                    },
                    answers -> assertThat(answers).as("Recorded").containsOnly(true));
        });
        Instant end = NOW.plus(9, ChronoUnit.DAYS);
        uses.record(given(ids, false, end));
        assertThat(uses.lastUses(ids).values()).as("Afterwards").containsOnly(end);
    }

    @Test
    default void r43_of_uses_recorded_at_once_the_latest_is_kept_also_of_first_ones() throws Exception {
        TokenStore store = emptyStore();
        TokenUses uses = usesOf(store);
        TokenStore retrying = new RetryingStore(store);
        Duel.<Boolean>rounds(retrying, raceTime(), round -> {
            // Expired, so that the tokens of earlier rounds are purged.
            List<Token> tokens = List.of(expiring(ALICE, "a" + round, NOW), expiring(ALICE, "b" + round, NOW));
            List<TokenId> ids = tokens.stream().map(Token::id).toList();
            retrying.addAll(tokens);
            if (round % 4 < 2) {
                record(uses, given(ids, false, NOW.minusSeconds(2)));
            }
            return new Duel.Round<>(
                    contender -> record(uses, given(ids, false, contender == round % 2 ? NOW : NOW.minusSeconds(1))),
                    answers -> {
                        assertThat(answers).as("Recorded").containsOnly(true);
                        assertThat(uses.lastUses(ids)).as("The latest").isEqualTo(given(ids, false, NOW));
                    });
        });
    }

    /** Looks, and compares with everything that earlier looks showed before this look began. */
    private static void verifyNotMovedBack(TokenUses uses, List<TokenId> ids, Map<TokenId, Instant> shown) {
        Map<TokenId, Instant> before = Map.copyOf(shown);
        Map<TokenId, Instant> last = uses.lastUses(ids);
        before.forEach((id, at) ->
                assertThat(last.get(id)).as("The last use of %s", id).isAfterOrEqualTo(at));
        last.forEach((id, at) -> shown.merge(id, at, (one, other) -> one.isAfter(other) ? one : other));
    }

    /** Repeats the calls that a busy store gave up, as a host does. */
    private static boolean record(TokenUses uses, Map<TokenId, Instant> given) {
        return RetryingStore.repeat(true, () -> {
            uses.record(given);
            return true;
        });
    }

    private static Map<TokenId, Instant> given(List<TokenId> ids, boolean reversed, Instant at) {
        List<TokenId> ordered = new ArrayList<>(ids);
        if (reversed) {
            Collections.reverse(ordered);
        }
        Map<TokenId, Instant> given = new LinkedHashMap<>();
        ordered.forEach(id -> given.put(id, at));
        return given;
    }
}
