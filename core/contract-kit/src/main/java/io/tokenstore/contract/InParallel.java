package io.tokenstore.contract;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Makes many calls from several threads, which saves most of a remote store's waiting time. */
final class InParallel {

    /** The beginning of the threads' names. */
    static final String CALLER = "caller ";

    static final int THREADS = 16;

    private InParallel() {}

    /** Throws what the first call that failed threw. */
    static <T> void forEach(Collection<T> items, Consumer<T> call) throws Exception {
        ExecutorService threads = Race.threads(THREADS, CALLER);
        try {
            List<? extends Future<?>> calls = items.stream()
                    .map(item -> threads.submit(() -> call.accept(item)))
                    .toList();
            for (Future<?> answer : calls) {
                answer.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw (Exception) e.getCause();
        } finally {
            threads.shutdownNow();
        }
    }
}
