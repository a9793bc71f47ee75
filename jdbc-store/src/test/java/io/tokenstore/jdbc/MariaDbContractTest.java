package io.tokenstore.jdbc;

import com.zaxxer.hikari.HikariConfig;
import io.tokenstore.jdbc.database.Servers;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Nested;

class MariaDbContractTest {

    private static final String DATABASE = "contract";

    static {
        Servers.mariaDb().createDatabase(DATABASE);
    }

    private static HikariConfig mariaDb() {
        return PooledContract.on(Servers.mariaDb().url(DATABASE));
    }

    @Nested
    class WithAutocommit extends PooledNodesContract {
        WithAutocommit() {
            super(mariaDb());
        }
    }

    @Nested
    class WithoutAutocommitAndCountingChangedRows extends PooledFailureContract {
        WithoutAutocommitAndCountingChangedRows() {
            super(withoutAutocommit(on(Servers.mariaDb().url(DATABASE) + "&useAffectedRows=true")));
        }
    }

    @Nested
    class WithOneConnectionInAnotherTimeZone extends PooledContract {
        WithOneConnectionInAnotherTimeZone() {
            super(inTimeZone(ofOneConnection(mariaDb()), "SET time_zone = '+05:45'"));
        }
    }

    @Nested
    class WithTheLeastPrivileges extends PooledContract {

        private static final String USER = "least";
        private static final String URL = Servers.mariaDb().url(DATABASE);

        WithTheLeastPrivileges() throws SQLException {
            super(connectingLater(on(urlOfTheUser())));
        }

        private static String urlOfTheUser() throws SQLException {
            Unpooled.execute(Unpooled.at(URL), "CREATE USER " + USER);
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
