package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.expiring;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.pending;
import static io.tokenstore.contract.Samples.revocation;
import static io.tokenstore.contract.Samples.revokedAt;
import static io.tokenstore.contract.TokenComparison.assertInAnyOrder;
import static io.tokenstore.contract.TokenComparison.assertInOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Two of a host's nodes on the same data keep every promise together.
 *
 * <p>The test class of a store that nodes can share also implements this interface, beside {@link TokenStoreContract}.
 */
public interface TwoNodesContract extends StoreUnderTest {

    /**
     * Returns another instance of a store on the same data, as the host's second node has it. It has its own connections,
     * caches and locks. The kit does not close it.
     *
     * @param store the store that {@link #emptyStore()} returned last
     * @return another instance
     * @throws Exception if the instance can't be created; fails the test
     */
    TokenStore anotherNode(TokenStore store) throws Exception;

    @Test
    default void r33_what_one_node_writes_every_look_on_the_other_shows_at_once() throws Exception {
        TokenStore one = emptyStore();
        TokenStore other = anotherNode(one);
        for (TokenStore adder : List.of(one, other)) {
            for (TokenStore writer : List.of(one, other)) {
                TokenStore reader = writer == one ? other : one;
                Token token = pending(ALICE, "t", "old");
                List<Token> batch = List.of(live(BOB, "b1"), live(BOB, "b2"));
                assertUnseen(reader, token);
                batch.forEach(each -> assertUnseen(reader, each));
                adder.add(token);
                assertSeen(reader, token);
                assertThat(writer.activate(ALICE, token.id())).isTrue();
                Token activated = token.toBuilder().predecessor(null).build();
                assertSeen(reader, activated);
                Revocation revocation = revocation("alice");
                assertThat(writer.revoke(ALICE, token.id(), revocation)).isTrue();
                assertSeen(reader, activated.withRevocation(revocation));
                adder.addAll(batch);
                batch.forEach(each -> assertSeen(reader, each));
                assertThat(writer.revokeAll(BOB, revocation)).isEqualTo(2);
                batch.forEach(each -> assertSeen(reader, each.withRevocation(revocation)));
                assertThat(Walk.purge(writer, NOW.plusSeconds(1))).isEqualTo(3);
                assertUnseen(reader, token);
                batch.forEach(each -> assertUnseen(reader, each));
                Token again = live(BOB, "t").withRevocation(revocation);
                writer.add(again);
                assertSeen(reader, again);
                assertThat(Walk.list(reader, ALICE)).isEmpty();
                assertThat(Walk.purge(reader, NOW.plusSeconds(1))).isEqualTo(1);
            }
        }
    }

    @Test
    default void r33_a_node_answers_as_if_it_had_done_itself_what_the_other_did() throws Exception {
        TokenStore one = emptyStore();
        TokenStore other = anotherNode(one);
        for (TokenStore first : List.of(one, other)) {
            TokenStore second = first == one ? other : one;
            Token token = live(ALICE, "t");
            Token waiting = pending(ALICE, "waiting", "t");
            Revocation act = revocation("alice");
            Token revoked = live(ALICE, "revoked").withRevocation(act);
            List.of(token, waiting, revoked).forEach(first::add);
            for (Token again : List.of(token, live(BOB, "t"), live(BOB, "revoked"))) {
                assertThatExceptionOfType(DuplicateTokenException.class).isThrownBy(() -> second.add(again));
                assertThatExceptionOfType(DuplicateTokenException.class)
                        .isThrownBy(() -> second.addAll(List.of(again)));
            }
            assertThat(second.revoke(BOB, token.id(), revocation("bob"))).isFalse(); // Not told of the act before.
            assertThat(second.activate(BOB, waiting.id())).isFalse();
            assertThat(second.revoke(ALICE, revoked.id(), act)).isTrue();
            assertThat(second.revoke(ALICE, revoked.id(), revocation("alice"))).isFalse();
            assertThat(first.activate(ALICE, waiting.id())).isTrue();
            assertThat(second.activate(ALICE, waiting.id())).isTrue();

            assertThat(first.revoke(ALICE, token.id(), act)).isTrue();
            assertThat(second.revoke(ALICE, token.id(), act)).as("Repeated").isTrue();
            assertThat(second.revoke(ALICE, token.id(), revocation("alice"))).isFalse();
            assertThat(second.activate(ALICE, token.id())).isFalse();
            assertThat(second.revokeAll(ALICE, act)).isEqualTo(3);
            assertThat(first.revokeAll(ALICE, act)).as("Repeated").isEqualTo(3);
            first.add(live(ALICE, "one-more"));
            assertThat(second.revokeAll(ALICE, act)).as("With one more").isEqualTo(4);
            assertThat(first.revokeAll(ALICE, revocation("alice"))).isZero();

            assertThat(Walk.purge(first, NOW.plusSeconds(1))).isEqualTo(4);
            assertThat(second.revoke(ALICE, token.id(), act)).isFalse();
            assertThat(second.activate(ALICE, waiting.id())).isFalse();
            assertThat(second.revokeAll(ALICE, act)).isZero();
            assertThat(Walk.purge(second, NOW.plusSeconds(1))).isZero();
            second.add(live(BOB, "t"));
            assertThat(first.revokeAll(BOB, act)).isEqualTo(1);
            assertThat(Walk.purge(second, NOW.plusSeconds(1))).isEqualTo(1);
        }
    }

