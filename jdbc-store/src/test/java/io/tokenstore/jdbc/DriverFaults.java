package io.tokenstore.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** Stands before the connections of a pool, and does to single calls on them what a network or a server might. */
final class DriverFaults {

    private final DataSource pool;
    private final boolean autocommit;
    private final Map<String, Deque<Fault>> once = new HashMap<>();
    private final Map<String, Fault> always = new HashMap<>();
    private final List<String> calls = new ArrayList<>();

    DriverFaults(DataSource pool, boolean autocommit) {
        this.pool = pool;
        this.autocommit = autocommit;
    }

    /** A call as the driver would carry it out. */
    interface Call {
        Object proceed() throws Throwable;

        default Object argument(int index) {
            throw new UnsupportedOperationException();
        }
    }

    /** What happens in place of a call, or around it. */
    interface Fault {
        Object on(Call call) throws Throwable;
    }

    /** Waits for the next call of a method: {@code connection.commit}, {@code statement.executeUpdate} and so on. */
    void next(String method, Fault fault) {
        once.computeIfAbsent(method, name -> new ArrayDeque<>()).add(fault);
    }

    void always(String method, Fault fault) {
        always.put(method, fault);
    }

    /** Returns how often a method was called. */
    int count(String method) {
        return Collections.frequency(calls, method);
    }

    /** Returns the calls of these methods, in order. */
    List<String> calls(String... methods) {
        return calls.stream().filter(List.of(methods)::contains).toList();
    }

    void startOver() {
        calls.clear();
    }

    DataSource dataSource() {
        return Unpooled.of(() -> (Connection) answer("pool.getConnection", () -> {
            Connection connection = pool.getConnection();
            connection.setAutoCommit(autocommit);
            return StandIn.of(Connection.class, onEach("connection", connection));
        }));
    }

    private InvocationHandler onEach(String name, Object target) {
        return (proxy, method, arguments) -> {
            Object result = answer(name + "." + method.getName(), new MethodCall(target, method, arguments));
            return result instanceof PreparedStatement statement
                    ? StandIn.of(PreparedStatement.class, onEach("statement", statement))
                    : result;
        };
    }

    private <E extends Throwable> Object answer(String name, Call call) throws E {
        calls.add(name);
        Fault fault = once.getOrDefault(name, new ArrayDeque<>()).poll();
        try {
            return fault == null ? always.getOrDefault(name, Call::proceed).on(call) : fault.on(call);
        } catch (Throwable e) {
            @SuppressWarnings("unchecked")
            E asItIs = (E) e;
            throw asItIs;
        }
    }

    private record MethodCall(Object target, Method method, Object[] arguments) implements Call {

        @Override
        public Object proceed() throws Throwable {
            return StandIn.call(target, method, arguments);
        }

        @Override
        public Object argument(int index) {
            return arguments[index];
        }
    }
}
