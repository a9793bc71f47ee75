package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tokenstore.jdbc.database.PostgresServer;
import io.tokenstore.jdbc.database.PostgresStandby;
import io.tokenstore.jdbc.database.Servers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaCheckTest {

    private static final String READER = "reader";

    @Test
    void an_unknown_database_is_refused_and_the_known_ones_are_named() {
        DataSource hsqldb = Unpooled.at("jdbc:hsqldb:mem:unknown");
        String[] words = {"the database is HSQL Database Engine", "H2 2.0, PostgreSQL 12.0, MariaDB 10.6, MySQL 8.0"};
        assertThatIllegalStateException()
                .isThrownBy(() -> JdbcTokenStore.create(hsqldb))
                .withMessageContainingAll(words);
        assertThatIllegalStateException()
                .isThrownBy(() -> JdbcTokenStore.createSchema(hsqldb))
                .withMessageContainingAll(words);
    }

    @Test
    void a_statement_that_the_pool_refuses_is_not_blamed_on_the_encoding() throws SQLException {
        String url = H2.memoryUrl() + ";DB_CLOSE_DELAY=-1";
        JdbcTokenStore.createSchema(Unpooled.at(url));
        DataSource filtered = Unpooled.of(() -> {
            Connection driver = DriverManager.getConnection(url);
            return StandIn.of(Connection.class, (proxy, method, arguments) -> {
                if (method.getName().equals("prepareStatement") && ((String) arguments[0]).contains("UNION")) {
                    // As a pool with an SQL firewall does: without a state.
                    throw new SQLException("sql injection violation");
                }
                return StandIn.call(driver, method, arguments);
            });
        });
        assertThatIllegalStateException()
                .isThrownBy(() -> JdbcTokenStore.create(filtered))
                .withMessageContaining("if the pool filters SQL, let the store's statements pass")
                .withMessageNotContaining("UTF-8");
    }

    @Nested
    class OnH2 extends SchemaCheckContract {

        private final String url = H2.memoryUrl();
        private final JdbcConnectionPool pool = JdbcConnectionPool.create(url, "sa", "");

        @AfterEach
        void dropTheDatabase() {
            pool.dispose();
        }

        @Override
        DataSource database() {
            return pool;
        }

        @Test
        void a_database_that_ignores_case_is_refused() throws SQLException {
            Unpooled.execute(pool, "SET IGNORECASE TRUE");
            createSchema();
            assertRefusedForItsOrder(pool);
        }

        @Test
        void a_table_from_when_the_database_ignored_case_is_refused() throws SQLException {
            Unpooled.execute(pool, "SET IGNORECASE TRUE");
            createSchema();
            Unpooled.execute(pool, "SET IGNORECASE FALSE");
            assertRefusedForItsOrder(pool);
        }

        @Test
        void a_column_of_owners_that_ignores_case_is_refused() throws SQLException {
            createSchema(Dialect.H2, "owner              VARCHAR", "owner              VARCHAR_IGNORECASE");
            assertRefusedForItsOwners(pool);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "ENGLISH",
                    "ENGLISH STRENGTH PRIMARY",
                    "ENGLISH STRENGTH IDENTICAL",
                    "SV STRENGTH SECONDARY",
                    "CHARSET_CP500"
                })
        void a_collation_is_refused(String collation) throws SQLException {
            Unpooled.execute(pool, "SET COLLATION " + collation);
            createSchema();
            assertRefusedForItsOrder(pool);
        }

        @Test
        void a_database_that_is_opened_to_be_read_is_refused(@TempDir Path folder) throws SQLException {
            String file = "jdbc:h2:" + folder.resolve("tokens") + ";USER=sa";
            JdbcTokenStore.createSchema(
                    Unpooled.at(file), JdbcOptions.defaults().withTable(table));
            assertAccepted(Unpooled.at(file + ";WRITE_DELAY=0"));
            assertRefusedForWriting(Unpooled.at(file + ";ACCESS_MODE_DATA=r"));
        }

        @Test
        void a_user_who_may_only_read_is_refused() throws SQLException {
            createSchema();
            Unpooled.execute(pool, "CREATE USER reader PASSWORD ''", "GRANT SELECT ON " + table + " TO reader");
            DataSource reader = JdbcConnectionPool.create(url, READER, "");
            assertRefusedForWriting(reader);
            Unpooled.execute(
                    pool,
                    "GRANT INSERT, UPDATE, DELETE ON " + table + " TO reader",
                    "GRANT SELECT, INSERT, UPDATE, DELETE ON " + Dialect.usesOf(table) + " TO reader");
            assertAccepted(reader);
        }

        @Test
        void a_user_who_may_not_even_read_is_refused() throws SQLException {
            createSchema();
            Unpooled.execute(pool, "CREATE USER reader PASSWORD ''");
            assertRefused(JdbcConnectionPool.create(url, READER, ""), "may not be read", "grant SELECT");
        }
    }

    @Nested
    class OnPostgres extends SchemaCheckContract {

        private static final String BYTE_ORDER = "COLLATE \"C\"";

        private static String url;

        @BeforeAll
        static void createTheDatabase() throws SQLException {
            Servers.postgres().createDatabaseWithIcuLocale("schema_check", "en-US");
            url = Servers.postgres().url("schema_check");
            Unpooled.execute(
                    Unpooled.at(url),
                    "CREATE ROLE reader LOGIN",
                    "CREATE COLLATION any_case (PROVIDER = icu, LOCALE = 'und-u-ks-level2', DETERMINISTIC = false)");
        }

        @Override
        DataSource database() {
            return Unpooled.at(url);
        }

        @Test
        void ids_in_the_order_of_a_language_are_refused() throws SQLException {
            createSchema(Dialect.POSTGRESQL, BYTE_ORDER, "");
            assertRefusedForItsOrder(database());
        }

        @Test
        void owners_in_the_order_of_a_language_are_accepted() throws SQLException {
            createSchema(Dialect.POSTGRESQL, "owner              VARCHAR(255) " + BYTE_ORDER, "owner VARCHAR(255)");
            assertAccepted(database());
        }

        @Test
        void ids_of_which_the_case_is_ignored_are_refused() throws SQLException {
            createSchema(Dialect.POSTGRESQL, BYTE_ORDER, "COLLATE any_case");
            assertRefusedForItsOrder(database());
        }

        @Test
        void owners_of_whom_the_case_is_ignored_are_refused() throws SQLException {
            createSchema(
                    Dialect.POSTGRESQL,
                    "owner              VARCHAR(255) " + BYTE_ORDER,
                    "owner VARCHAR(255) COLLATE any_case");
            assertRefusedForItsOwners(database());
        }

        @ParameterizedTest
        @ValueSource(strings = {"LATIN1", "SQL_ASCII"})
        void another_encoding_is_refused(String encoding) {
            String name = "schema_check_" + encoding;
            Servers.postgres().createDatabaseWithEncoding(name, encoding);
            DataSource database = Unpooled.at(Servers.postgres().url(name.toLowerCase(Locale.ROOT)));
            JdbcTokenStore.createSchema(database, JdbcOptions.defaults().withTable(table));
            assertRefusedForItsEncoding(database);
        }

        @Test
        void a_session_of_read_only_transactions_is_refused() throws SQLException {
            createSchema();
            assertRefusedForWriting(Unpooled.at(url, "SET default_transaction_read_only = on"));
        }

        @Test
        void a_read_only_connection_is_refused_with_autocommit_and_without() throws SQLException {
            createSchema();
            assertRefusedForWriting(readOnly(url + "&readOnlyMode=always", true));
            assertRefusedForWriting(readOnly(url, false));
        }

        @Test
        void a_standby_is_refused() {
            try (PostgresServer primary = PostgresServer.start();
                    PostgresStandby standby = primary.startStandby()) {
                DataSource writable = Unpooled.at(primary.url("postgres"), "SET synchronous_commit = remote_apply");
                JdbcTokenStore.createSchema(writable, JdbcOptions.defaults().withTable(table));
                assertAccepted(writable);
                assertRefusedForWriting(Unpooled.at(standby.url("postgres")));
            }
        }

        @Test
        void a_role_that_may_not_even_read_is_refused() throws SQLException {
            createSchema();
            assertRefused(Unpooled.as(READER, url), "may not be read", "grant SELECT");
        }

        @Test
        void a_role_that_may_only_read_is_refused() throws SQLException {
            createSchema();
            Unpooled.execute(database(), "GRANT SELECT ON " + table + " TO reader");
            assertRefusedForWriting(Unpooled.as(READER, url));
        }

        @ParameterizedTest
        @FieldSource("io.tokenstore.jdbc.LeastPrivileges#UPDATED_COLUMNS")
        void a_role_that_may_not_update_a_column_is_refused(String column) throws SQLException {
            createSchema();
            Unpooled.execute(database(), LeastPrivileges.grantAllButUpdateOf(column, table, READER));
            assertRefusedForWriting(Unpooled.as(READER, url));
            Unpooled.execute(database(), LeastPrivileges.grants(table, READER).toArray(String[]::new));
            assertAccepted(Unpooled.as(READER, url));
        }

        private static DataSource readOnly(String url, boolean autocommit) {
            return Unpooled.of(() -> {
                Connection connection = DriverManager.getConnection(url);
                connection.setAutoCommit(autocommit);
                connection.setReadOnly(true);
                return connection;
            });
        }

        @Test
        void a_role_without_grants_on_the_table_of_uses_is_refused() throws SQLException {
            createSchema();
            Unpooled.execute(database(), LeastPrivileges.grants(table, READER).get(0));
            String uses = Dialect.usesOf(table);
            for (String grant : List.of("SELECT", "INSERT", "UPDATE (last_used_at)", "DELETE")) {
                assertRefused(Unpooled.as(READER, url), "the table " + uses, "grant SELECT, INSERT, UPDATE and DELETE");
                Unpooled.execute(database(), "GRANT " + grant + " ON " + uses + " TO reader");
            }
            assertAccepted(Unpooled.as(READER, url));
        }

        @Test
        void columns_that_can_t_keep_every_token_are_refused() throws SQLException {
            createSchema(Dialect.POSTGRESQL, "revoked_by         VARCHAR(255)", "revoked_by VARCHAR(20)");
            assertRefused(database(), "can't keep a token of the greatest lengths", "SQLState 22001");
        }

        @Test
        void instants_that_lose_their_microseconds_are_refused() throws SQLException {
            createSchema(Dialect.POSTGRESQL, "revoked_at         TIMESTAMP(6)", "revoked_at TIMESTAMP(0)");
            assertRefused(database(), "a token comes back changed from the table " + table);
        }

        @Test
        void a_table_without_its_key_is_refused() throws SQLException {
            createSchema(Dialect.POSTGRESQL, "PRIMARY KEY (id),", "");
            assertRefused(database(), "keeps an id twice", "primary key");
        }

        @Test
        void the_check_leaves_no_row_behind() throws SQLException {
            createSchema();
            assertAccepted(database());
            Unpooled.execute(database(), "ALTER TABLE " + table + " ADD CHECK (id = 'none')");
        }
    }

    @Nested
    class OnMariaDb extends SchemaCheckContract {

        private static final String DATABASE = "schema_check";
        private static final String CHARACTERS = "DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin";

        private static String url;

        @BeforeAll
        static void createTheDatabase() throws SQLException {
            Servers.mariaDb().createDatabase(DATABASE);
            url = Servers.mariaDb().url(DATABASE);
            Unpooled.execute(Unpooled.at(url), "CREATE USER reader");
        }

        @Override
        DataSource database() {
            return Unpooled.at(url);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"", "COLLATE utf8mb4_unicode_ci", "COLLATE utf8mb4_unicode_nopad_ci", "COLLATE uca1400_as_cs"
                })
        void ids_in_the_order_of_a_language_are_refused(String collation) throws SQLException {
            createSchema(Dialect.MARIADB, CHARACTERS, "DEFAULT CHARACTER SET utf8mb4 " + collation);
            assertRefusedForItsOrder(database());
        }

        @ParameterizedTest
        @ValueSource(strings = {"utf8mb4_bin", "utf8mb4_general_ci"})
        void owners_that_are_taken_for_each_other_are_refused(String collation) throws SQLException {
            createSchema(
                    Dialect.MARIADB,
                    "owner              VARCHAR(255)",
                    "owner              VARCHAR(255) COLLATE " + collation);
            assertRefusedForItsOwners(database());
        }

        @Test
        void an_engine_without_transactions_is_refused_and_left_empty() throws SQLException {
            createSchema(Dialect.MARIADB, "ENGINE = InnoDB", "ENGINE = Aria TRANSACTIONAL = 0");
            assertRefused(database(), "does not take part in transactions", "engine");
            Unpooled.execute(database(), "ALTER TABLE " + table + " ADD CONSTRAINT empty_table CHECK (id = 'none')");
        }

        @Test
        void trailing_spaces_that_are_ignored_are_refused() throws SQLException {
            createSchema(Dialect.MARIADB, "nopad_bin", "bin");
            assertRefusedForItsOwners(database());
        }

        @ParameterizedTest
        @ValueSource(strings = {"latin1", "latin1 COLLATE latin1_nopad_bin", "utf8mb3 COLLATE utf8mb3_nopad_bin"})
        void another_character_set_is_refused_however_the_connection_sorts(String characterSet) throws SQLException {
            createSchema(Dialect.MARIADB, CHARACTERS, "DEFAULT CHARACTER SET " + characterSet);
            assertRefusedForItsEncoding(database());
            assertRefusedForItsEncoding(Unpooled.at(url, "SET NAMES utf8mb4 COLLATE utf8mb4_nopad_bin"));
        }

        @Test
        void a_session_of_read_only_transactions_is_refused() throws SQLException {
            createSchema();
            assertRefusedForWriting(Unpooled.at(url, "SET SESSION TRANSACTION READ ONLY"));
        }

        @Test
        void a_server_that_is_read_only_is_refused() throws SQLException {
            createSchema();
            Unpooled.execute(
                    database(),
                    LeastPrivileges.grants(table, READER).get(0),
                    LeastPrivileges.grantOfUses(table, READER),
                    "SET GLOBAL read_only = 1");
            try {
                assertRefusedForWriting(Unpooled.as(READER, url));
            } finally {
                Unpooled.execute(database(), "SET GLOBAL read_only = 0");
            }
            assertAccepted(Unpooled.as(READER, url));
        }

        @Test
        void a_user_who_may_only_read_is_refused() throws SQLException {
            createSchema();
            Unpooled.execute(database(), "GRANT SELECT ON " + table + " TO reader");
            assertRefusedForWriting(Unpooled.as(READER, url));
        }

        @ParameterizedTest
        @FieldSource("io.tokenstore.jdbc.LeastPrivileges#UPDATED_COLUMNS")
        void a_user_who_may_not_update_a_column_is_refused(String column) throws SQLException {
            createSchema();
            Unpooled.execute(database(), LeastPrivileges.grantAllButUpdateOf(column, table, READER));
            assertRefusedForWriting(Unpooled.as(READER, url));
            Unpooled.execute(database(), LeastPrivileges.grants(table, READER).toArray(String[]::new));
            assertAccepted(Unpooled.as(READER, url));
        }
    }
}
