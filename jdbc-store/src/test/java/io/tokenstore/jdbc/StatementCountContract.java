package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.Username;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one call on the store asks of the driver; drivers send a statement when it is executed, not when it is prepared. */
abstract class StatementCountContract {

    private static final Username ALICE = new Username("alice");
    private static final TokenId ID = new TokenId("t1");
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");

    private final JdbcOptions options = JdbcOptions.defaults().withTable("counted");

    Connection connection;
    private DriverCalls driver;
    private JdbcTokenStore store;

    abstract String url();

    @BeforeEach
    void createTheStore() throws SQLException {
        connection = DriverManager.getConnection(url());
        driver = new DriverCalls(connection);
        JdbcTokenStore.createSchema(driver.dataSource(), options);
        store = JdbcTokenStore.create(driver.dataSource(), () -> false, options);
        store.add(new Token(ID, ALICE, "laptop", null, NOW, null, null));
    }

    @AfterEach
    void dropTheTable() throws SQLException {
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE counted");
        }
        connection.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_revocation_is_one_statement(boolean autocommit) throws SQLException {
        connection.setAutoCommit(autocommit);
        assertThat(driver.during(this::revoke)).isEqualTo(oneStatement("executeUpdate", autocommit));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_revocation_of_all_is_one_statement(boolean autocommit) throws SQLException {
        connection.setAutoCommit(autocommit);
        assertThat(driver.during(
                        () -> assertThat(store.revokeAll(ALICE, revocation())).isEqualTo(1)))
                .isEqualTo(oneStatement("executeUpdate", autocommit));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_look_up_is_one_statement(boolean autocommit) throws SQLException {
        connection.setAutoCommit(autocommit);
        assertThat(driver.during(() -> assertThat(store.find(ID)).isPresent()))
                .isEqualTo(oneStatement("executeQuery", autocommit));
    }

    final void revoke() {
        assertThat(store.revoke(ALICE, ID, revocation())).isTrue();
    }

    final String query(String sql, int column) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(column);
        }
    }

    private static List<String> oneStatement(String execution, boolean autocommit) {
        return autocommit ? List.of("prepareStatement", execution) : List.of("prepareStatement", execution, "commit");
    }

    private static Revocation revocation() {
        return new Revocation(UUID.randomUUID(), NOW, "alice", null);
    }

    /** MariaDB and MySQL count the requests of each session. */
    abstract static class WhereTheServerCountsRequests extends StatementCountContract {

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void a_revocation_is_one_request_to_the_server_and_its_commit_another(boolean autocommit) throws SQLException {
            connection.setAutoCommit(autocommit);
            int before = requests();
            revoke();
            int theCountItself = 1;
            assertThat(requests() - before - theCountItself).isEqualTo(autocommit ? 1 : 2);
        }

        private int requests() throws SQLException {
            return Integer.parseInt(query("SHOW SESSION STATUS LIKE 'Questions'", 2));
        }
    }
}
