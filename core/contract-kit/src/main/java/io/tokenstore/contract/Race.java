package io.tokenstore.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/** Threads that wait for each other awake, so that they really start together, round after round. */
final class Race implements AutoCloseable {

    private final int contenders;
    private final ExecutorService threads;

    Race(int contenders) {
        this.contenders = contenders;
        threads = Executors.newFixedThreadPool(contenders);
    }

    /** Runs one round and returns what each contender answered, in their order. */
    <T> List<T> round(IntFunction<T> contender) throws Exception {
        AtomicInteger missing = new AtomicInteger(contenders);
        List<Future<T>> running = new ArrayList<>();
        for (int i = 0; i < contenders; i++) {
            int number = i;
            running.add(threads.submit(() -> {
                awaitAll(missing);
                return contender.apply(number);
            }));
        }
        List<T> answers = new ArrayList<>();
        for (Future<T> answer : running) {
            answers.add(get(answer));
        }
        return answers;
    }

    /** A thread that was parked at a barrier wakes up long after the first ones ran through a short race. */
    private static void awaitAll(AtomicInteger missing) throws InterruptedException {
        missing.decrementAndGet();
        while (missing.get() > 0) {
            if (Thread.interrupted()) {
                throw new InterruptedException("not all threads started");
            }
            Thread.yield(); // There may be more threads than processors.
        }
    }

    /** Fails as the contender did, and waits no longer than the test's own time limit. */
    private static <T> T get(Future<T> answer) throws Exception {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AssertionError failure) {
                throw failure;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
