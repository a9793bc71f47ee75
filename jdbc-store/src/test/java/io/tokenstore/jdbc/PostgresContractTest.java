package io.tokenstore.jdbc;

import com.zaxxer.hikari.HikariConfig;
import io.tokenstore.jdbc.database.Servers;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Nested;

class PostgresContractTest {

    private static HikariConfig postgres() {
        return PooledContract.on(Servers.postgres().url("postgres"));
    }

    @Nested
    class WithAutocommit extends PooledNodesContract {
        WithAutocommit() {
            super(postgres());
        }
    }

    @Nested
    class WithOneConnectionInAnotherTimeZone extends PooledContract {
        WithOneConnectionInAnotherTimeZone() {
            super(inTimeZone(ofOneConnection(postgres()), "SET TIME ZONE 'America/St_Johns'"));
        }
    }

    @Nested
    class WithoutAutocommitInTheOrderOfALanguage extends PooledFailureContract {
        WithoutAutocommitInTheOrderOfALanguage() {
            super(withoutAutocommit(on(url())));
        }

        private static String url() {
            Servers.postgres().createDatabaseWithIcuLocale("language", "en-US");
            return Servers.postgres().url("language");
        }
    }

    @Nested
    class WithTheLeastPrivileges extends PooledContract {

        private static final String USER = "least";
        private static final String URL = Servers.postgres().url("postgres");

        WithTheLeastPrivileges() throws SQLException {
            super(on(urlOfTheUser()));
        }

        private static String urlOfTheUser() throws SQLException {
            Unpooled.execute(Unpooled.at(URL), "CREATE ROLE " + USER + " LOGIN");
            return Unpooled.urlAs(USER, URL);
        }

        @Override
        DataSource owner() {
            return Unpooled.at(URL);
        }

        @Override
        List<String> grants(String table) {
            return LeastPrivileges.grants(table, USER);
        }
    }
}
