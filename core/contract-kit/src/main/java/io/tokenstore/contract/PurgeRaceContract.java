package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.pending;
import static io.tokenstore.contract.Samples.revokedAt;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A purge removes what has ended, and nothing else, whatever others do meanwhile. */
public interface PurgeRaceContract extends StoreUnderTest {

    @Test
    default void r18_a_token_that_is_revoked_during_a_purge_is_kept() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        Duel.<List<Boolean>>rounds(store, raceTime(), round -> {
            List<Token> tokens = addEnded(store, round);
            int purger = round % 2;
            return new Duel.Round<>(
                    contender -> contender == purger
                            ? Collections.nCopies(purge(store, round), true)
                            : tokens.stream()
                                    .map(token -> store.revoke(token.owner(), token.id(), revokedAt(late())))
                                    .toList(),
                    answers -> {
                        List<Boolean> revoked = answers.get(1 - purger);
                        assertThat(tokens.stream()
                                        .map(token -> store.find(token.id()).isPresent())
                                        .toList())
                                .as("Which of %s are kept", ids(tokens))
                                .isEqualTo(revoked);
                        if (purger == 0) {
                            assertThat(answers.get(0))
                                    .as("How many of %s were removed, if %s were revoked", ids(tokens), revoked)
                                    .hasSize(Collections.frequency(revoked, false));
                        }
                    });
        });
    }

    @Test
    default void r31_a_revocation_holds_while_others_are_purged() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        actDuringPurges(store, true, (token, round) -> {
            Token revoked = token.withRevocation(revokedAt(late()));
            if (round % 2 == 0) {
                assertThat(store.revoke(token.owner(), token.id(), revoked.revocation()))
                        .as("revoke %s", token.id())
                        .isTrue();
            } else {
                assertThat(store.revokeAll(token.owner(), revoked.revocation()))
                        .as("revokeAll of %s", token.owner())
                        .isEqualTo(1);
            }
            return revoked;
        });
    }

    @Test
    default void r31_an_activation_holds_while_others_are_purged() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        actDuringPurges(store, true, (token, round) -> {
            assertThat(store.activate(token.owner(), token.id()))
                    .as("activate %s", token.id())
                    .isTrue();
            return token.toBuilder().predecessor(null).build();
        });
    }

    @Test
    default void r31_a_token_that_is_added_while_others_are_purged_is_kept() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        actDuringPurges(store, false, (token, round) -> {
            if (round % 2 == 0) {
                store.add(token);
            } else {
                store.addAll(List.of(token));
            }
            return token;
        });
    }

    @Test
    default void r31_each_removal_is_counted_once_and_a_purged_id_can_be_added_meanwhile() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        Duel.<Integer>rounds(store, raceTime(), round -> {
            List<Token> tokens = addEnded(store, round);
            List<Token> again = tokens.stream()
                    .map(token -> live(
                            round % 2 == 0 ? BOB : token.owner(), token.id().value()))
                    .toList();
            AtomicBoolean isPurged = new AtomicBoolean();
            return new Duel.Round<>(
                    contender -> {
                        if (contender == 0) {
                            try {
                                return purge(store, round);
                            } finally {
                                isPurged.set(true);
                            }
                        }
                        int removed = round % 4 == 0 ? 0 : purge(store, round);
                        again.forEach(token -> addOnceRemoved(store, token, isPurged));
                        return removed;
                    },
                    answers -> {
                        assertThat(answers.get(0) + answers.get(1))
                                .as("How many removals of %s were counted", ids(tokens))
                                .isEqualTo(tokens.size());
                        for (Token token : again) {
                            assertIsKept(store, token, round);
                            store.revoke(token.owner(), token.id(), revokedAt(late()));
                        }
                    });
        });
    }

    @Test
    default void r31_what_was_purged_is_not_brought_back() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        Duel.<Integer>rounds(store, raceTime(), round -> {
            List<Token> tokens = new ArrayList<>(addEnded(store, round));
            if (round / 3 % 2 == 0) {
                Collections.reverse(tokens); // So that both threads reach a token at the same time.
            }
            return new Duel.Round<>(
                    contender -> {
                        if (contender == 1) {
                            return ended(store, round).size() - purge(store, round);
                        }
                        for (Token token : tokens) {
                            switch (round % 3) {
                                case 0 -> store.activate(token.owner(), token.id());
                                case 1 -> store.revoke(token.owner(), token.id(), revokedAt(Write.end(round)));
                                default -> store.revokeAll(token.owner(), revokedAt(Write.end(round)));
                            }
                        }
                        return 0;
                    },
                    // A purge may leave a token that was changed meanwhile to the next purge, but then must not count
                    // it.
                    answers -> assertThat(ended(store, round))
                            .as("Kept, of %s and earlier ones", ids(tokens))
                            .hasSize(answers.get(1)));
        });
    }

    private static List<TokenId> ended(TokenStore store, int round) {
        return Walk.scan(store).stream()
                .filter(token -> !token.expiresAt().isAfter(Write.end(round)))
                .map(Token::id)
                .toList();
    }

    @Test
    default void r31_a_token_that_stays_is_seen_once_throughout_a_purge() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        List<Token> stay =
                Stream.of("!", "t", "t5-", "~").map(id -> live(BOB, id)).toList();
        store.addAll(stay);
        List<TokenId> ids = stay.stream().map(Token::id).toList();
        List<Function<TokenStore, List<Token>>> looks = List.of(
                kept -> ids.stream().flatMap(id -> kept.find(id).stream()).toList(),
                kept -> List.copyOf(kept.findAll(ids).values()),
                kept -> Walk.list(kept, BOB),
                Walk::scan);
        Duel.<List<Token>>rounds(store, raceTime(), round -> {
            addEnded(store, round);
            return new Duel.Round<>(
                    contender -> {
                        if (contender == 0) {
                            purge(store, round);
                            return List.of();
                        }
                        return looks.get(round % looks.size()).apply(store);
                    },
                    answers -> {
                        List<Token> seen = new ArrayList<>(answers.get(1));
                        seen.removeIf(token -> !ids.contains(token.id()));
                        assertThat(seen)
                                .as("Seen by %s", Look.values()[round % looks.size()])
                                .containsExactlyInAnyOrderElementsOf(stay);
                    });
        });
    }

    /** Acts on a new token in each round, and returns its new state, while another thread purges an ended token. */
    private void actDuringPurges(TokenStore store, boolean isAddedBefore, BiFunction<Token, Integer, Token> act)
            throws Exception {
        Token[] own = {ownToken(0)};
        if (isAddedBefore) {
            store.add(own[0]);
        }
        Duel.<Object>rounds(store, raceTime(), round -> {
            List<Token> ended = addEnded(store, round);
            return new Duel.Round<>(
                    contender -> contender == 0 ? purge(store, round) : act.apply(own[0], round), answers -> {
                        assertThat(answers.get(0))
                                .as("How many of %s were removed", ids(ended))
                                .isEqualTo(ended.size());
                        assertIsKept(store, (Token) answers.get(1), round);
                        store.revoke(own[0].owner(), own[0].id(), revokedAt(late()));
                        own[0] = ownToken(round + 1);
                        if (isAddedBefore) {
                            store.add(own[0]);
                        }
                    });
        });
    }

    private static Token ownToken(int number) {
        return pending(new Owner("own" + number), (number % 2 == 0 ? "!" : "~") + number, "old");
    }

    /** Adds tokens that a purge in this round removes, but not one in an earlier round. Each has its own owner. */
    private static List<Token> addEnded(TokenStore store, int round) {
        List<Token> tokens = IntStream.range(0, 4)
                .mapToObj(i -> pending(new Owner("user" + round + "-" + i), "t" + round + "-" + i, "old").toBuilder()
                        .expiresAt(Write.end(round))
                        .build())
                .toList();
        store.addAll(tokens);
        return tokens;
    }

    private static List<String> ids(List<Token> tokens) {
        return tokens.stream().map(token -> token.id().value()).toList();
    }

    private static int purge(TokenStore store, int round) {
        return Walk.purge(store, Write.end(round).plus(1, ChronoUnit.MICROS));
    }

    /** Returns an end that no purge in a round reaches. */
    private static Instant late() {
        return NOW.plus(Duration.ofDays(365));
    }

    private static void addOnceRemoved(TokenStore store, Token token, AtomicBoolean isRemoved) {
        for (boolean isLast = false; ; isLast = isRemoved.get()) {
            try {
                store.add(token);
                return;
            } catch (DuplicateTokenException e) {
                assertThat(isLast)
                        .as("%s is refused although it was purged", token.id())
                        .isFalse();
            }
        }
    }

    private static void assertIsKept(TokenStore store, Token token, int round) {
        Look look = Look.values()[round / 4 % Look.values().length];
        assertThat(look.at(store, token)).as("%s", look).contains(token);
    }
}
