package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.TokenStore;
import io.tokenstore.contract.TokenStoreContract;
import io.tokenstore.jdbc.database.Servers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A setting of the database, the user or the session either changes nothing for the store, or is refused at the start. */
class DatabaseSettingsTest {

    @Nested
    @ParameterizedClass
    @ValueSource(
            strings = {
                "MODE=LEGACY;OLD_INFORMATION_SCHEMA=TRUE",
                "MODE=HSQLDB;NON_KEYWORDS=VALUE,KEY,USER",
                "MODE=DB2;DATABASE_TO_UPPER=FALSE",
                "MODE=MySQL;DEFAULT_NULL_ORDERING=FIRST",
                "MODE=MariaDB;CASE_INSENSITIVE_IDENTIFIERS=TRUE",
                "MODE=PostgreSQL",
                "MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH"
            })
    class OnH2 extends Settings {
        OnH2(String setting) {
            super("jdbc:h2:mem:settings;DB_CLOSE_DELAY=0;LOCK_TIMEOUT=10000;" + setting, "SELECT 1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Oracle", "MSSQLServer", "Derby", "STRICT"})
    void a_mode_of_h2_that_does_not_know_the_statements_is_refused(String mode) throws SQLException {
        String url = H2.memoryUrl() + ";DB_CLOSE_DELAY=-1";
        JdbcTokenStore.createSchema(Unpooled.at(url));
        assertThatIllegalStateException()
                .isThrownBy(() -> JdbcTokenStore.create(Unpooled.at(url, "SET MODE " + mode)))
                .withMessageContaining("on H2, in no MODE");
    }

    @Nested
    @ParameterizedClass
    @ValueSource(
            strings = {
                "SET standard_conforming_strings = off; SET bytea_output = escape; SET plan_cache_mode = force_generic_plan;"
                        + " SET IntervalStyle = sql_standard; SET row_security = off; SET enable_seqscan = off",
                "SET transform_null_equals = on; SET default_transaction_isolation = 'serializable';"
                        + " SET session_replication_role = replica; SET enable_indexscan = off; SET extra_float_digits = -15"
            })
    class OnPostgres extends Settings {
        OnPostgres(String setting) {
            super(Servers.postgres().url("postgres"), setting);
        }
    }

    @Nested
    @ParameterizedClass
    @ValueSource(
            strings = {
                "",
                "ORACLE",
                "EMPTY_STRING_IS_NULL,ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PAD_CHAR_TO_FULL_LENGTH,SIMULTANEOUS_ASSIGNMENT",
                "TRADITIONAL,ANSI,MSSQL,MAXDB,TIME_ROUND_FRACTIONAL,HIGH_NOT_PRECEDENCE,NO_UNSIGNED_SUBTRACTION"
            })
    class OnMariaDb extends Settings {

        private static final String URL = url();

        private static String url() {
            Servers.mariaDb().createDatabase("settings");
            return Servers.mariaDb().url("settings");
        }

        OnMariaDb(String mode) {
            super(URL, "SET SESSION sql_mode = '" + mode + "'");
        }
    }

    /** The contract on a pool whose connections have the setting, closed when the next setting begins. */
    private abstract static class Settings implements TokenStoreContract {

        /** On a busy machine a call takes longer than a host would wait for it. */
        private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);

        private static final AtomicInteger TABLES = new AtomicInteger();
        private static HikariDataSource pool = new HikariDataSource();

        private final JdbcOptions options =
                new JdbcOptions("settings_" + TABLES.incrementAndGet(), LONG_ENOUGH, LONG_ENOUGH);

        Settings(String url, String statement) {
            if (!url.equals(pool.getJdbcUrl()) || !statement.equals(pool.getConnectionInitSql())) {
                pool.close();
                pool = new HikariDataSource(PooledContract.inTimeZone(PooledContract.on(url), statement));
            }
        }

        @Override
        public TokenStore emptyStore() {
            JdbcTokenStore.createSchema(pool, options);
            return JdbcTokenStore.create(pool, () -> false, options);
        }

        @Override
        public Duration timeLimit() {
            return Duration.ofMinutes(5);
        }

        /** Short, because the same statements race for longer in the other contract tests. */
        @Override
        public Duration raceTime() {
            return Duration.ofMillis(10);
        }

        @AfterEach
        void dropTheTable() throws SQLException {
            Unpooled.execute(pool, "DROP TABLE IF EXISTS " + options.table());
        }

        @AfterAll
        static void closeThePool() {
            pool.close();
        }
    }
}
