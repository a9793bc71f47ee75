package io.tokenstore.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Data sources whose every connection is fresh from the driver. */
final class Unpooled {

    private Unpooled() {}

    interface Opening {
        Connection open() throws SQLException;
    }

    static DataSource of(Opening opening) {
        return StandIn.of(DataSource.class, (proxy, method, arguments) -> {
            if (!method.getName().equals("getConnection")) {
                throw new UnsupportedOperationException(method.getName());
            }
            return opening.open();
        });
    }

    /** Each connection runs the statements before it is handed out. */
    static DataSource at(String url, String... statements) {
        return of(() -> {
            Connection connection = DriverManager.getConnection(url);
            execute(connection, statements);
            return connection;
        });
    }

    /** The same database as another user, who needs no password. */
    static DataSource as(String user, String url) {
        return at(urlAs(user, url));
    }

    static String urlAs(String user, String url) {
        return url.replaceFirst("user=\\w+", "user=" + user);
    }

    static void execute(DataSource dataSource, String... statements) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            execute(connection, statements);
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        }
    }

    private static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
