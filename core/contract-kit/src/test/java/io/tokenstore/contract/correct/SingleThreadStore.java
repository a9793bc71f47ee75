package io.tokenstore.contract.correct;

import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.fixtures.ForwardingStore;
import io.tokenstore.fixtures.TreeMapStore;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** A correct store whose calls are messages to one thread, and whose answers are futures. */
public final class SingleThreadStore extends ForwardingStore implements AutoCloseable {

    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    public SingleThreadStore() {
        super(new TreeMapStore());
    }

    @Override
    protected <T> T around(Supplier<T> call) {
        try {
            return thread.submit(call::get).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) e.getCause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TokenStoreException("interrupted while waiting for the answer", Applied.UNKNOWN, e);
        }
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
