package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.stream.Stream;
import javax.sql.DataSource;
import liquibase.UpdateSummaryOutputEnum;
import liquibase.exception.LiquibaseException;
import liquibase.integration.spring.SpringLiquibase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.io.DefaultResourceLoader;

/** The stories of docs/databases.md of hosts with Liquibase, also when a later release brings a script. */
class LiquibaseTest {

    static final String HOSTS_OWN = "host/changes/orders.sql";
    static final String HOSTS = "host/changes/changelog.yaml";
    static final String HOSTS_LATER = "host/changes/later.yaml";
    private static final Token KEPT = Token.builder(new TokenId("kept"), new Owner("alice"), "laptop", Instant.EPOCH)
            .build();

    static Stream<Arguments> beginnings() {
        return Stream.of(FreshDatabase.values())
                .flatMap(database -> Stream.of(
                                Arguments.of(database, false, false),
                                Arguments.of(database, true, false),
                                Arguments.of(database, false, true),
                                Arguments.of(database, true, true))
                        .skip(database == FreshDatabase.MARIADB ? 3 : 0));
    }

    @ParameterizedTest(name = "{0}, the host''s own tables: {1}, those of createSchema: {2}")
    @MethodSource("beginnings")
    void the_script_is_a_change_of_the_hosts_own_changelog(FreshDatabase database, boolean hosts, boolean createSchema)
            throws SQLException, LiquibaseException {
        DataSource dataSource = database.create();
        if (hosts) {
            update(dataSource, HOSTS_OWN);
        }
        if (createSchema) {
            JdbcTokenStore.createSchema(dataSource);
        }
        for (int start = 0; start < 2; start++) {
            update(dataSource, HOSTS);
            JdbcTokenStore.create(dataSource);
        }
        JdbcTokenStore.create(dataSource).add(KEPT);

        for (int start = 0; start < 2; start++) {
            update(dataSource, HOSTS_LATER);
            assertThat(JdbcTokenStore.create(dataSource).find(KEPT.id())).contains(KEPT);
        }
        assertThat(FreshDatabase.query(dataSource, "SELECT kept_for FROM access_tokens"))
                .containsExactly("everybody");
        assertThat(FreshDatabase.query(dataSource, "SELECT id FROM DATABASECHANGELOG ORDER BY orderexecuted"))
                .containsExactly("orders", "access-tokens-1", "access-tokens-2");

        // A node of this release that starts again while the others are of the next one.
        update(dataSource, HOSTS);
        assertThat(JdbcTokenStore.create(dataSource).find(KEPT.id())).contains(KEPT);
    }

    @ParameterizedTest
    @EnumSource
    void tables_of_the_next_releases_createSchema_go_over_to_liquibase(FreshDatabase database)
            throws LiquibaseException {
        DataSource dataSource = database.create();
        SchemaEvolutionTest.createNext(dataSource::getConnection);
        update(dataSource, HOSTS_LATER);
        assertThatCode(() -> JdbcTokenStore.create(dataSource)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @EnumSource
    void tables_that_liquibase_made_go_over_to_createSchema(FreshDatabase database) throws LiquibaseException {
        DataSource dataSource = database.create();
        update(dataSource, HOSTS);
        JdbcTokenStore.createSchema(dataSource);
        SchemaEvolutionTest.createNext(dataSource::getConnection);
        assertThatCode(() -> JdbcTokenStore.create(dataSource)).doesNotThrowAnyException();
    }

    static void update(DataSource dataSource, String changelog) throws LiquibaseException {
        SpringLiquibase liquibase = new SpringLiquibase();
        liquibase.setDataSource(dataSource);
        liquibase.setChangeLog("classpath:" + changelog);
        liquibase.setResourceLoader(new DefaultResourceLoader());
        liquibase.setShowSummaryOutput(UpdateSummaryOutputEnum.LOG);
        liquibase.afterPropertiesSet();
    }
}
