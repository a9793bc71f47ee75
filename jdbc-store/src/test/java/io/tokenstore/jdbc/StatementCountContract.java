package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one call on the store asks of the driver; drivers send a statement when it is executed, not when it is prepared. */
abstract class StatementCountContract {

    private static final Owner ALICE = new Owner("alice");
    private static final TokenId ID = new TokenId("t1");
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");

    private static final String UPDATE = "executeUpdate";
    /** As Jdbi asks. */
    private static final String LOOK = "execute";

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
        store.add(Token.builder(ID, ALICE, "laptop", NOW).build());
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
        assertThat(driver.during(this::revoke)).isEqualTo(statements(List.of(UPDATE), autocommit));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_revocation_of_all_is_a_look_an_update_another_look_and_a_rewrite(boolean autocommit) throws SQLException {
        connection.setAutoCommit(autocommit);
        assertThat(driver.during(
                        () -> assertThat(store.revokeAll(ALICE, revocation())).isEqualTo(1)))
                .isEqualTo(Stream.of(List.of(LOOK, UPDATE), List.of(LOOK), List.of(LOOK, UPDATE))
                        .flatMap(transaction -> statements(transaction, autocommit).stream())
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_look_up_is_one_statement(boolean autocommit) throws SQLException {
        connection.setAutoCommit(autocommit);
        assertThat(driver.during(() -> assertThat(store.find(ID)).isPresent()))
                .isEqualTo(statements(List.of("executeQuery"), autocommit));
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

    private static List<String> statements(List<String> executions, boolean autocommit) {
        List<String> calls = new ArrayList<>();
        executions.forEach(execution -> calls.addAll(List.of("prepareStatement", execution)));
        if (!autocommit) {
            calls.add("commit");
        }
        return calls;
    }

    private static Revocation revocation() {
        return new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
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
