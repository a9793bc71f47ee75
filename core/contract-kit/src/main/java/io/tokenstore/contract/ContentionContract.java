package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.act;
import static io.tokenstore.contract.Samples.expiring;
import static io.tokenstore.contract.Samples.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenStore;
import io.tokenstore.contract.OwnCall.Kind;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A call gives a true answer, whatever other threads call, and even if its own thread is interrupted. */
public interface ContentionContract extends StoreUnderTest {

    @Test
    default void r34_a_call_on_an_interrupted_thread_answers_truly_or_throws() throws Exception {
        TokenStore store = emptyStore();
        for (int number = 0; number < 2 * Kind.ALL.size(); number++) {
            OwnCall call = OwnCall.of(Kind.ALL.get(number % Kind.ALL.size()), number);
            call.prepare(new RetryingStore(store));
            call.verifyInterrupted(store);
        }
    }

    @Test
    default void r34_a_call_that_gives_up_because_of_another_one_says_truly_what_it_did() throws Exception {
        TokenStore store = emptyStore();
        TokenStore patient = new RetryingStore(store);
        Duel.<Boolean>rounds(patient, raceTime(), round -> {
            if (round % 2 == 0) {
                List<OwnCall> calls = twoCalls(patient, Kind.WRITES, round / 2);
                boolean isInterrupted = round / 2 % 2 == 0;
                return new Duel.Round<>(
                        contender -> {
                            if (contender == 1 && isInterrupted) {
                                calls.get(1).verifyInterrupted(store);
                            } else {
                                calls.get(contender).verify(store);
                            }
                            return true;
                        },
                        answers -> {});
            }
            List<RivalCall> rivals = rivals(patient, round / 2);
            return new Duel.Round<>(
                    contender -> rivals.get(contender).isAnsweredTrue(store),
                    answers -> assertThat(answers)
                            .as(
                                    "Whether %s and %s were carried out",
                                    rivals.get(0).what(), rivals.get(1).what())
                            .isEqualTo(rivals.stream()
                                    .map(rival -> rival.isDone(patient))
                                    .toList()));
        });
    }

    /** Returns the pairs of kinds in turns. Only one thread purges, so that no other thread removes what it must remove. */
    private static List<OwnCall> twoCalls(TokenStore store, List<Kind> kinds, int round) {
        Kind second = kinds.get((round + round / kinds.size()) % kinds.size());
        Kind first = kinds.get(round % kinds.size());
        List<OwnCall> calls = List.of(
                OwnCall.of(first == Kind.PURGE ? Kind.ADD : first, 2 * round),
                OwnCall.of(second, 2 * round + 1).besideOthers());
        calls.forEach(call -> call.prepare(store));
        return calls;
    }

    private static List<RivalCall> rivals(TokenStore store, int round) {
        String name = "rivals-" + round;
        Token token = expiring(new Owner(name), name, NOW.plusSeconds(60)).toBuilder()
                .predecessor(id("old"))
                .build();
        if (round % 4 == 0) {
            return List.of(RivalCall.add(token), RivalCall.add(expiring(new Owner("rival"), name, NOW)));
        }
        store.add(token);
        RivalCall revoke = RivalCall.revoke(token, act(2 * round));
        RivalCall rival = switch (round % 4) {
            case 1 -> RivalCall.revoke(token, act(2 * round + 1));
            case 2 -> RivalCall.revokeAll(token, act(2 * round + 1));
            default -> RivalCall.activate(token);
        };
        return round / 4 % 4 == 0 ? List.of(rival, revoke) : List.of(revoke, rival);
    }

    @Test
    default void r37_sixteen_threads_that_call_at_once_are_each_answered_as_if_alone() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        int threads = 16;
        int kinds = Kind.ALL.size();
        try (Race race = new Race(threads)) {
            for (int round = 0; round < 2 * kinds + 4; round++) {
                Kind kind = Kind.ALL.get(round % kinds);
                boolean isMixed = round >= 2 * kinds;
                int first = round * threads;
                List<OwnCall> calls = IntStream.range(0, threads)
                        .mapToObj(i -> OwnCall.of(isMixed ? Kind.ALL.get((first + i) % kinds) : kind, first + i)
                                .besideOthers())
                        .toList();
                race.round(contender -> {
                    calls.get(contender).prepare(store);
                    return true;
                });
                race.round(contender -> {
                    calls.get(contender).verify(store);
                    return true;
                });
            }
        }
    }

    @Test
    default void r37_two_threads_that_call_without_a_pause_are_each_answered_as_if_alone() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        Duel.<Boolean>rounds(store, raceTime(), round -> {
            List<OwnCall> calls = twoCalls(store, Kind.ALL, round);
            return new Duel.Round<>(
                    contender -> {
                        calls.get(contender).verify(store);
                        return true;
                    },
                    answers -> {});
        });
    }
}
