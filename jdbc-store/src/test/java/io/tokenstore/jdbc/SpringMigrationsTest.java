package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.TokenStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;

/** Hosts whose migrations Spring Boot runs: the order of their beans is the order of the migrations. */
class SpringMigrationsTest {

    private static final Map<String, Object> PROPERTIES = Map.of(
            "spring.flyway.locations", "classpath:host/migrations",
            "spring.liquibase.change-log", "classpath:host/changes/changelog.yaml",
            "spring.liquibase.show-summary-output", "log");

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(FlywayAutoConfiguration.class)
    static class HostWithCreateSchema {

        // tag::createSchema[]
        @Bean
        @DependsOnDatabaseInitialization // after the host's own migrations
        TokenStore tokenStore(DataSource dataSource) {
            JdbcTokenStore.createSchema(dataSource);
            return JdbcTokenStore.create(dataSource);
        }
        // end::createSchema[]
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(FlywayAutoConfiguration.class)
    static class HostWithFlyway {

        // tag::flyway[]
        @Bean
        @DependsOnDatabaseInitialization // after the host's own migrations
        TokenStore tokenStore(DataSource dataSource) {
            migrateTokens(dataSource); // as above, and no bean: beside a Flyway bean Spring Boot runs none
            return JdbcTokenStore.create(dataSource);
        }
        // end::flyway[]
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(LiquibaseAutoConfiguration.class)
    static class HostWithLiquibase {

        // tag::liquibase[]
        @Bean
        @DependsOnDatabaseInitialization // after Liquibase, whose changelog has the store's tables
        TokenStore tokenStore(DataSource dataSource) {
            return JdbcTokenStore.create(dataSource);
        }
        // end::liquibase[]
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(FlywayAutoConfiguration.class)
    static class HostThatNamesNoOrder {

        @Bean
        TokenStore tokenStore(DataSource dataSource) {
            JdbcTokenStore.createSchema(dataSource);
            return JdbcTokenStore.create(dataSource);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(LiquibaseAutoConfiguration.class)
    static class HostWithLiquibaseThatNamesNoOrder {

        @Bean
        TokenStore tokenStore(DataSource dataSource) {
            return JdbcTokenStore.create(dataSource);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(FlywayAutoConfiguration.class)
    static class HostWithAFlywayBean {

        @Bean(initMethod = "migrate")
        Flyway flyway(DataSource dataSource) {
            return FlywayTest.hosts(dataSource, "classpath:io/tokenstore/jdbc/schema/" + vendor(dataSource));
        }
    }

    /** What the schema holds when the host starts for the first time with the token store. */
    private enum Beginning {
        EMPTY {
            @Override
            void make(DataSource dataSource) {
                // Nothing.
            }
        },
        MIGRATIONS_OF_THE_HOST {
            @Override
            void make(DataSource dataSource) {
                FlywayTest.hosts(dataSource, FlywayTest.HOSTS).migrate();
            }
        };

        abstract void make(DataSource dataSource);
    }

    static Stream<Arguments> beginnings() {
        return Stream.of(FreshDatabase.H2, FreshDatabase.POSTGRESQL)
                .flatMap(database -> Stream.of(Beginning.values()).map(beginning -> Arguments.of(database, beginning)));
    }

    @ParameterizedTest
    @MethodSource("beginnings")
    void createSchema_runs_after_the_hosts_migrations(FreshDatabase database, Beginning beginning) throws SQLException {
        DataSource dataSource = database.create();
        beginning.make(dataSource);
        startTwice(HostWithCreateSchema.class, dataSource);
        assertThat(FreshDatabase.versions(dataSource, "flyway_schema_history")).containsExactly("1", "2");
    }

    @ParameterizedTest
    @MethodSource("beginnings")
    void the_stores_own_flyway_runs_after_the_hosts(FreshDatabase database, Beginning beginning) throws SQLException {
        DataSource dataSource = database.create();
        beginning.make(dataSource);
        startTwice(HostWithFlyway.class, dataSource);
        assertThat(FreshDatabase.versions(dataSource, "flyway_schema_history")).containsExactly("1", "2");
        assertThat(FreshDatabase.versions(dataSource, "access_token_history")).containsExactly("0", "1");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MARIADB")
    void the_store_is_made_after_liquibase_has_run(FreshDatabase database) throws SQLException {
        DataSource dataSource = database.create();
        startTwice(HostWithLiquibase.class, dataSource);
        assertThat(FreshDatabase.query(dataSource, "SELECT id FROM DATABASECHANGELOG"))
                .containsExactly("orders", "access-tokens-1");
    }

    @Test
    void without_an_order_flyway_refuses_the_schema_that_createSchema_has_filled() {
        assertThatExceptionOfType(BeanCreationException.class)
                .isThrownBy(() -> start(HostThatNamesNoOrder.class, FreshDatabase.H2.create()))
                .withRootCauseInstanceOf(FlywayException.class)
                .havingRootCause()
                .withMessageContaining("non-empty schema")
                .withMessageContaining("no schema history table");
    }

    @Test
    void without_an_order_a_host_that_has_migrated_before_starts_all_the_same() {
        DataSource dataSource = FreshDatabase.H2.create();
        Beginning.MIGRATIONS_OF_THE_HOST.make(dataSource);
        startTwice(HostThatNamesNoOrder.class, dataSource);
    }

    @Test
    void without_an_order_create_says_that_the_scripts_run_before_it() {
        assertThatExceptionOfType(BeanCreationException.class)
                .isThrownBy(() -> start(HostWithLiquibaseThatNamesNoOrder.class, FreshDatabase.H2.create()))
                .withMessageContaining("the table access_tokens is missing")
                .withMessageContaining("before the store is created");
    }

    @Test
    void beside_a_flyway_bean_spring_boot_runs_no_migrations_of_the_host() {
        DataSource dataSource = FreshDatabase.H2.create();
        start(HostWithAFlywayBean.class, dataSource);
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> FreshDatabase.query(dataSource, "SELECT item FROM orders"));
    }

    private static void migrateTokens(DataSource dataSource) {
        FlywayTest.migrateTokens(dataSource, vendor(dataSource));
    }

    private static String vendor(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection()) {
            return Dialect.of(connection).name().toLowerCase(Locale.ROOT);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void startTwice(Class<?> host, DataSource dataSource) {
        for (int i = 0; i < 2; i++) {
            start(host, dataSource);
        }
    }

    private static void start(Class<?> host, DataSource dataSource) {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("host", PROPERTIES));
            context.registerBean("dataSource", DataSource.class, () -> dataSource);
            context.register(host);
            context.refresh();
        }
    }
}
