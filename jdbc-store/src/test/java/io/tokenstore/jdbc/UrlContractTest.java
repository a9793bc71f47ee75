package io.tokenstore.jdbc;

import com.zaxxer.hikari.HikariConfig;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The contract on a database of the user's own, in tables named {@code contract_} and a random number, which are dropped again. */
@Tag("url")
class UrlContractTest {

    private static final String URL = "TOKENSTORE_TEST_URL";

    private static HikariConfig database() {
        HikariConfig config = PooledContract.on(Objects.requireNonNull(
                System.getenv(URL), "set the environment variable " + URL + " to the JDBC URL of a database"));
        config.setUsername(System.getenv("TOKENSTORE_TEST_USER"));
        config.setPassword(System.getenv("TOKENSTORE_TEST_PASSWORD"));
        return config;
    }

    @Nested
    class WithAutocommit extends PooledContract {
        WithAutocommit() {
            super(database());
        }

        @Override
        public Duration raceTime() {
            return LONG_RACES;
        }
    }

    @Nested
    class WithoutAutocommit extends PooledContract {
        WithoutAutocommit() {
            super(withoutAutocommit(database()));
        }
    }

    @Nested
    class WithAPoolOfOne extends PooledContract {
        WithAPoolOfOne() {
            super(ofOneConnection(database()));
        }
    }
}
