package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which databases the store takes for which, by what their drivers say. */
class DialectTest {

    @ParameterizedTest
    @CsvSource({
        "H2, 2, 0, H2",
        "H2, 2, 5, H2",
        "H2, 3, 0, H2",
        "PostgreSQL, 12, 0, POSTGRESQL",
        "PostgreSQL, 18, 6, POSTGRESQL",
        "MariaDB, 10, 6, MARIADB",
        "MariaDB, 10, 11, MARIADB",
        "MariaDB, 11, 4, MARIADB",
        "MySQL, 8, 0, MYSQL",
        "MySQL, 9, 7, MYSQL"
    })
    void a_database_is_known_from_its_oldest_version_on(String name, int major, int minor, Dialect expected)
            throws SQLException {
        assertThat(Dialect.of(connection(name, major + "." + minor, major, minor)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"H2, 1, 4", "PostgreSQL, 11, 22", "MariaDB, 10, 5", "MariaDB, 5, 8", "MySQL, 5, 7", "MySQL, 7, 6"})
    void an_older_one_is_refused_and_the_oldest_are_named(String name, int major, int minor) {
        String version = major + "." + minor;
        assertThatIllegalStateException()
                .isThrownBy(() -> Dialect.of(connection(name, version, major, minor)))
                .withMessage("the database is " + name + " " + version
                        + "; this store runs on these and later: H2 2.0, PostgreSQL 12.0, MariaDB 10.6, MySQL 8.0");
    }

    @ParameterizedTest
    @CsvSource({"MySQL, 5.5.5-10.6.21-MariaDB-log, 10, 6", "MySQL, 11.4.5-MariaDB, 11, 4"})
    void a_mariadb_is_known_also_where_the_driver_takes_it_for_a_mysql(
            String name, String version, int major, int minor) throws SQLException {
        assertThat(Dialect.of(connection(name, version, major, minor))).isEqualTo(Dialect.MARIADB);
    }

    @ParameterizedTest
    @CsvSource({
        "access_tokens, access_token_uses",
        "token, token_uses",
        "tokens, tokens_uses",
        "auth.tokens, auth.tokens_uses",
        "access_tokens.tokens, access_tokens.tokens_uses",
        "access_token_uses.access_tokens_of_owner, access_token_uses.access_tokens_of_owner_uses"
    })
    void the_script_names_the_table_its_uses_and_its_index_after_the_table(String table, String uses) {
        for (Dialect dialect : Dialect.values()) {
            String script = dialect.text(Dialect.SCRIPTS.get(0), table);
            assertThat(script)
                    .containsOnlyOnce("CREATE TABLE IF NOT EXISTS " + table + " (")
                    .containsOnlyOnce("CREATE TABLE IF NOT EXISTS " + uses + " (");
            String index = table.substring(table.indexOf('.') + 1) + "_of_owner";
            assertThat(script).containsPattern("[ (]" + index + " (?:ON " + table + " )?\\(");
        }
    }

    private static Connection connection(String name, String version, int major, int minor) {
        DatabaseMetaData database =
                StandIn.of(DatabaseMetaData.class, (proxy, method, arguments) -> switch (method.getName()) {
                    case "getDatabaseProductName" -> name;
                    case "getDatabaseProductVersion" -> version;
                    case "getDatabaseMajorVersion" -> major;
                    case "getDatabaseMinorVersion" -> minor;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        return StandIn.of(Connection.class, (proxy, method, arguments) -> database);
    }
}
