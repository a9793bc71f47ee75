package io.tokenstore.jdbc;

import com.zaxxer.hikari.HikariConfig;
import org.junit.jupiter.api.Nested;

/** Apart from {@link H2ContractTest}, which also runs in JVMs of other languages: pools do not depend on these. */
class H2PoolsContractTest {

    private static HikariConfig h2() {
        return PooledContract.on(H2.memoryUrl());
    }

    @Nested
    class WithoutAutocommitInAnotherTimeZone extends PooledFailureContract {
        WithoutAutocommitInAnotherTimeZone() {
            super(inTimeZone(withoutAutocommit(h2()), "SET TIME ZONE 'America/St_Johns'"));
        }
    }

    @Nested
    class WithAPoolOfOne extends PooledContract {
        WithAPoolOfOne() {
            super(ofOneConnection(h2()));
        }
    }
}
