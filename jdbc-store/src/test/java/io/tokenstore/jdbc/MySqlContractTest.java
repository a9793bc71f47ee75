package io.tokenstore.jdbc;

import com.zaxxer.hikari.HikariConfig;
import io.tokenstore.jdbc.database.Servers;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("mysql")
class MySqlContractTest {

    private static final String DATABASE = "contract";

    @BeforeAll
    static void createTheDatabase() {
        Servers.mySql().createDatabase(DATABASE);
    }

    private static String url() {
        return Servers.mySql().url(DATABASE);
    }

    private static HikariConfig mySql() {
        return PooledContract.on(url());
    }

    @Nested
    class WithAutocommit extends PooledNodesContract {
        WithAutocommit() {
            super(mySql());
        }
    }

    @Nested
    class WithoutAutocommitAndCountingChangedRows extends PooledFailureContract {
        WithoutAutocommitAndCountingChangedRows() {
            super(withoutAutocommit(on(url() + "&useAffectedRows=true")));
        }
    }

    @Nested
    class WithOneConnectionInAnotherTimeZone extends PooledContract {
        WithOneConnectionInAnotherTimeZone() {
            super(inTimeZone(ofOneConnection(mySql()), "SET time_zone = '+05:45'"));
        }
    }

    @Nested
    class WithTheLeastPrivileges extends PooledContract {

        private static final String USER = "least";

        WithTheLeastPrivileges() throws SQLException {
            super(connectingLater(on(urlOfTheUser())));
        }

        private static String urlOfTheUser() throws SQLException {
            Unpooled.execute(Unpooled.at(url()), "CREATE USER " + USER);
            return Unpooled.urlAs(USER, url());
        }

        @Override
        DataSource owner() {
            return Unpooled.at(url());
        }

        @Override
        List<String> grants(String table) {
            return LeastPrivileges.grants(table, USER);
        }
    }

    @Nested
    class StatementCount extends StatementCountContract.WhereTheServerCountsRequests {
        @Override
        String url() {
            return MySqlContractTest.url();
        }
    }

    @Nested
    class SchemaChecked extends SchemaCheckContract {

        private static final String READER = "reader";
        private static final String CHARACTERS = "DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin";

        @BeforeAll
        static void createTheReader() throws SQLException {
            Unpooled.execute(Unpooled.at(url()), "CREATE USER " + READER);
        }

        @Override
        DataSource database() {
            return Unpooled.at(url());
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "COLLATE utf8mb4_0900_as_cs", "COLLATE utf8mb4_general_ci"})
        void ids_in_the_order_of_a_language_are_refused(String collation) throws SQLException {
            createSchema(Dialect.MYSQL, CHARACTERS, "DEFAULT CHARACTER SET utf8mb4 " + collation);
            assertRefusedForItsOrder(database());
        }

        @ParameterizedTest
        @ValueSource(strings = {"utf8mb4_bin", "utf8mb4_0900_ai_ci"})
        void owners_that_are_taken_for_each_other_are_refused(String collation) throws SQLException {
            createSchema(Dialect.MYSQL, "owner              VARCHAR(255)", "owner VARCHAR(255) COLLATE " + collation);
            assertRefusedForItsOwners(database());
        }

        @Test
        void trailing_spaces_that_are_ignored_are_refused() throws SQLException {
            createSchema(Dialect.MYSQL, "0900_bin", "bin");
            assertRefusedForItsOwners(database());
        }

        @ParameterizedTest
        @ValueSource(strings = {"latin1", "latin1 COLLATE latin1_bin", "utf8mb3 COLLATE utf8mb3_bin"})
        void another_character_set_is_refused_however_the_connection_sorts(String characterSet) throws SQLException {
            createSchema(Dialect.MYSQL, CHARACTERS, "DEFAULT CHARACTER SET " + characterSet);
            assertRefusedForItsEncoding(database());
            assertRefusedForItsEncoding(Unpooled.at(url(), "SET NAMES utf8mb4 COLLATE utf8mb4_0900_bin"));
        }

        @Test
        void a_connection_in_another_encoding_is_refused() throws SQLException {
            createSchema();
            assertRefusedForItsEncoding(Unpooled.at(url() + "&characterEncoding=ISO-8859-1"));
        }

        @Test
        void a_read_only_session_is_refused() throws SQLException {
            createSchema();
            assertRefusedForWriting(Unpooled.at(url(), "SET SESSION TRANSACTION READ ONLY"));
        }

        @Test
        void a_server_that_is_read_only_is_refused() throws SQLException {
            createSchema();
            Unpooled.execute(database(), "SET GLOBAL super_read_only = 1");
            try {
                assertRefusedForWriting(database());
            } finally {
                Unpooled.execute(database(), "SET GLOBAL super_read_only = 0", "SET GLOBAL read_only = 0");
            }
            assertAccepted(database());
        }

        @ParameterizedTest
        @FieldSource("io.tokenstore.jdbc.LeastPrivileges#UPDATED_COLUMNS")
        void a_user_who_may_not_update_a_column_is_refused(String column) throws SQLException {
            createSchema();
            Unpooled.execute(database(), LeastPrivileges.grantAllButUpdateOf(column, table, READER));
            assertRefusedForWriting(Unpooled.as(READER, url()));
            Unpooled.execute(database(), LeastPrivileges.grants(table, READER).toArray(String[]::new));
            assertAccepted(Unpooled.as(READER, url()));
        }
    }
}
