package io.tokenstore.jdbc.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What every launched server must do before a test may rely on it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DatabaseServerContract<S extends LocalServer> {

    S server;

    abstract S startServer();

    @BeforeAll
    void start() {
        server = startServer();
    }

    @AfterAll
    void stop() {
        server.close();
        assertThat(server.folder()).doesNotExist();
    }

    @Test
    void answersInACreatedDatabase() throws SQLException {
        server.createDatabase("answers");
        assertThat(query("answers", "SELECT 1")).isEqualTo("1");
    }

    @Test
    void keepsAnAcknowledgedRowThroughKills() throws SQLException {
        server.createDatabase("kills");
        update("kills", "CREATE TABLE t (id INT PRIMARY KEY)");
        for (int id = 0; id < 5; id++) {
            update("kills", "INSERT INTO t VALUES (" + id + ")");
            server.kill();
            assertThatThrownBy(() -> query("kills", "SELECT 1")).isInstanceOf(SQLException.class);
            server.restart();
        }
        assertThat(query("kills", "SELECT COUNT(*) FROM t")).isEqualTo("5");
    }

    @Test
    void answersNothingWhilePaused() throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.url(server.adminDatabase()))) {
            server.pause();
            connection.setNetworkTimeout(Runnable::run, 500);
            assertThatThrownBy(() -> connection.createStatement().executeQuery("SELECT 1"))
                    .isInstanceOf(SQLException.class);
        } finally {
            server.resume();
        }
        assertThat(query(server.adminDatabase(), "SELECT 1")).isEqualTo("1");
    }

    @Test
    void tellsWhyItDoesNotStart() {
        server.kill();
        try (SquattedPort squatted = new SquattedPort(server.port())) {
            assertThat(squatted.isBound()).isTrue();
            assertThatThrownBy(server::restart)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("its log ends")
                    .hasMessageContaining("Address already in use");
        }
        server.restart();
    }

    String query(String database, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.url(database));
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }

    void update(String database, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.url(database));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }
}
