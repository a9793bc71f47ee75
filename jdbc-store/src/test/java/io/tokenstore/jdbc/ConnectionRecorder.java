package io.tokenstore.jdbc;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;

/** Writes down what connections are asked: the statements executed, and every call that could change or end a transaction. */
final class ConnectionRecorder {

    private final List<String> executions = new CopyOnWriteArrayList<>();
    private final List<String> interventions = new CopyOnWriteArrayList<>();

    DataSource recorded(DataSource dataSource) {
        return proxy(DataSource.class, dataSource, (method, arguments, result) -> {
            return result instanceof Connection connection ? recorded(connection) : result;
        });
    }

    Connection recorded(Connection connection) {
        return proxy(Connection.class, connection, (method, arguments, result) -> {
            if (result instanceof PreparedStatement statement) {
                return recorded(PreparedStatement.class, statement, (String) arguments[0]);
            }
            if (result instanceof Statement statement) {
                return recorded(Statement.class, statement, "");
            }
            if (!isHarmless(method.getName())) {
                interventions.add(method.getName());
            }
            return result;
        });
    }

    void startOver() {
        executions.clear();
        interventions.clear();
    }

    /** The SQL of each statement executed. */
    List<String> executions() {
        return List.copyOf(executions);
    }

    /** The methods called on a connection, except those that look something up or prepare a statement. */
    List<String> interventions() {
        return List.copyOf(interventions);
    }

    private <S extends Statement> S recorded(Class<S> type, S statement, String prepared) {
        return proxy(type, statement, (method, arguments, result) -> {
            if (method.getName().startsWith("execute")) {
                executions.add(arguments == null ? prepared : String.valueOf(arguments[0]));
            }
            return result;
        });
    }

    private static boolean isHarmless(String method) {
        return method.startsWith("get")
                || method.startsWith("is")
                || method.startsWith("prepare")
                || List.of("createStatement", "hashCode", "equals", "toString").contains(method);
    }

    private interface Listener {
        Object afterwards(Method method, Object[] arguments, Object result);
    }

    private static <T> T proxy(Class<T> type, T target, Listener listener) {
        return StandIn.of(type, (proxy, method, arguments) -> {
            Object result;
            try {
                result = StandIn.call(target, method, arguments);
            } catch (Throwable e) {
                listener.afterwards(method, arguments, null);
                throw e;
            }
            return listener.afterwards(method, arguments, result);
        });
    }
}
