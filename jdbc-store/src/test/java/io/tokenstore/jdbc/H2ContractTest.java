package io.tokenstore.jdbc;

import com.zaxxer.hikari.HikariConfig;
import org.junit.jupiter.api.Nested;

class H2ContractTest {

    private static HikariConfig h2() {
        return PooledContract.on(H2.memoryUrl());
    }

    @Nested
    class WithAutocommit extends PooledNodesContract {
        WithAutocommit() {
            super(h2());
        }
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
