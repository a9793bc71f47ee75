package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The stories of docs/databases.md of hosts with Flyway, also when a later release brings a script. */
class FlywayTest {

    static final String HOSTS = "classpath:host/migrations";
    private static final String HOSTS_LATER = "classpath:host/later";
    private static final Token KEPT = Token.builder(new TokenId("kept"), new Owner("alice"), "laptop", Instant.EPOCH)
            .build();

    /** What a schema may hold when a host takes Flyway for the token store's tables. */
    private enum Beginning {
        EMPTY(false, false, false),
        MIGRATIONS_OF_THE_HOST(true, false, false),
        MIGRATIONS_OF_THE_HOST_AND_CREATE_SCHEMA(true, false, true),
        TABLES_OF_THE_HOST_WITHOUT_A_HISTORY(false, true, false),
        CREATE_SCHEMA(false, false, true);

        private final boolean migrations;
        private final boolean tables;
        private final boolean createSchema;

        Beginning(boolean migrations, boolean tables, boolean createSchema) {
            this.migrations = migrations;
            this.tables = tables;
            this.createSchema = createSchema;
        }

        void make(DataSource dataSource) throws SQLException {
            if (migrations) {
                hosts(dataSource, HOSTS).migrate();
            }
            if (tables) {
                Unpooled.execute(dataSource, "CREATE TABLE customers (id INTEGER PRIMARY KEY)");
            }
            if (createSchema) {
                JdbcTokenStore.createSchema(dataSource);
            }
        }

        /** Flyway refuses such a schema to the host's own migrations, unless it is told to begin below their first. */
        boolean isForeignToTheHostsFlyway() {
            return !migrations && (tables || createSchema);
        }
    }

    static Stream<Arguments> beginnings() {
        return Stream.of(FreshDatabase.values())
                .flatMap(database -> Stream.of(Beginning.values())
                        .filter(beginning -> database != FreshDatabase.MARIADB || beginning.createSchema)
                        .map(beginning -> Arguments.of(database, beginning)));
    }

    @ParameterizedTest
    @MethodSource("beginnings")
    void a_history_of_the_stores_own_goes_beside_the_hosts(FreshDatabase database, Beginning beginning)
            throws SQLException {
        DataSource dataSource = database.create();
        beginning.make(dataSource);
        for (int start = 0; start < 2; start++) {
            migrateHosts(dataSource, beginning, HOSTS);
            migrateTokens(dataSource, database.vendor());
            JdbcTokenStore.create(dataSource);
        }
        JdbcTokenStore.create(dataSource).add(KEPT);
        assertThat(FreshDatabase.versions(dataSource, "access_token_history")).endsWith("1");

        for (int start = 0; start < 2; start++) {
            migrateHosts(dataSource, beginning, HOSTS, HOSTS_LATER);
            migrateTokensOfTheNextRelease(dataSource, database.vendor());
            assertThat(JdbcTokenStore.create(dataSource).find(KEPT.id())).contains(KEPT);
        }
        assertThat(FreshDatabase.versions(dataSource, "access_token_history")).endsWith("1", "2");
        assertThat(FreshDatabase.versions(dataSource, "flyway_schema_history")).endsWith("1", "2", "3");
        assertThat(FreshDatabase.query(dataSource, "SELECT kept_for FROM access_tokens"))
                .containsExactly("everybody");

        // A node of this release that starts again while the others are of the next one.
        migrateHosts(dataSource, beginning, HOSTS);
        migrateTokens(dataSource, database.vendor());
        assertThat(JdbcTokenStore.create(dataSource).find(KEPT.id())).contains(KEPT);
    }

    private static void migrateHosts(DataSource dataSource, Beginning beginning, String... locations) {
        if (beginning.isForeignToTheHostsFlyway()) {
            hostsOnAForeignSchema(dataSource, locations);
        } else {
            hosts(dataSource, locations).migrate();
        }
    }

    static Flyway hosts(DataSource dataSource, String... locations) {
        return Flyway.configure().dataSource(dataSource).locations(locations).load();
    }

    private static void hostsOnAForeignSchema(DataSource dataSource, String... locations) {
        // tag::late[]
        Flyway.configure()
                .dataSource(dataSource)
                .locations(locations)
                .baselineOnMigrate(true)
                .baselineVersion("0") // 1, the default, would leave out the host's own V1
                .load()
                .migrate();
        // end::late[]
    }

    static void migrateTokens(DataSource dataSource, String database) {
        // tag::history[]
        Flyway.configure()
                .dataSource(dataSource)
                .locations("classpath:io/tokenstore/jdbc/schema/" + database) // h2, postgresql, mariadb or mysql
                .table("access_token_history")
                .baselineOnMigrate(true) // the host's tables are in the schema already
                .baselineVersion("0") // so that V1 runs
                .load()
                .migrate();
        // end::history[]
    }

    static void migrateTokensOfTheNextRelease(DataSource dataSource, String vendor) {
        migrateTokensOfTheNextRelease(dataSource, vendor, "0");
    }

    static void migrateTokensOfTheNextRelease(DataSource dataSource, String vendor, String baseline) {
        Flyway.configure()
                .dataSource(dataSource)
                .locations(
                        "classpath:io/tokenstore/jdbc/schema/" + vendor, "classpath:io/tokenstore/jdbc/next/" + vendor)
                .table("access_token_history")
                .baselineOnMigrate(true)
                .baselineVersion(baseline)
                .load()
                .migrate();
    }

