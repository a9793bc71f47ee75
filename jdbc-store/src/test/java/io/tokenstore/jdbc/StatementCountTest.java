package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.jdbc.database.Servers;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementCountTest {

    @Nested
    class OnH2 extends StatementCountContract {
        @Override
        String url() {
            return H2.memoryUrl();
        }
    }

    @Nested
    class OnPostgres extends StatementCountContract {
        @Override
        String url() {
            return Servers.postgres().url("postgres");
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void the_server_is_sent_no_transaction_but_where_autocommit_is_off(boolean autocommit) throws SQLException {
            String session = query("SELECT pg_backend_pid(), set_config('log_statement', 'all', false)", 1);
            connection.setAutoCommit(autocommit);
            revoke();
            Pattern logged = Pattern.compile("\\[" + session + "] LOG: +(?:statement|execute \\S+): (\\w+)");
            List<String> statements = logged.matcher(Servers.postgres().log())
                    .results()
                    .map(statement -> statement.group(1))
                    .toList();
            assertThat(statements).isEqualTo(autocommit ? List.of("UPDATE") : List.of("BEGIN", "UPDATE", "COMMIT"));
        }
    }

    @Nested
    class OnMariaDb extends StatementCountContract.WhereTheServerCountsRequests {

        private static String url;

        @BeforeAll
        static void createTheDatabase() {
            url = Servers.mariaDb().newDatabase();
        }

        @Override
        String url() {
            return url;
        }
    }
}
