package io.tokenstore.examples.spring;

import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

// tag::health[]
/** Reports whether the store answers in time. At most one look is under way, so a database that hangs holds only one thread. */
@Component
class TokenStoreHealth implements HealthIndicator, DisposableBean {

    private static final long DEADLINE_MILLIS = 800;
    private static final TokenId ANY = new TokenId("health");

    private final ExecutorService looks = Executors.newSingleThreadExecutor();
    private final TokenStore store;
    private @Nullable Future<?> look;

    TokenStoreHealth(TokenStore store) {
        this.store = store;
    }

    @Override
    public Health health() {
        try {
            look().get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
            return Health.up().build();
        } catch (ExecutionException | TimeoutException e) {
            return Health.down(e).build();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Health.down(e).build();
        }
    }

    private synchronized Future<?> look() {
        if (look == null || look.isDone()) {
            look = looks.submit(() -> store.find(ANY));
        }
        return look;
    }

    @Override
    public void destroy() {
        looks.shutdown();
    }
}
// end::health[]
