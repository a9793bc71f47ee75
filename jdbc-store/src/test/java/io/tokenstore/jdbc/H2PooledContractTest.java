package io.tokenstore.jdbc;

import org.junit.jupiter.api.Nested;

class H2PooledContractTest {

    @Nested
    class WithAPoolOfOne extends PooledContract {
        WithAPoolOfOne() {
            super(ofOneConnection(on(H2.memoryUrl())));
        }
    }

    @Nested
    class InAnotherTimeZone extends PooledContract {
        InAnotherTimeZone() {
            super(inTimeZone(on(H2.memoryUrl()), "SET TIME ZONE 'America/St_Johns'"));
        }
    }
}
