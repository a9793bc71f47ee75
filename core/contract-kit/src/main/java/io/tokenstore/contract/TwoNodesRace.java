package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.revocation;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenStore;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;

/** Two threads, one on each node, that act on the same token; each round has a new token. */
final class TwoNodesRace {

    private final List<TokenStore> nodes;
    private final Duration time;
    private boolean isAddedBefore = true;

    TwoNodesRace(TwoNodesContract contract) throws Exception {
        TokenStore one = contract.emptyStore();
        time = contract.raceTime();
        nodes = List.of(new RetryingStore(one), new RetryingStore(contract.anotherNode(one)));
    }

    /** What a thread, 0 or 1, does to the token on its node. */
    interface Contender<T> {
        T call(int number, TokenStore node, Token token);
    }

    /** The two answers, and the token that is kept afterwards. */
    interface Outcome<T> {
        void check(Token token, List<T> answers, Optional<Token> kept);
    }

    TwoNodesRace withoutTheToken() {
        isAddedBefore = false;
        return this;
    }

    <T> void run(IntFunction<Token> newToken, Contender<T> contender, Outcome<T> outcome) throws Exception {
        Duel.rounds(nodes.get(0), time, round -> {
            Token token = newToken.apply(round);
            if (isAddedBefore) {
                nodes.get(round / 2 % 2).add(token);
            }
            return new Duel.Round<>(
                    number -> contender.call(number, nodes.get((number + round) % 2), token),
                    answers -> outcome.check(token, answers, kept(token)));
        });
    }

    private Optional<Token> kept(Token token) {
        Optional<Token> kept = nodes.get(0).find(token.id());
        assertThat(nodes.get(1).find(token.id())).as("On the other node").isEqualTo(kept);
        return kept;
    }

    /** Removes the token and what ended earlier, but nothing of later rounds, whose tokens end later. */
    static int purge(TokenStore node, Token token) {
        return Walk.purge(node, Objects.requireNonNull(token.expiresAt()).plus(1, ChronoUnit.MICROS));
    }

    /** One call for each of the two threads. */
    static List<Revocation> acts() {
        return List.of(revocation("alice"), revocation("bob"));
    }

    static void assertOneWon(Token token, List<Boolean> answers, Optional<Token> kept, List<Revocation> acts) {
        assertThat(Collections.frequency(answers, true))
                .as("Of two calls on two nodes succeed")
                .isEqualTo(1);
        assertThat(kept).contains(token.withRevocation(acts.get(answers.indexOf(true))));
    }

    static boolean isAdded(TokenStore node, Token token) {
        try {
            node.add(token);
            return true;
        } catch (DuplicateTokenException e) {
            return false;
        }
    }
}
