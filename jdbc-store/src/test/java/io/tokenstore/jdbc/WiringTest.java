package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Caller;
import io.tokenstore.RevocationRequest;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenRevocationService;
import io.tokenstore.TokenStore;
import io.tokenstore.Username;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;

/** What docs/wiring.md shows, run. */
class WiringTest {

    @Test
    void a_host_with_a_data_source_and_with_transactions_of_its_own() throws SQLException {
        JdbcConnectionPool pool = H2.memory();
        try {
            TokenStore store = wired(pool);
            store.add(new Token(new TokenId("t1"), new Username("alice"), "laptop", null, Instant.now(), null, null));
            closeAccount(pool, Caller.admin("ops"), "alice");
            assertThat(store.find(new TokenId("t1")).orElseThrow().revocation()).isNotNull();
        } finally {
            pool.dispose();
        }
    }

    private static TokenStore wired(DataSource dataSource) {
        // tag::store[]
        JdbcTokenStore.createSchema(dataSource);
        TokenStore store = JdbcTokenStore.create(dataSource);
        // end::store[]
        return store;
    }

    private static void closeAccount(DataSource dataSource, Caller caller, String username) throws SQLException {
        // tag::joining[]
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                new TokenRevocationService(JdbcTokenStore.joining(connection))
                        .revokeAll(caller, username, new RevocationRequest(null, "account closed"))
                        .orElseThrow();
                // Whatever else closes the account, on the same connection.
                connection.commit();
            } catch (RuntimeException | SQLException e) {
                connection.rollback();
                throw e;
            }
        }
        // end::joining[]
    }
}
