package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.addMixed;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.ofEveryShape;
import static io.tokenstore.contract.Samples.pending;
import static io.tokenstore.contract.Samples.revocation;
import static io.tokenstore.contract.TokenComparison.assertKept;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenUses;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
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
public interface TokenUsesContract extends UseRaceContract {

    /**
     * Returns the {@link TokenUses} that keeps the uses of a store's tokens.
     *
     * @param store the store that {@link #emptyStore()} returned
     * @return the store itself, unless the test class overrides this
     */
    @Override
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
                            "1970-01-01T00:00:00Z",
                            "1970-01-01T00:00:00.000001Z",
                            Texts.LAST_WEEK.toString(),
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
        List<TokenId> ids = List.of(id("t1"), id("t2"), id("T1"), id("t3"), id("unused"));
        ids.forEach(each -> store.add(live(ALICE, each.value())));
        uses.record(Map.of());
        uses.record(Map.of(id("t1"), NOW, id("T1"), NOW.plusSeconds(9)));
        uses.record(Map.of(id("t1"), NOW.plus(1, ChronoUnit.MICROS), id("t2"), NOW, id("T1"), NOW));
        uses.record(Map.of(id("t1"), NOW));
        uses.record(Map.of(id("t2"), NOW.minusSeconds(1)));
        uses.record(Map.of(id("t3"), NOW.minusSeconds(3600)));
        assertThat(uses.lastUses(ids))
                .isEqualTo(Map.of(
                        id("t1"), NOW.plus(1, ChronoUnit.MICROS),
                        id("t2"), NOW,
                        id("t3"), NOW.minusSeconds(3600),
                        id("T1"), NOW.plusSeconds(9)));
        assertThat(uses.lastUses(List.of(id("t2"), id("t2"), id("unknown")))).isEqualTo(Map.of(id("t2"), NOW));
        assertThat(uses.lastUses(List.of())).isEmpty();
    }

    @Test
    default void r39_a_use_is_kept_whatever_the_tokens_state_is_or_becomes() throws Exception {
        TokenStore store = emptyStore();
        TokenUses uses = usesOf(store);
        List<Token> tokens = new ArrayList<>(ofEveryShape(ALICE));
        tokens.add(pending(BOB, "bobs", "old"));
        store.addAll(tokens);
        Map<TokenId, Instant> given = new HashMap<>();
        for (int second = 0; second < 3; second++) {
            given.clear(); // Each use is later than the one before.
            for (Token token : tokens) {
                given.put(token.id(), NOW.plusSeconds(second).plus(given.size(), ChronoUnit.MICROS));
            }
            uses.record(given);
            assertThat(uses.lastUses(given.keySet())).isEqualTo(given);
            if (second == 0) {
                tokens.forEach(token -> store.activate(token.owner(), token.id()));
                tokens.subList(0, 9).forEach(token -> store.revoke(ALICE, token.id(), revocation("ops")));
            } else {
                store.revokeAll(ALICE, revocation("ops"));
                store.revokeAll(BOB, revocation("ops"));
            }
            assertThat(uses.lastUses(given.keySet())).as("After other writes").isEqualTo(given);
        }
    }

    @Test
    default void r39_each_use_of_a_batch_stays_if_it_is_later_whatever_the_others_are() throws Exception {
        TokenStore store = emptyStore();
        TokenUses uses = usesOf(store);
        Map<TokenId, Instant> expected = new LinkedHashMap<>();
        Map<TokenId, Instant> batch = new LinkedHashMap<>();
        for (int i = 0; i < 20; i++) {
            TokenId id = id("t" + i);
            store.add(live(ALICE, id.value()));
            uses.record(Map.of(id, NOW));
            batch.put(id, i % 2 == 0 ? NOW.plusSeconds(1) : NOW.minusSeconds(1));
            batch.put(id("t" + i + "-unknown"), NOW);
            expected.put(id, i % 2 == 0 ? NOW.plusSeconds(1) : NOW);
        }
        uses.record(batch);
        assertThat(uses.lastUses(expected.keySet())).isEqualTo(expected);
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
        // On another thread, which a lock that is still held would stop.
        InParallel.forEach(List.of(id("t1")), each -> {
            assertThat(uses.lastUses(List.of(each))).isEmpty();
            uses.record(Map.of(each, NOW));
        });
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
}
