package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.expiring;
import static io.tokenstore.contract.Samples.revokedAt;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** A look never sees a part of a write, and sees every write that has returned. */
public interface LookContract extends StoreUnderTest {

    @Test
    default void r29_a_token_that_is_added_is_seen_whole_or_not_at_all() throws Exception {
        lookDuring(new RetryingStore(emptyStore()), Write.ADD, Write.ADD_ALL);
    }

    @Test
    default void r29_a_revocation_is_seen_whole_or_not_at_all() throws Exception {
        lookDuring(new RetryingStore(emptyStore()), Write.REVOKE, Write.REVOKE_ALL);
    }

    @Test
    default void r29_an_activation_or_a_removal_is_seen_whole_or_not_at_all() throws Exception {
        lookDuring(new RetryingStore(emptyStore()), Write.ACTIVATE, Write.PURGE);
    }

    @Test
    default void r20_a_revocation_is_seen_by_every_later_look_of_every_thread() throws Exception {
        lookAfter(new RetryingStore(emptyStore()), Write.REVOKE, Write.REVOKE_ALL);
    }

    @Test
    default void r30_a_token_that_was_added_is_seen_by_every_later_look_of_every_thread() throws Exception {
        lookAfter(new RetryingStore(emptyStore()), Write.ADD, Write.ADD_ALL);
    }

    @Test
    default void r30_an_activation_is_seen_by_every_later_look_of_every_thread() throws Exception {
        lookAfter(new RetryingStore(emptyStore()), Write.ACTIVATE);
    }

    @Test
    default void r30_a_removal_is_seen_by_every_later_look_of_every_thread() throws Exception {
        lookAfter(new RetryingStore(emptyStore()), Write.PURGE);
    }

