package io.tokenstore.contract;

import io.tokenstore.TokenStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/** Two nodes behind a store that divides its calls between them, as a load balancer does. */
final class InTurns {

    private InTurns() {}

    /** Passes each call to the other node. */
    static TokenStore of(TokenStore one, TokenStore other) {
        AtomicInteger calls = new AtomicInteger();
        return (TokenStore) Proxy.newProxyInstance(
                TokenStore.class.getClassLoader(), new Class<?>[] {TokenStore.class}, (proxy, method, arguments) -> {
                    try {
                        return method.invoke(calls.getAndIncrement() % 2 == 0 ? one : other, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
