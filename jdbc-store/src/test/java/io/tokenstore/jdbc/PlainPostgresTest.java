package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import io.tokenstore.jdbc.database.PostgresServer;
import io.tokenstore.jdbc.database.Servers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that speak PostgreSQL's protocol and lack what the store can do without: PostgreSQL itself, robbed of it. */
class PlainPostgresTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");

    @ParameterizedTest(name = "autocommit {0}")
    @ValueSource(booleans = {true, false})
    void a_database_that_sorts_by_bytes_anyway_needs_no_name_for_that_order(boolean autocommit) throws SQLException {
        String database = "plain_" + autocommit;
        Servers.postgres().createDatabase(database);
        try (HikariDataSource pool = withoutNamesOfOrders(database, autocommit)) {
            JdbcTokenStore.createSchema(pool);
            JdbcTokenStore.createSchema(pool);
            JdbcTokenStore store = JdbcTokenStore.create(pool);
            Token token = Token.builder(new TokenId("t1"), new Owner("alice"), "laptop", NOW)
                    .build();
            store.add(token);
            assertThat(store.revoke(
                            token.owner(),
                            token.id(),
                            new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null)))
                    .isTrue();
            Map<TokenId, Instant> uses = Map.of(token.id(), NOW, new TokenId("t0"), NOW);
            store.record(uses);
            assertThat(store.lastUses(uses.keySet())).isEqualTo(uses);
        }
    }

    @ParameterizedTest(name = "autocommit {0}")
    @ValueSource(booleans = {true, false})
    void a_database_that_sorts_as_a_language_does_and_has_no_other_order_gets_no_table(boolean autocommit)
            throws SQLException {
        String database = "plain_language_" + autocommit;
        Servers.postgres().createDatabaseWithIcuLocale(database, "en-US");
        try (HikariDataSource pool = withoutNamesOfOrders(database, autocommit)) {
            assertThatExceptionOfType(TokenStoreException.class)
                    .isThrownBy(() -> JdbcTokenStore.createSchema(pool))
                    .havingRootCause()
                    .withMessageContaining("collation \"C\"");
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> Unpooled.execute(pool, "SELECT * FROM access_tokens"))
                    .withMessageContaining("does not exist");
        }
    }

    @Test
    void a_script_that_is_refused_with_its_order_and_without_tells_of_both_refusals() throws SQLException {
        String database = "plain_refused";
        Servers.postgres().createDatabase(database);
        String url = Servers.postgres().url(database);
        Unpooled.execute(
                Unpooled.at(url), "CREATE ROLE plain_reader LOGIN", "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> JdbcTokenStore.createSchema(Unpooled.as("plain_reader", url)))
                .satisfies(e -> assertThat(e.getCause().getSuppressed()).hasSize(1));
    }

    @Test
    void a_server_that_concatenates_only_texts_is_accepted() throws SQLException {
        String database = "plain_texts";
        Servers.postgres().createDatabase(database);
        String url = Servers.postgres().url(database);
        Unpooled.execute(
                Unpooled.at(url),
                "ALTER FUNCTION pg_catalog.concat(VARIADIC \"any\") RENAME TO concat_of_any",
                "CREATE FUNCTION concat(VARIADIC text[]) RETURNS text LANGUAGE sql"
                        + " AS $$ SELECT array_to_string($1, '') $$");
        JdbcTokenStore.createSchema(Unpooled.at(url));
        JdbcTokenStore.create(Unpooled.at(url));
    }

    @ParameterizedTest(name = "autocommit {0}")
    @ValueSource(booleans = {true, false})
    void a_store_with_transactions_of_its_own_needs_no_savepoint(boolean autocommit) throws SQLException {
        PostgresServer server = Servers.postgres();
        String database = "plain_transactions_" + autocommit;
        server.createDatabase(database);
        try (HikariDataSource pool = pool(database, autocommit)) {
            JdbcTokenStore.createSchema(pool);
            Unpooled.execute(pool, "ALTER DATABASE " + database + " SET log_statement = 'all'");
            int before = server.log().length();
            JdbcTokenStore.create(Unpooled.of(() -> {
                Connection connection = DriverManager.getConnection(server.url(database));
                connection.setAutoCommit(autocommit);
                return connection;
            }));
            assertThat(server.log().substring(before))
                    .contains("INSERT INTO access_tokens")
                    .doesNotContain("SAVEPOINT");
        }
    }

    private static HikariDataSource withoutNamesOfOrders(String database, boolean autocommit) throws SQLException {
        HikariDataSource pool = pool(database, autocommit);
        Unpooled.execute(pool, "ALTER COLLATION pg_catalog.\"C\" RENAME TO unknown");
        return pool;
    }

    private static HikariDataSource pool(String database, boolean autocommit) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(Servers.postgres().url(database));
        config.setAutoCommit(autocommit);
        return new HikariDataSource(config);
    }
}
