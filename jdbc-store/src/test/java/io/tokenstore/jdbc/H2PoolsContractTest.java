package io.tokenstore.jdbc;

import com.zaxxer.hikari.HikariConfig;
import org.junit.jupiter.api.Nested;

/** Separate from {@link H2ContractTest}, whose races take long, because this class also runs in JVMs of other languages. */
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
    class WithOneConnectionInAnotherTimeZone extends PooledContract {
        WithOneConnectionInAnotherTimeZone() {
            super(inTimeZone(ofOneConnection(h2()), "SET TIME ZONE 'America/St_Johns'"));
        }
    }
}
