package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.jdbc.database.Servers;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An id belongs to one token, whoever owns it and whatever became of it; and no key refuses a token that may be issued. */
class SchemaKeysTest {

    private static final String[] TWICE = {"keeps an id twice", "primary key", "on the id alone"};

    @Nested
    class OnH2 extends SchemaCheckContract {

        private final JdbcConnectionPool pool = JdbcConnectionPool.create(H2.memoryUrl(), "sa", "");

        @AfterEach
        void dropTheDatabase() {
            pool.dispose();
        }

        @Override
        DataSource database() {
            return pool;
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "PRIMARY KEY (id, owner)",
                    "UNIQUE (id, created_at)",
                    "UNIQUE (id, revoked_at)",
                    "CHECK (1 = 1)"
                })
        void a_key_that_keeps_an_id_twice_is_refused(String key) throws SQLException {
            createSchema(Dialect.H2, "PRIMARY KEY (id)", key);
            assertRefused(database(), TWICE);
        }

        @ParameterizedTest
        @ValueSource(strings = {"owner", "owner, name", "created_at", "revocation_id"})
        void a_key_that_refuses_another_token_is_refused(String columns) throws SQLException {
            createSchema();
            Unpooled.execute(database(), "CREATE UNIQUE INDEX more ON " + table + " (" + columns + ")");
            assertRefused(database(), "refuses a token that it must keep");
        }
    }

    @Nested
    class OnPostgres extends SchemaCheckContract {

        private static String url;

        @BeforeAll
        static void createTheDatabase() {
            url = Servers.postgres().newDatabase();
        }

        @Override
        DataSource database() {
            return Unpooled.at(url);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "PRIMARY KEY (id, owner)",
                    "PRIMARY KEY (id, created_at)",
                    "UNIQUE (id, secret_hash)",
                    "UNIQUE (id, write_parity, name)"
                })
        void a_key_on_more_than_the_id_is_refused(String key) throws SQLException {
            createSchema(Dialect.POSTGRESQL, "PRIMARY KEY (id)", key);
            assertRefused(database(), TWICE);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "revoked_at IS NULL",
                    "revoked_at IS NOT NULL",
                    "expires_at IS NOT NULL",
                    "secret_hash IS NOT NULL",
                    "owner <> 'a'"
                })
        void an_index_on_some_of_the_rows_is_refused(String rows) throws SQLException {
            createSchema(Dialect.POSTGRESQL, "PRIMARY KEY (id),", "");
            Unpooled.execute(database(), "CREATE UNIQUE INDEX ON " + table + " (id) WHERE " + rows);
            assertRefused(database(), TWICE);
        }

        @Test
        void an_index_that_is_not_unique_is_refused() throws SQLException {
            createSchema(Dialect.POSTGRESQL, "PRIMARY KEY (id),", "");
            Unpooled.execute(database(), "CREATE INDEX ON " + table + " (id)");
            assertRefused(database(), TWICE);
        }

        @ParameterizedTest
        @ValueSource(strings = {"INITIALLY DEFERRED", "INITIALLY IMMEDIATE"})
        void a_key_that_is_checked_at_the_commit_is_refused(String when) throws SQLException {
            createSchema(Dialect.POSTGRESQL, "PRIMARY KEY (id)", "PRIMARY KEY (id) DEFERRABLE " + when);
            assertRefused(database(), "another key", "primary key, on the id alone");
        }

        @Test
        void partitions_by_owner_are_refused() throws SQLException {
            createSchema(
                    Dialect.POSTGRESQL, "PRIMARY KEY (id)", "PRIMARY KEY (id, owner)", "PARTITION BY HASH (owner)");
            assertRefused(database(), TWICE);
        }

        @Test
        void partitions_by_id_are_accepted() throws SQLException {
            createSchema(Dialect.POSTGRESQL, "PRIMARY KEY (id)", "PRIMARY KEY (id)", "PARTITION BY HASH (id)");
            assertAccepted(database());
        }

        private void createSchema(Dialect dialect, String key, String by, String partitions) throws SQLException {
            Unpooled.execute(
                    database(),
                    scriptOfTokens(dialect).replace(key, by).replace("WITH (fillfactor = 90)", partitions),
                    "CREATE TABLE " + table + "_0 PARTITION OF " + table + " FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                    "CREATE TABLE " + table + "_1 PARTITION OF " + table + " FOR VALUES WITH (MODULUS 2, REMAINDER 1)");
            createSchema();
        }

        @ParameterizedTest
        @ValueSource(strings = {"lower(id)", "left(id, 100)", "owner", "owner, name", "created_at", "revocation_id"})
        void a_key_that_refuses_another_token_is_refused(String columns) throws SQLException {
            createSchema();
            Unpooled.execute(database(), "CREATE UNIQUE INDEX ON " + table + " (" + columns + ")");
            assertRefused(database(), "refuses a token that it must keep");
        }

        @Test
        void a_policy_that_hides_rows_is_refused() throws SQLException {
            createSchema();
            Unpooled.execute(
                    database(),
                    "DROP ROLE IF EXISTS restricted",
                    "CREATE ROLE restricted LOGIN",
                    "GRANT SELECT, INSERT, UPDATE, DELETE ON " + table + " TO restricted",
                    "ALTER TABLE " + table + " ENABLE ROW LEVEL SECURITY",
                    "CREATE POLICY all_of_it ON " + table + " FOR INSERT WITH CHECK (true)",
                    "CREATE POLICY mine ON " + table + " FOR SELECT USING (owner = current_user)");
            assertRefused(Unpooled.as("restricted", url), "hide no row of it from the store");
        }

        @Test
        void neither_the_script_nor_the_check_leaves_an_error_in_the_log_of_the_server() throws SQLException {
            int before = Servers.postgres().log().length();
            createSchema();
            assertAccepted(database());
            createSchema();
            assertAccepted(database());
            assertThat(Servers.postgres().log().substring(before)).doesNotContain("ERROR", "WARNING");
        }
    }

    @Nested
    class OnMariaDb extends SchemaCheckContract {

        private static String url;

        @BeforeAll
        static void createTheDatabase() {
            url = Servers.mariaDb().newDatabase();
        }

        @Override
        DataSource database() {
            return Unpooled.at(url);
        }

        @ParameterizedTest
        @ValueSource(strings = {"PRIMARY KEY (id, owner(100))", "UNIQUE (id, created_at)", "INDEX (id)"})
        void a_key_that_keeps_an_id_twice_is_refused(String key) throws SQLException {
            createSchema(Dialect.MARIADB, "PRIMARY KEY (id)", key);
            assertRefused(database(), TWICE);
        }

        @ParameterizedTest
        @ValueSource(strings = {"PRIMARY KEY (id(100))", "PRIMARY KEY (id(254))"})
        void a_key_on_the_beginning_of_an_id_is_refused(String key) throws SQLException {
            createSchema(Dialect.MARIADB, "PRIMARY KEY (id)", key);
            assertRefused(database(), "refuses a token that it must keep");
        }

        @Test
        void neither_the_script_nor_the_check_leaves_an_error_in_the_log_of_the_server() throws SQLException {
            int before = Servers.mariaDb().log().length();
            createSchema();
            assertAccepted(database());
            createSchema();
            assertAccepted(database());
            assertThat(Servers.mariaDb().log().substring(before)).doesNotContain("ERROR");
        }

        @ParameterizedTest
        @ValueSource(strings = {"compact", "redundant", "dynamic"})
        void the_script_needs_no_default_row_format(String format) throws SQLException {
            Unpooled.execute(database(), "SET GLOBAL innodb_default_row_format = " + format);
            try {
                createSchema();
                assertAccepted(database());
            } finally {
                Unpooled.execute(database(), "SET GLOBAL innodb_default_row_format = dynamic");
            }
        }
    }
}
