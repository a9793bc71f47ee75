package io.tokenstore.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Threads that a barrier releases at once, round after round. */
final class Race implements AutoCloseable {

    private static final int SECONDS_A_ROUND = 60;

    private final ExecutorService threads;
    private final CyclicBarrier start;

    Race(int contenders) {
        threads = Executors.newFixedThreadPool(contenders);
        start = new CyclicBarrier(contenders);
    }

    /** Runs one round and returns what each contender answered, in their order. */
    <T> List<T> round(IntFunction<T> contender) throws Exception {
        List<Future<T>> running = new ArrayList<>();
        for (int i = 0; i < start.getParties(); i++) {
            int number = i;
            running.add(threads.submit(() -> {
                start.await(SECONDS_A_ROUND, TimeUnit.SECONDS);
                return contender.apply(number);
            }));
        }
        List<T> answers = new ArrayList<>();
        for (Future<T> answer : running) {
            answers.add(answer.get(SECONDS_A_ROUND, TimeUnit.SECONDS));
        }
        return answers;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
