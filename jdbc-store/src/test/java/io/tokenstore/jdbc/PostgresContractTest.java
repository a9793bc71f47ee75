package io.tokenstore.jdbc;

import com.zaxxer.hikari.HikariConfig;
import io.tokenstore.jdbc.database.Servers;
import org.junit.jupiter.api.Nested;

class PostgresContractTest {

    private static HikariConfig postgres() {
        return PooledContract.on(Servers.postgres().url("postgres"));
    }

    @Nested
    class WithAutocommit extends PooledContract {
        WithAutocommit() {
            super(postgres());
        }
    }

    @Nested
    class WithoutAutocommit extends PooledContract {
        WithoutAutocommit() {
            super(withoutAutocommit(postgres()));
        }
    }

    @Nested
    class WithAPoolOfOne extends PooledContract {
        WithAPoolOfOne() {
            super(ofOneConnection(postgres()));
        }
    }

    @Nested
    class InAnotherTimeZone extends PooledContract {
        InAnotherTimeZone() {
            super(inTimeZone(postgres(), "SET TIME ZONE 'America/St_Johns'"));
        }
    }

    @Nested
    class WhereTheDatabaseSortsAsALanguageDoes extends PooledContract {
        WhereTheDatabaseSortsAsALanguageDoes() {
            super(on(url()));
        }

        private static String url() {
            Servers.postgres().createDatabaseWithIcuLocale("language", "en-US");
            return Servers.postgres().url("language");
        }
    }
}
