package io.tokenstore.contract;

import io.tokenstore.TokenStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/**
 * Two threads that race for a while. The first goes from round to round without a pause, and the second joins at any instant,
 * in the round that it finds.
 *
 * <p>So the second thread hits even a window of some nanoseconds in the first one's work, also on a busy machine: a thread that
 * wakes up may stop the other thread within the window. Threads that wait for each other before each round would mostly wait.
 */
final class Duel<T> {

    /** On a busy machine the second thread comes late, and few of its visits hit a window of a fast store. */
    private static final int MAX_TIMES_AS_LONG = 8;

    private static final int MIN_VISITS = 10;
    private static final int MIN_VISITS_OF_A_FAST_STORE = 1_000;
    private static final long NANOS_OF_A_FAST_ROUND = 250_000;
    /** The fastest round shows how fast a store is now, whatever else the machine does. */
    private static final int ROUNDS_OF_A_LAP = 64;

    /** The longest time between two visits. */
    private static final long MAX_PAUSE = 1_000_000;

    private static final int LOOKS_FOR_A_NEW_ROUND = 200;
    /** About a microsecond, as long as a call of a store in memory. */
    private static final int MAX_SPINS = 32;

    private static final int ROUNDS_UNTIL_CLEANING = 16;
    private static final Instant END_OF_TIME = Instant.parse("9999-12-31T23:59:59.999999Z");

    /** What both threads do, 0 and 1 by number, and the check of both answers, which runs on the second thread. */
    record Round<T>(IntFunction<T> contender, Consumer<List<T>> check) {}

    private final TokenStore store;
    private final long nanos;
    private volatile Running<T> current;
    private volatile boolean visiting;
    private volatile int visits;
    private volatile boolean ended;
    private volatile long nanosOfARound;
    private boolean isFast;

    private static final class Running<T> {
        private final Round<T> round;
        private T answer;
        private volatile boolean answered;

        private Running(Round<T> round) {
            this.round = round;
        }
    }

    private Duel(TokenStore store, Duration time) {
        this.store = store;
        nanos = time.toNanos();
    }

    /**
     * Prepares and runs rounds, which are numbered from 0, and checks those in which both threads took part. Now and then it
     * removes ended tokens that do not belong to a round under way, so that a walk stays short.
     *
     * @param time the least time to race
     */
    static <T> void rounds(TokenStore store, Duration time, IntFunction<Round<T>> prepare) throws Exception {
        Duel<T> duel = new Duel<>(store, time);
        try (Race race = new Race(2)) {
            race.round(contender -> {
                try {
                    if (contender == 0) {
                        duel.run(prepare);
                    } else {
                        duel.visit(race);
                    }
                    return null;
                } finally {
                    duel.ended = true;
                }
            });
        }
    }

    private void run(IntFunction<Round<T>> prepare) {
        long start = System.nanoTime();
        long begin = start;
        long fastest = Long.MAX_VALUE;
        for (int i = 0; !ended && goesOn(begin - start); i++) {
            if (i % ROUNDS_UNTIL_CLEANING == ROUNDS_UNTIL_CLEANING - 1) {
                clean();
            }
            Running<T> running = new Running<>(prepare.apply(i));
            current = running;
            wait(ThreadLocalRandom.current());
            running.answer = running.round.contender().apply(0);
            running.answered = true;
            long end = System.nanoTime();
            nanosOfARound = end - begin;
            fastest = i % ROUNDS_OF_A_LAP == 0 ? end - begin : Math.min(fastest, end - begin);
            if (i < ROUNDS_OF_A_LAP || i % ROUNDS_OF_A_LAP == ROUNDS_OF_A_LAP - 1) {
                isFast = fastest < NANOS_OF_A_FAST_ROUND;
            }
            begin = end;
        }
    }

    /**
     * The second thread sees a round late. Only if the first one waits now and then, each can begin at any instant of the
     * other.
     */
    private static void wait(ThreadLocalRandom random) {
        if (random.nextBoolean()) {
            for (int i = random.nextInt(MAX_SPINS); i > 0; i--) {
                Thread.onSpinWait();
            }
        }
    }

    /** A race without a single visit proves nothing, so it continues until the test's own time limit. */
    private boolean goesOn(long elapsed) {
        int minVisits = isFast ? MIN_VISITS_OF_A_FAST_STORE : MIN_VISITS;
        return elapsed < nanos || visits == 0 || visits < minVisits && elapsed < MAX_TIMES_AS_LONG * nanos;
    }

    private void clean() {
        current = null; // No visit begins from here on.
        if (!visiting) {
            Walk.purge(store, END_OF_TIME);
        }
    }

    private void visit(Race race) {
        Running<T> last = null;
        while (!ended) {
            pause(last);
            visiting = true;
            Running<T> running = current;
            if (running != null && running != last) {
                T answer = running.round.contender().apply(1);
                race.await(() -> running.answered);
                running.round.check().accept(Arrays.asList(running.answer, answer));
                visits++;
                last = running;
            }
            visiting = false;
        }
    }

    /** Sleeps for a while, or spins until a round begins, and then for a part of it. */
    private void pause(Running<T> last) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long most = Math.min(nanosOfARound, MAX_PAUSE) >> random.nextInt(8);
        long nanos = random.nextLong(most + 1);
        if (random.nextBoolean()) {
            LockSupport.parkNanos(nanos + 1);
        } else {
            for (int i = 0; i < LOOKS_FOR_A_NEW_ROUND && current == last && !ended; i++) {
                Thread.onSpinWait();
            }
            long end = System.nanoTime() + nanos;
            while (System.nanoTime() - end < 0) {
                Thread.onSpinWait();
            }
        }
    }
}