    @Test
    default void r33_a_walk_goes_on_at_the_other_node() throws Exception {
        TokenStore one = emptyStore();
        TokenStore other = anotherNode(one);
        TokenStore inTurns = InTurns.of(one, other);
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String id = Integer.toString((i * 7_919) % 1_000, 36) + "-" + i;
            tokens.add(i % 3 == 0 ? expiring(ALICE, id, NOW.minusSeconds(1)) : live(i % 3 == 1 ? ALICE : BOB, id));
        }
        tokens.subList(0, 30).forEach(one::add); // So that both nodes have numbered and ordered some tokens themselves.
        tokens.subList(30, 60).forEach(other::add);
        List<Token> ofAlice = tokens.stream()
                .filter(token -> token.owner().equals(ALICE))
                .sorted(Comparator.comparing(Token::id))
                .toList();
        List<Token> inOrder = Walk.scan(one);
        assertInAnyOrder("scan", inOrder, tokens);
        assertInOrder("scan at the other node", Walk.scan(other), inOrder);
        for (int limit : new int[] {1, 7}) {
            assertInOrder("list at both nodes", Walk.list(inTurns, ALICE, null, limit), ofAlice);
            assertInOrder("scan at both nodes", Walk.scan(inTurns, null, limit), inOrder);
        }
        for (int i = 0; i < 60; i += 7) {
            TokenId after = inOrder.get(i).id();
            assertInOrder(
                    "scan at the other node after " + after, Walk.scan(other, after, 50), inOrder.subList(i + 1, 60));
        }
        assertThat(Walk.purge(inTurns, NOW, inOrder.get(40).id(), 3) + Walk.purge(inTurns, NOW, null, 7))
                .isEqualTo(20);
        inOrder.removeIf(token -> token.expiresAt() != null);
        assertInOrder("scan at both nodes after a purge", Walk.scan(inTurns, null, 7), inOrder);
    }

    @Test
    default void r33_what_each_node_adds_or_revokes_belongs_to_the_owner_on_both() throws Exception {
        TokenStore one = emptyStore();
        TokenStore inTurns = InTurns.of(one, anotherNode(one));
        List<Token> tokens = IntStream.range(10, 30)
                .mapToObj(i -> i % 4 < 2 ? live(ALICE, "t" + i) : live(BOB, "t" + i))
                .toList();
        tokens.forEach(inTurns::add);
        List<Token> ofAlice =
                tokens.stream().filter(token -> token.owner().equals(ALICE)).toList();
        for (int i = 0; i < 2; i++) {
            assertInOrder("list at both nodes", Walk.list(inTurns, ALICE), ofAlice);
        }
        Revocation revocation = revokedAt(NOW.minusSeconds(1));
        for (Token token : ofAlice.subList(0, 5)) {
            assertThat(inTurns.revoke(ALICE, token.id(), revocation)).isTrue();
        }
        assertThat(inTurns.revokeAll(ALICE, revocation)).isEqualTo(10);
        for (int i = 0; i < 2; i++) {
            assertThat(Walk.list(inTurns, ALICE))
                    .hasSize(10)
                    .extracting(Token::revocation)
                    .containsOnly(revocation);
            assertThat(Walk.list(inTurns, BOB))
                    .hasSize(10)
                    .extracting(Token::revocation)
                    .containsOnlyNulls();
        }
        assertThat(Walk.purge(inTurns, NOW)).isEqualTo(10);
    }

    @Test
    default void r33_when_both_nodes_revoke_a_token_one_revocation_wins() throws Exception {
        List<Revocation> acts = TwoNodesRace.acts();
        new TwoNodesRace(this)
                .run(
                        round -> live(ALICE, "t" + round),
                        (number, node, token) -> node.revoke(ALICE, token.id(), acts.get(number)),
                        (token, answers, kept) -> TwoNodesRace.assertOneWon(token, answers, kept, acts));
    }

    @Test
    default void r33_when_one_node_revokes_and_the_other_revokes_all_one_revocation_wins() throws Exception {
        List<Revocation> acts = TwoNodesRace.acts();
        new TwoNodesRace(this)
                .run(
                        round -> live(new Owner("user" + round), "t" + round),
                        (number, node, token) -> number == 0
                                ? node.revokeAll(token.owner(), acts.get(number)) == 1
                                : node.revoke(token.owner(), token.id(), acts.get(number)),
                        (token, answers, kept) -> TwoNodesRace.assertOneWon(token, answers, kept, acts));
    }

    @Test
    default void r33_when_both_nodes_revoke_all_one_revocation_wins() throws Exception {
        List<Revocation> acts = TwoNodesRace.acts();
        new TwoNodesRace(this)
                .run(
                        round -> live(new Owner("user" + round), "t" + round),
                        (number, node, token) -> node.revokeAll(token.owner(), acts.get(number)) == 1,
                        (token, answers, kept) -> TwoNodesRace.assertOneWon(token, answers, kept, acts));
    }

    @Test
    default void r33_when_both_nodes_add_an_id_one_token_is_kept() throws Exception {
        List<Owner> owners = List.of(ALICE, BOB);
        new TwoNodesRace(this)
                .withoutTheToken()
                .run(
                        round -> live(ALICE, "t" + round),
                        (number, node, token) -> TwoNodesRace.isAdded(
                                node, live(owners.get(number), token.id().value())),
                        (token, answers, kept) -> {
                            assertThat(Collections.frequency(answers, true)).isEqualTo(1);
                            Owner winner = owners.get(answers.indexOf(true));
                            assertThat(kept).contains(live(winner, token.id().value()));
                        });
    }

    @Test
    default void r33_when_one_node_activates_what_the_other_revokes_it_ends_revoked() throws Exception {
        Revocation act = revocation("alice");
        new TwoNodesRace(this)
                .run(
                        round -> pending(ALICE, "t" + round, "old"),
                        (number, node, token) ->
                                number == 0 ? node.activate(ALICE, token.id()) : node.revoke(ALICE, token.id(), act),
                        (token, answers, kept) -> {
                            Token expected = answers.get(0)
                                    ? token.toBuilder().predecessor(null).build()
                                    : token;
                            assertThat(answers.get(1)).as("Revoked").isTrue();
                            assertThat(kept).contains(expected.withRevocation(act));
                        });
    }

    @Test
    default void r33_when_one_node_purges_what_the_other_revokes_one_of_them_has_its_way() throws Exception {
        Revocation late = revokedAt(NOW.plus(Duration.ofDays(365)));
        new TwoNodesRace(this)
                .run(
                        TwoNodesContract::ended,
                        (number, node, token) -> number == 0
                                ? TwoNodesRace.purge(node, token) == 1
                                : node.revoke(ALICE, token.id(), late),
                        (token, answers, kept) -> {
                            assertThat(kept.isPresent()).as("Kept").isEqualTo(answers.get(1));
                            assertThat(answers.get(0)).as("Removed").isNotEqualTo(answers.get(1));
                        });
    }

    @Test
    default void r33_when_both_nodes_purge_each_removal_counts_once() throws Exception {
        new TwoNodesRace(this)
                .run(
                        TwoNodesContract::ended,
                        (number, node, token) -> TwoNodesRace.purge(node, token),
                        (token, answers, kept) -> {
                            assertThat(answers.get(0) + answers.get(1))
                                    .as("Removed")
                                    .isEqualTo(1);
                            assertThat(kept).isEmpty();
                        });
    }

    private static Token ended(int round) {
        return expiring(ALICE, "t" + round, NOW.plus(round, ChronoUnit.MICROS));
    }

    private static void assertSeen(TokenStore node, Token token) {
        assertThat(node.find(token.id())).contains(token);
        assertThat(node.findAll(List.of(token.id())).values()).containsExactly(token);
        assertThat(Walk.list(node, token.owner())).contains(token);
        assertThat(Walk.scan(node)).contains(token);
    }

    private static void assertUnseen(TokenStore node, Token token) {
        TokenId id = token.id();
        assertThat(node.find(id)).isEmpty();
        assertThat(node.findAll(List.of(id))).isEmpty();
        assertThat(Walk.list(node, token.owner())).extracting(Token::id).doesNotContain(id);
        assertThat(Walk.scan(node)).extracting(Token::id).doesNotContain(id);
    }
}
