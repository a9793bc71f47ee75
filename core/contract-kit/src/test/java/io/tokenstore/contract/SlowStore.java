package io.tokenstore.contract;

import io.tokenstore.fixtures.ForwardingStore;
import io.tokenstore.fixtures.TreeMapStore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** A correct store that is a millisecond away, and counts for how many answers a test waited one after another. */
final class SlowStore extends ForwardingStore {

    private static final long ROUND_TRIP_NANOS = 1_000_000;
    private static final int WAITS_WITHIN_A_RACE = (int) ContractKitTest.RACE_OF_A_CORRECT_STORE.toMillis();

    private final String test = Thread.currentThread().getName();
    private int calls;
    private int callsInParallel;
    private int waitsInRaces;
    private long answerOfTheLastInRaces = System.nanoTime();

    SlowStore() {
        super(new TreeMapStore());
    }

    /** Returns the name of the test that asked for this store. */
    String test() {
        return test;
    }

    /** A race lasts as long on any store, so what it waits within that is no time of its own. */
    synchronized int waits() {
        return calls
                + (callsInParallel + InParallel.THREADS - 1) / InParallel.THREADS
                + Math.max(0, waitsInRaces - WAITS_WITHIN_A_RACE);
    }

    private synchronized void count() {
        String thread = Thread.currentThread().getName();
        if (thread.startsWith(InParallel.CALLER)) {
            callsInParallel++;
        } else if (thread.startsWith(Race.CONTENDER)) {
            countInRace();
        } else {
            calls++;
        }
    }

    /** A call that begins while another one is under way costs no time of its own. */
    private void countInRace() {
        long now = System.nanoTime();
        if (now - answerOfTheLastInRaces >= 0) {
            waitsInRaces++;
            answerOfTheLastInRaces = now + ROUND_TRIP_NANOS;
        }
    }

    @Override
    protected <T> T around(Supplier<T> call) {
        count();
        LockSupport.parkNanos(ROUND_TRIP_NANOS);
        return call.get();
    }
}
