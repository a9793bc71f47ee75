package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.jdbc.database.Servers;
import java.sql.SQLException;
import java.time.Instant;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What docs/databases.md says of migrations, on the server whose scripts of a later release can't run twice. */
@Tag("mysql")
class MySqlMigrationsTest {

    private static final String VENDOR = "mysql";
    private static final Token KEPT = Token.builder(new TokenId("kept"), new Owner("alice"), "laptop", Instant.EPOCH)
            .build();

    private final DataSource dataSource =
            new DriverManagerDataSource(Servers.mySql().newDatabase());

    @ParameterizedTest(name = "on tables of createSchema: {0}")
    @ValueSource(booleans = {false, true})
    void flyway_keeps_a_history_of_the_stores_own(boolean createSchema) throws SQLException {
        FlywayTest.hosts(dataSource, FlywayTest.HOSTS).migrate();
        createSchemaIf(createSchema);
        for (int start = 0; start < 2; start++) {
            FlywayTest.migrateTokens(dataSource, VENDOR);
        }
        JdbcTokenStore.create(dataSource).add(KEPT);
        for (int start = 0; start < 2; start++) {
            FlywayTest.migrateTokensOfTheNextRelease(dataSource, VENDOR);
            assertIsKept();
        }
        assertThat(FreshDatabase.versions(dataSource, "access_token_history")).endsWith("1", "2");
    }

    @ParameterizedTest(name = "on tables of createSchema: {0}")
    @ValueSource(booleans = {false, true})
    void liquibase_has_a_change_for_each_script(boolean createSchema) throws Exception {
        LiquibaseTest.update(dataSource, LiquibaseTest.HOSTS_OWN);
        createSchemaIf(createSchema);
        for (int start = 0; start < 2; start++) {
            LiquibaseTest.update(dataSource, LiquibaseTest.HOSTS);
        }
        JdbcTokenStore.create(dataSource).add(KEPT);
        for (int start = 0; start < 2; start++) {
            LiquibaseTest.update(dataSource, LiquibaseTest.HOSTS_LATER);
            assertIsKept();
        }
    }

    @Test
    void nodes_that_start_together_all_find_the_table_created() throws Exception {
        CreateSchemaTest.assertStartTogether(Servers.mySql().newDatabase());
    }

    @Test
    void flyway_takes_over_from_createSchema_above_the_last_script_that_ran() throws SQLException {
        SchemaEvolutionTest.createNext(dataSource::getConnection);
        JdbcTokenStore.create(dataSource).add(KEPT);
        for (int start = 0; start < 2; start++) {
            FlywayTest.migrateTokensOfTheNextRelease(dataSource, VENDOR, "2");
            assertIsKept();
        }
    }

    private void createSchemaIf(boolean wanted) {
        if (wanted) {
            JdbcTokenStore.createSchema(dataSource);
        }
    }

    private void assertIsKept() throws SQLException {
        assertThat(JdbcTokenStore.create(dataSource).find(KEPT.id())).contains(KEPT);
        assertThat(FreshDatabase.query(dataSource, "SELECT kept_for FROM access_tokens"))
                .containsExactly("everybody");
    }
}
