package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.expiring;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.TokenUses;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Uses that threads and nodes record at once, or fail to record.
 *
 * <p>If the test class also implements {@link TwoNodesContract}, the nodes are two. If it also implements
 * {@link FailureContract}, requests about uses and their replies are lost too.
 */
public interface UseRaceContract extends StoreUnderTest {

    /**
     * Returns the {@link TokenUses} that keeps the uses of a store's tokens.
     *
     * @param store the store that the test class returned
     * @return its uses
     */
    TokenUses usesOf(TokenStore store);

    private List<TokenStore> twoNodes() throws Exception {
        TokenStore store = emptyStore();
        return List.of(store, this instanceof TwoNodesContract nodes ? nodes.anotherNode(store) : store);
    }

    @Test
    default void r39_the_latest_use_stays_whichever_node_recorded_it() throws Exception {
        List<TokenStore> nodes = twoNodes();
        List<TokenUses> uses = nodes.stream().map(this::usesOf).toList();
        TokenId id = id("t1");
        nodes.get(0).add(live(ALICE, id.value()));
        int[][] recordedAndLatest = {{2, 1, 2}, {0, 4, 4}, {3, 5, 5}, {6, 2, 6}, {7, 8, 8}};
        for (int[] micros : recordedAndLatest) {
            for (int node = 0; node < 2; node++) {
                uses.get(node).record(Map.of(id, NOW.plus(micros[node], ChronoUnit.MICROS)));
            }
            for (TokenUses each : uses) {
                assertThat(each.lastUses(List.of(id))).isEqualTo(Map.of(id, NOW.plus(micros[2], ChronoUnit.MICROS)));
            }
        }
    }

    @Test
    default void r41_a_token_with_the_id_of_a_purged_one_has_uses_of_its_own() throws Exception {
        List<TokenStore> nodes = twoNodes();
        List<TokenUses> uses = nodes.stream().map(this::usesOf).toList();
        Token token = expiring(ALICE, "t1", NOW.minusSeconds(1));
        for (int round = 0; round < 4; round++) {
            nodes.get(0).add(token);
            Instant use = NOW.minusSeconds(round); // Each earlier than the last use of the token before.
            for (int i = 0; i < 2; i++) {
                TokenUses each = uses.get((round + i) % 2);
                assertThat(each.lastUses(List.of(token.id())))
                        .as("After %d uses of this token", i)
                        .isEqualTo(i == 0 ? Map.of() : Map.of(token.id(), use));
                each.record(Map.of(token.id(), use));
                assertThat(each.lastUses(List.of(token.id()))).isEqualTo(Map.of(token.id(), use));
            }
            Walk.purge(nodes.get(round / 2), NOW);
        }
    }

    @Test
    default void r40_a_use_that_races_another_write_undoes_nothing() throws Exception {
        TokenStore store = emptyStore();
        TokenUses uses = usesOf(store);
        TokenStore retrying = new RetryingStore(store);
        List<Write> writes = List.of(Write.REVOKE, Write.REVOKE_ALL, Write.ACTIVATE, Write.PURGE);
        Duel.<Boolean>rounds(retrying, raceTime(), round -> {
            Write write = writes.get(round % writes.size());
            Write.Change change = write.prepare(retrying, round);
            TokenId id = change.token().id();
            return new Duel.Round<>(
                    contender -> {
                        if (contender == 0) {
                            return record(uses, Map.of(id, NOW.plusSeconds(round)));
                        }
                        change.write().run();
                        return true;
                    },
                    answers -> assertThat(retrying.find(id))
                            .as("%s after %s and a use", id, write)
                            .isEqualTo(Optional.ofNullable(change.after())));
        });
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
        List<TokenStore> nodes = twoNodes();
        List<TokenUses> usesOfNodes = nodes.stream().map(this::usesOf).toList();
        TokenUses uses = usesOfNodes.get(0);
        TokenStore retrying = new RetryingStore(nodes.get(0));
        Duel.<Boolean>rounds(retrying, raceTime(), round -> {
            // Expired, so that the tokens of earlier rounds are purged.
            List<Token> tokens = List.of(expiring(ALICE, "a" + round, NOW), expiring(ALICE, "b" + round, NOW));
            List<TokenId> ids = tokens.stream().map(Token::id).toList();
            retrying.addAll(tokens);
            if (round % 4 < 2) {
                record(uses, given(ids, false, NOW.minusSeconds(2)));
            }
            return new Duel.Round<>(
                    contender -> record(
                            usesOfNodes.get(contender),
                            given(ids, false, contender == round % 2 ? NOW : NOW.minusSeconds(1))),
                    answers -> {
                        assertThat(answers).as("Recorded").containsOnly(true);
                        assertThat(lastUses(uses, ids)).as("The latest").isEqualTo(given(ids, false, NOW));
                    });
        });
    }

    @Test
    default void r34_a_call_about_uses_that_fails_says_so_and_can_be_repeated() throws Exception {
        if (this instanceof FailureContract failing) {
            FailingCall.check(failing, store -> {
                Token token = FailingCall.newToken();
                store.add(token);
                TokenUses uses = usesOf(store);
                Map<TokenId, Instant> use = Map.of(token.id(), NOW);
                return new FailingCall(List.of(token), () -> recordAndLook(uses, use), List.of(token))
                        .repeatedBy(() -> uses.record(use));
            });
        }
        TokenStore store = emptyStore();
        TokenUses uses = usesOf(store);
        for (int i = 0; i < 5; i++) {
            store.add(live(ALICE, "t" + i));
            Map<TokenId, Instant> use = Map.of(id("t" + i), NOW);
            if (!answersInterrupted(() -> uses.record(use))) {
                record(uses, use);
            }
            assertThat(uses.lastUses(use.keySet())).isEqualTo(use);
            answersInterrupted(() -> assertThat(uses.lastUses(use.keySet())).isEqualTo(use));
        }
    }

    /** A store may say that nothing was applied only if that is true. */
    private static void recordAndLook(TokenUses uses, Map<TokenId, Instant> use) {
        try {
            uses.record(use);
        } catch (TokenStoreException e) {
            if (e.applied() == Applied.NO) {
                assertThat(uses.lastUses(use.keySet()))
                        .as("It said that nothing was applied")
                        .isEmpty();
            }
            throw e;
        }
        assertThat(uses.lastUses(use.keySet())).as("It returned").isEqualTo(use);
    }

    private static boolean answersInterrupted(Runnable call) {
        Thread.currentThread().interrupt();
        try {
            call.run();
            return true;
        } catch (RuntimeException e) {
            return false;
        } finally {
            Thread.interrupted();
        }
    }

    /** Looks, and compares with everything that earlier looks showed before this look began. */
    private static void verifyNotMovedBack(TokenUses uses, List<TokenId> ids, Map<TokenId, Instant> shown) {
        Map<TokenId, Instant> before = Map.copyOf(shown);
        Map<TokenId, Instant> last = lastUses(uses, ids);
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

    private static Map<TokenId, Instant> lastUses(TokenUses uses, Collection<TokenId> ids) {
        return RetryingStore.repeat(true, () -> uses.lastUses(ids));
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
