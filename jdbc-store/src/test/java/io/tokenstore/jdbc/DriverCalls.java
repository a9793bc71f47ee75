package io.tokenstore.jdbc;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/** Stands before one connection of a driver, and writes down whatever is asked of it that may reach the database. */
final class DriverCalls {

    private static final Set<String> LOCAL = Set.of(
            "getAutoCommit", "getWarnings", "clearWarnings", "getNetworkTimeout", "setNetworkTimeout", "isClosed");

    private final Connection driver;
    private final List<String> calls = new ArrayList<>();

    DriverCalls(Connection driver) {
        this.driver = driver;
    }

    /** Gives the connection again and again, and never closes it. */
    DataSource dataSource() {
        return Unpooled.of(() -> StandIn.of(Connection.class, this::onConnection));
    }

    List<String> during(Runnable work) {
        calls.clear();
        work.run();
        return List.copyOf(calls);
    }

    private Object onConnection(Object proxy, Method method, Object[] arguments) throws Throwable {
        String name = method.getName();
        if (name.equals("close")) {
            return null;
        }
        if (!LOCAL.contains(name)) {
            calls.add(name);
        }
        Object result = StandIn.call(driver, method, arguments);
        return name.equals("prepareStatement")
                ? StandIn.of(PreparedStatement.class, (statement, inner, values) -> onStatement(result, inner, values))
                : result;
    }

    private Object onStatement(Object statement, Method method, Object[] arguments) throws Throwable {
        if (method.getName().startsWith("execute")) {
            calls.add(method.getName());
        }
        return StandIn.call(statement, method, arguments);
    }
}
