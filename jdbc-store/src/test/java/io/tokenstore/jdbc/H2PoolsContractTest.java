package io.tokenstore.jdbc;

import com.zaxxer.hikari.HikariConfig;
import org.junit.jupiter.api.Nested;

/** Apart from {@link H2ContractTest}, which also runs in JVMs of other languages: pools do not depend on these. */
class H2PoolsContractTest {

    private static HikariConfig h2() {
        return PooledContract.on(H2.memoryUrl());
    }

    @Nested
    class WithoutAutocommit extends PooledFailureContract {
        WithoutAutocommit() {
            super(withoutAutocommit(h2()));
        }
    }

    @Nested
    class WithAPoolOfOne extends PooledContract {
        WithAPoolOfOne() {
            super(ofOneConnection(h2()));
        }
    }

    @Nested
    class InAnotherTimeZone extends PooledContract {
        InAnotherTimeZone() {
            super(inTimeZone(h2(), "SET TIME ZONE 'America/St_Johns'"));
        }
    }
}
