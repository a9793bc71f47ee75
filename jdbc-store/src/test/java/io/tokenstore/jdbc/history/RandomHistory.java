package io.tokenstore.jdbc.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Random calls from many threads on a few tokens, round after round. A round begins and ends with an empty store, so the
 * history may be of any length, and each round uses the ids of those before.
 */
final class RandomHistory implements AutoCloseable {

    private static final int SOME = 20;
    private static final int THREADS = 8;
    private static final int CALLS_OF_A_THREAD = 60;
    /** From here on, revokeAll is counted. */
    private static final int LAST_QUARTER = CALLS_OF_A_THREAD * 3 / 4;

    private static final int ACTS = 6;
    private static final int INSTANTS = 5;
    private static final Instant FIRST = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Instant LAST = FIRST.plus(INSTANTS, ChronoUnit.MICROS);

    private static final List<Owner> OWNERS = List.of(new Owner("alice"), new Owner("ALICE"));
    private static final List<TokenId> IDS = Stream.of("!", "-", "0", "A", "AB", "_", "a", "aB", "ab", "b", "b-", "~")
            .map(TokenId::new)
            .toList();

    private final List<? extends TokenStore> nodes;
    private final long seed;
    private final SplittableRandom random;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final Map<Round.Answer, Long> answers = new EnumMap<>(Round.Answer.class);
    private int rounds;

    /** The nodes share one set of tokens, which is empty. */
    RandomHistory(List<? extends TokenStore> nodes, long seed) {
        this.nodes = nodes;
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    /** Plays and checks another round; throws an {@link AssertionError} where a promise was broken. */
    void playRound() throws InterruptedException {
        rounds++;
        Round round = new Round(IDS);
        try {
            play(round);
            empty(nodes.get(0), round.end(nodes.get(0)));
        } catch (AssertionError e) {
            throw new AssertionError("A promise was broken in " + this, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("A call failed in " + this, e.getCause());
        }
        round.answers().forEach((answer, times) -> answers.merge(answer, times.sum(), Long::sum));
    }

    /** Plays as many rounds as a store that breaks a promise is given to be caught. */
    void playSomeRounds() throws InterruptedException {
        for (int i = 0; i < SOME; i++) {
            playRound();
        }
    }

    /** How often each was answered in the rounds that are over. */
    Map<Round.Answer, Long> answers() {
        return answers;
    }

    private void play(Round round) throws InterruptedException, ExecutionException {
        List<UUID> acts = Stream.generate(() -> uuid(random)).limit(ACTS).toList();
        List<Future<?>> running = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            Caller caller = new Caller(nodes.get(thread % nodes.size()), round, acts, random.split());
            running.add(threads.submit(caller::callAll));
        }
        for (Future<?> caller : running) {
            try {
                caller.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof AssertionError broken) {
                    throw broken;
                }
                throw e;
            }
        }
    }

    /** Revokes and purges what is left while nobody else calls. */
    private static void empty(TokenStore store, Collection<Token> left) {
        Revocation last = new Revocation(new UUID(0, 0), LAST, Actor.user("last"), null);
        for (Owner owner : OWNERS) {
            assertThat(left)
                    .filteredOn(token -> token.owner().equals(owner) && token.revocation() == null)
                    .as("What the last revokeAll counted")
                    .hasSize(store.revokeAll(owner, last));
        }
        assertThat(store.purge(LAST.plusSeconds(1), null, 1_000))
                .as("The last purge")
                .isEqualTo(new PurgePage(left.size(), null));
    }

    private static UUID uuid(SplittableRandom random) {
        return new UUID(random.nextLong(), random.nextLong());
    }

    @Override
    public String toString() {
        return "the history of seed %d: %d rounds, answers %s".formatted(seed, rounds, answers);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** One thread's calls of a round. */
    private record Caller(TokenStore store, Round round, List<UUID> acts, SplittableRandom random) {

        void callAll() {
            for (int i = 0; i < CALLS_OF_A_THREAD; i++) {
                call(i >= LAST_QUARTER);
            }
        }

        private void call(boolean counted) {
            int chance = random.nextInt(100);
            if (chance < 20) {
                round.find(store, any(IDS));
            } else if (chance < 25) {
                round.findAll(store, some(IDS));
            } else if (chance < 45) {
                round.add(store, token(any(IDS)));
            } else if (chance < 51) {
                round.addAll(store, some(IDS).stream().map(this::token).toList());
            } else if (chance < 71) {
                round.revoke(store, any(OWNERS), any(IDS), revocation());
            } else if (chance < 79) {
                round.activate(store, any(OWNERS), any(IDS));
            } else if (chance < 85) {
                round.list(store, any(OWNERS), 1 + random.nextInt(IDS.size()));
            } else if (chance < 89) {
                round.scan(store, 1 + random.nextInt(IDS.size()));
            } else if (chance < 97) {
                round.purge(store, instant().plus(1, ChronoUnit.MICROS), 1 + random.nextInt(IDS.size()));
            } else if (counted) {
                Revocation own = new Revocation(uuid(random), LAST, Actor.user("own"), null);
                round.revokeAllAndCount(store, any(OWNERS), own);
            } else {
                round.revokeAll(store, any(OWNERS), revocation());
            }
        }

        /** Its name tells it from every other. */
        private Token token(TokenId id) {
            String name = uuid(random).toString();
            Instant expiresAt = random.nextBoolean() ? instant() : null;
            return Token.builder(id, any(OWNERS), name, FIRST)
                    .predecessor(random.nextBoolean() ? any(IDS) : null)
                    .expiresAt(expiresAt)
                    .build();
        }

        /** One of a few acts, as its own caller repeats it, and as no caller should: with another instant and name. */
        private Revocation revocation() {
            String by = Integer.toHexString(random.nextInt());
            return new Revocation(any(acts), instant(), Actor.user(by), random.nextBoolean() ? by : null);
        }

        /** One of a few, so that purges find what ended before, at and after theirs. */
        private Instant instant() {
            return FIRST.plus(random.nextInt(INSTANTS), ChronoUnit.MICROS);
        }

        /** Two or three that differ, in any order. */
        private List<TokenId> some(List<TokenId> ids) {
            return Stream.generate(() -> any(ids))
                    .distinct()
                    .limit(2 + random.nextInt(2))
                    .toList();
        }

        private <T> T any(List<T> some) {
            return some.get(random.nextInt(some.size()));
        }
    }
}