    @ParameterizedTest
    @EnumSource
    void tables_of_the_next_releases_createSchema_go_over_to_flyway(FreshDatabase database) throws SQLException {
        DataSource dataSource = database.create();
        hosts(dataSource, HOSTS).migrate();
        SchemaEvolutionTest.createNext(dataSource::getConnection);
        migrateTokensOfTheNextRelease(dataSource, database.vendor());
        assertThat(FreshDatabase.versions(dataSource, "access_token_history")).endsWith("1", "2");
        assertThatCode(() -> JdbcTokenStore.create(dataSource)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @EnumSource
    void tables_that_flyway_made_go_over_to_createSchema(FreshDatabase database) throws SQLException {
        DataSource dataSource = database.create();
        migrateTokens(dataSource, database.vendor());
        JdbcTokenStore.createSchema(dataSource);
        SchemaEvolutionTest.createNext(dataSource::getConnection);
        assertThatCode(() -> JdbcTokenStore.create(dataSource)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @EnumSource
    void copies_of_the_scripts_are_migrations_of_the_hosts_own(FreshDatabase database, @TempDir Path migrations)
            throws IOException, SQLException {
        DataSource dataSource = database.create();
        String copies = "filesystem:" + migrations;
        hosts(dataSource, HOSTS).migrate();
        Files.writeString(
                migrations.resolve("V2.1__access_tokens.sql"),
                textOf("schema/" + database.vendor() + "/V1__access_tokens.sql"));
        hosts(dataSource, HOSTS, copies).migrate();
        JdbcTokenStore.create(dataSource).add(KEPT);
        hosts(dataSource, HOSTS, HOSTS_LATER, copies).migrate();
        Files.writeString(
                migrations.resolve("V3.1__access_tokens_2.sql"),
                textOf("next/" + database.vendor() + "/V2__one_more_column.sql"));
        hosts(dataSource, HOSTS, HOSTS_LATER, copies).migrate();
        assertThat(FreshDatabase.versions(dataSource, "flyway_schema_history"))
                .containsExactly("1", "2", "2.1", "3", "3.1");
        assertThat(JdbcTokenStore.create(dataSource).find(KEPT.id())).contains(KEPT);
    }

    @Test
    void a_copy_may_give_the_tables_another_name(@TempDir Path migrations) throws IOException {
        DataSource dataSource = FreshDatabase.H2.create();
        String copy = textOf("schema/h2/V1__access_tokens.sql")
                .replace("access_tokens", "tokens")
                .replace("access_token_uses", "tokens_uses");
        Files.writeString(migrations.resolve("V3__tokens.sql"), copy);
        hosts(dataSource, HOSTS, "filesystem:" + migrations).migrate();
        JdbcOptions options = JdbcOptions.defaults().withTable("tokens");
        assertThatCode(() -> JdbcTokenStore.create(dataSource, () -> false, options))
                .doesNotThrowAnyException();
    }

    private static String textOf(String script) throws IOException {
        try (InputStream text = Dialect.class.getResourceAsStream(script)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** On MariaDB and MySQL a schema is a database. */
    @ParameterizedTest
    @EnumSource(names = {"H2", "POSTGRESQL"})
    void in_a_schema_of_the_stores_own_no_order_is_wrong(FreshDatabase database) throws SQLException {
        for (boolean hostsFirst : new boolean[] {true, false}) {
            DataSource dataSource = database.create();
            if (hostsFirst) {
                hosts(dataSource, HOSTS).migrate();
            }
            JdbcOptions options = migrateTokensInASchemaOfTheirOwn(
                    dataSource, database.vendor(), database == FreshDatabase.H2 ? "TOKENS" : "tokens");
            JdbcTokenStore.create(dataSource, () -> false, options).add(KEPT);
            hosts(dataSource, HOSTS, HOSTS_LATER).migrate();
            JdbcTokenStore.createSchema(dataSource, options);
            assertThat(FreshDatabase.query(dataSource, "SELECT id FROM tokens.access_tokens"))
                    .containsExactly("kept");
            assertThat(FreshDatabase.query(
                            dataSource,
                            "SELECT table_name FROM information_schema.tables WHERE lower(table_schema) = 'tokens'"))
                    .hasSize(3);
        }
    }

    private static JdbcOptions migrateTokensInASchemaOfTheirOwn(DataSource dataSource, String database, String schema) {
        // tag::schema[]
        Flyway.configure()
                .dataSource(dataSource)
                .locations("classpath:io/tokenstore/jdbc/schema/" + database)
                .schemas(schema) // "tokens" on PostgreSQL, "TOKENS" on H2: Flyway creates it
                .load()
                .migrate();
        JdbcOptions options = JdbcOptions.defaults().withTable("tokens.access_tokens");
        // end::schema[]
        return options;
    }

    @ParameterizedTest
    @EnumSource
    void flyway_refuses_the_hosts_first_migration_after_the_tables_of_the_store(FreshDatabase database)
            throws SQLException {
        DataSource dataSource = database.create();
        JdbcTokenStore.createSchema(dataSource);
        assertThatExceptionOfType(FlywayException.class)
                .isThrownBy(() -> hosts(dataSource, HOSTS).migrate())
                .withMessageContaining("non-empty schema")
                .withMessageContaining("baseline");
        hostsOnAForeignSchema(dataSource, HOSTS);
        assertThat(FreshDatabase.versions(dataSource, "flyway_schema_history")).endsWith("1", "2");
    }

    @Test
    void a_baseline_at_1_leaves_out_the_hosts_first_migration() {
        DataSource dataSource = FreshDatabase.H2.create();
        JdbcTokenStore.createSchema(dataSource);
        Flyway flyway = hosts(dataSource, HOSTS);
        flyway.baseline();
        assertThat(flyway.info().pending())
                .extracting(migration -> migration.getVersion().getVersion())
                .containsExactly("2");
    }
}
