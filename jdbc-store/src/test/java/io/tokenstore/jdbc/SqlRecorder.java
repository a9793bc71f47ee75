package io.tokenstore.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;

/** A data source that writes down each statement that is prepared on its connections. */
final class SqlRecorder {

    private final List<String> prepared = new CopyOnWriteArrayList<>();
    private final DataSource recorded;

    SqlRecorder(DataSource dataSource) {
        recorded = proxy(DataSource.class, dataSource);
    }

    DataSource dataSource() {
        return recorded;
    }

    /** Returns what was prepared since the last call. */
    List<String> take() {
        List<String> taken = List.copyOf(prepared);
        prepared.clear();
        return taken;
    }

    private <T> T proxy(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(
                SqlRecorder.class.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")) {
                        prepared.add((String) arguments[0]);
                    }
                    try {
                        Object result = method.invoke(target, arguments);
                        return result instanceof Connection connection ? proxy(Connection.class, connection) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