    @Test
    default void r30_an_id_that_was_looked_for_before_is_found_once_added_and_gone_once_purged() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        for (Look first : Look.values()) {
            Owner owner = new Owner("user-" + first);
            Token token = expiring(owner, "token-" + first, NOW.minusSeconds(1));
            Revocation revocation = revokedAt(NOW.minusSeconds(1));
            for (Write write : List.of(Write.ADD, Write.ADD_ALL)) {
                assertIsSeen(store, first, token, null);
                assertAnswers(store, token, revocation, false);
                if (write == Write.ADD) {
                    store.add(token);
                } else {
                    store.addAll(List.of(token));
                }
                assertIsSeen(store, first, token, token);
                assertAnswers(store, token, revocation, true);
                assertIsSeen(store, first, token, token.withRevocation(revocation));
                assertThat(Walk.purge(store, NOW)).isEqualTo(1);
            }
            assertIsSeen(store, first, token, null);
            assertAnswers(store, token, revocation, false);
        }
    }

    @Test
    default void r20_a_revocation_is_seen_by_threads_that_looked_before() throws Exception {
        lookBeforeAndAfter(new RetryingStore(emptyStore()), Write.REVOKE, Write.REVOKE_ALL);
    }

    @Test
    default void r30_every_other_write_is_seen_by_threads_that_looked_before() throws Exception {
        lookBeforeAndAfter(new RetryingStore(emptyStore()), Write.ADD, Write.ADD_ALL, Write.ACTIVATE, Write.PURGE);
    }

    /** A thread may remember what it saw, or that it saw nothing. */
    private static void lookBeforeAndAfter(TokenStore store, Write... writes) throws Exception {
        try (Race race = new Race(2)) {
            for (int round = 0; round < writes.length * Look.values().length; round++) {
                Write write = writes[round % writes.length];
                Look look = Look.values()[round / writes.length];
                Write.Change change = write.prepare(store, round);
                Optional<Token> before = Optional.ofNullable(change.before());
                Optional<Token> after = Optional.ofNullable(change.after());
                assertThat(race.round(contender -> look.at(store, change.token())))
                        .as("%s before %s", look, write)
                        .containsOnly(before);
                change.write().run();
                assertThat(race.round(contender -> look.at(store, change.token())))
                        .as("%s after %s", look, write)
                        .containsOnly(after);
            }
        }
    }

    /** A look while a token is written sees the token as it was before or after. */
    private void lookDuring(TokenStore store, Write... writes) throws Exception {
        Duel.<List<Token>>rounds(store, raceTime(), round -> {
            Write.Change change = writes[round % writes.length].prepare(store, round);
            Look look = look(round, writes);
            AtomicBoolean returned = new AtomicBoolean();
            int writer = round / 8 % 4 == 0 ? 1 : 0;
            return new Duel.Round<>(
                    contender -> contender == writer
                            ? write(change, returned)
                            : seen(store, look, change, () -> contender == 0 || returned.get()),
                    answers -> assertThat(answers.get(1 - writer))
                            .as("%s during %s", look, writes[round % writes.length])
                            .isSubsetOf(change.before(), change.after()));
        });
    }

    private static List<Token> write(Write.Change change, AtomicBoolean returned) {
        try {
            change.write().run();
            return List.of();
        } finally {
            returned.set(true);
        }
    }

    /** Returns the token as a look showed it; null if the look did not show it. */
    private static List<Token> seen(TokenStore store, Look look, Write.Change change, BooleanSupplier end) {
        List<Token> seen = new ArrayList<>();
        int looks = 0;
        do {
            Token now = look.at(store, change.token()).orElse(null);
            boolean isNew = seen.isEmpty() || now != seen.get(seen.size() - 1);
            if (isNew && !seen.contains(now)) {
                seen.add(now);
            }
        } while (++looks < 8 && !end.getAsBoolean());
        return seen;
    }

    /** A second look, after the write has returned, sees the token as it is after the write. */
    private void lookAfter(TokenStore store, Write... writes) throws Exception {
        Duel.<Optional<Token>>rounds(store, raceTime(), round -> {
            Write.Change change = writes[round % writes.length].prepare(store, round);
            Look look = look(round, writes);
            int writer = round / 8 % 4 == 0 ? 0 : 1;
            boolean looksItself = round % 5 < 2; // Looking would repair what the other thread caches too late.
            Optional<Token> after = Optional.ofNullable(change.after());
            return new Duel.Round<>(
                    contender -> {
                        if (contender == writer) {
                            change.write().run();
                        }
                        return contender == writer && !looksItself ? after : look.at(store, change.token());
                    },
                    answers -> {
                        String of = look + " of " + change.token().id();
                        assertThat(answers.get(writer))
                                .as("%s by the thread that wrote", of)
                                .isEqualTo(after);
                        assertThat(look.at(store, change.token())).as("%s", of).isEqualTo(after);
                        assertThat(store.find(change.token().id()))
                                .as("find after %s", of)
                                .isEqualTo(after);
                    });
        });
    }

    /** Find is what most caches are for. */
    private static Look look(int round, Write... writes) {
        int look = round / writes.length % 6;
        return look < 4 ? Look.values()[look] : Look.FIND;
    }

    private static void assertIsSeen(TokenStore store, Look first, Token token, Token expected) {
        List<Look> looks = new ArrayList<>(List.of(Look.values()));
        Collections.swap(looks, 0, first.ordinal());
        for (Look look : looks) {
            assertThat(look.at(store, token)).as("%s", look).isEqualTo(Optional.ofNullable(expected));
        }
    }

    /** A call for a token that was unknown earlier must succeed once the token is kept. */
    private static void assertAnswers(TokenStore store, Token token, Revocation revocation, boolean isKept) {
        assertThat(store.activate(token.owner(), token.id())).as("activate").isEqualTo(isKept);
        assertThat(store.revoke(token.owner(), token.id(), revocation))
                .as("revoke")
                .isEqualTo(isKept);
        assertThat(store.revokeAll(token.owner(), revocation)).as("revokeAll").isEqualTo(isKept ? 1 : 0);
    }
}
