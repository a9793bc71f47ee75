package io.tokenstore.examples.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.connection.ClosedConnectionException;
import io.tokenstore.contract.FailureContract.Fate;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A session that loses requests or their replies: each request of the store goes by executeAsync. */
final class LosingSession implements InvocationHandler {

    private final CqlSession session;
    private final Supplier<Fate> fates;

    private LosingSession(CqlSession session, Supplier<Fate> fates) {
        this.session = session;
        this.fates = fates;
    }

    static CqlSession of(CqlSession session, Supplier<Fate> fates) {
        return (CqlSession) Proxy.newProxyInstance(
                CqlSession.class.getClassLoader(),
                new Class<?>[] {CqlSession.class},
                new LosingSession(session, fates));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        Fate fate = method.getName().equals("executeAsync") ? fates.get() : Fate.ANSWERED;
        if (fate == Fate.REQUEST_LOST) {
            return lost();
        }
        try {
            Object reply = method.invoke(session, arguments);
            return fate == Fate.REPLY_LOST ? ((CompletionStage<?>) reply).thenCompose(ignored -> lost()) : reply;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static CompletableFuture<Object> lost() {
        return CompletableFuture.failedFuture(new ClosedConnectionException("connection reset"));
    }
}
