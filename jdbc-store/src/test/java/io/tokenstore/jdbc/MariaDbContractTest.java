package io.tokenstore.jdbc;

import com.zaxxer.hikari.HikariConfig;
import io.tokenstore.jdbc.database.Servers;
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
    class WithAutocommit extends PooledContract {
        WithAutocommit() {
            super(mariaDb());
        }
    }

    @Nested
    class WithoutAutocommit extends PooledContract {
        WithoutAutocommit() {
            super(withoutAutocommit(mariaDb()));
        }
    }

    @Nested
    class WithAPoolOfOne extends PooledContract {
        WithAPoolOfOne() {
            super(ofOneConnection(mariaDb()));
        }
    }

    @Nested
    class InAnotherTimeZone extends PooledContract {
        InAnotherTimeZone() {
            super(inTimeZone(mariaDb(), "SET time_zone = '+05:45'"));
        }
    }

    @Nested
    class WhereTheDriverCountsChangedRows extends PooledContract {
        WhereTheDriverCountsChangedRows() {
            super(on(Servers.mariaDb().url(DATABASE) + "&useAffectedRows=true"));
        }
    }
}
