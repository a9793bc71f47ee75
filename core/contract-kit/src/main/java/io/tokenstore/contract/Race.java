package io.tokenstore.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/** Threads that spin while they wait for each other, so that they really start together. */
final class Race implements AutoCloseable {

    /** The beginning of the threads' names. */
    static final String CONTENDER = "contender ";

    /** A thread that spins longer may be in the way of the thread that it waits for. */
    private static final int LOOKS_AWAKE = 200;

    private static final int NANOS_ASLEEP = 10_000;

    /** Half of most hosts' stack size: more than a call needs, unless it recurses for each token. */
    private static final long STACK_BYTES = 512 * 1024;

    private final int contenders;
    private final ExecutorService threads;
    private volatile boolean failed;

    Race(int contenders) {
        this.contenders = contenders;
        threads = threads(contenders, CONTENDER);
    }

    /** Returns threads whose names begin alike, by which {@link ThreadWatch} knows that they call the store. */
    static ExecutorService threads(int count, String name) {
        AtomicInteger number = new AtomicInteger();
        return Executors.newFixedThreadPool(count, task -> {
            Thread thread = new Thread(null, task, name + number.getAndIncrement(), STACK_BYTES);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Runs one round and returns the contenders' answers, in their order. */
    <T> List<T> round(IntFunction<T> contender) throws Exception {
        AtomicInteger missing = new AtomicInteger(contenders);
        List<Future<T>> running = new ArrayList<>();
        for (int i = 0; i < contenders; i++) {
            int number = i;
            running.add(threads.submit(() -> {
                missing.decrementAndGet();
                await(() -> missing.get() == 0);
                try {
                    return contender.apply(number);
                } catch (Throwable e) {
                    failed = true;
                    throw e;
                }
            }));
        }
        return get(running);
    }

    /** Waits for a condition that the other threads fulfil; gives up if one of them failed. */
    void await(BooleanSupplier condition) {
        for (int looks = 0; !condition.getAsBoolean(); looks++) {
            giveUpIfAnotherFailed();
            if (looks < LOOKS_AWAKE) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(NANOS_ASLEEP);
            }
        }
    }

    void giveUpIfAnotherFailed() {
        if (failed || Thread.currentThread().isInterrupted()) {
            throw new Abandoned();
        }
    }

    /** Throws what the first contender that failed by itself threw; waits at most for the test's own time limit. */
    private static <T> List<T> get(List<Future<T>> running) throws Exception {
        List<T> answers = new ArrayList<>();
        Throwable failure = null;
        for (Future<T> answer : running) {
            try {
                answers.add(answer.get());
            } catch (ExecutionException e) {
                failure = failure == null || failure instanceof Abandoned ? e.getCause() : failure;
            }
        }
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw (Exception) failure;
        }
        return answers;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** Another contender failed; its failure is reported. */
    private static final class Abandoned extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
