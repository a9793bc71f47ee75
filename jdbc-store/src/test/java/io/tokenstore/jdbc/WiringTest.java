package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.service.Caller;
import io.tokenstore.service.RevocationRequest;
import io.tokenstore.service.TokenServices;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;

/** What docs/wiring.md shows, and docs/compatibility.md promises, run. */
class WiringTest {

    @Test
    void a_host_with_a_data_source_and_with_transactions_of_its_own() throws SQLException {
        JdbcConnectionPool pool = H2.memory();
        try {
            TokenStore store = wired(pool);
            store.add(Token.builder(new TokenId("t1"), new Owner("alice"), "laptop", Instant.now())
                    .build());
            closeAccount(pool, Caller.admin("ops"), "alice");
            assertThat(store.find(new TokenId("t1")).orElseThrow().revocation()).isNotNull();
        } finally {
            pool.dispose();
        }
    }

    @Test
    void a_table_with_the_columns_of_a_later_release_serves_this_one() throws SQLException {
        JdbcConnectionPool pool = H2.memory();
        try {
            JdbcTokenStore.createSchema(pool);
            Unpooled.execute(pool, "ALTER TABLE access_tokens ADD COLUMN later VARCHAR(9) DEFAULT 'x' NOT NULL");
            TokenStore store = wired(pool);
            Token token = Token.builder(new TokenId("t1"), new Owner("alice"), "laptop", Instant.EPOCH)
                    .build();
            store.add(token);
            assertThat(store.find(token.id())).contains(token);
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
                TokenServices.builder(JdbcTokenStore.joining(connection))
                        .build()
                        .revocation()
                        .revokeAll(caller, username, RevocationRequest.plain().withReason("account closed"))
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
