package io.tokenstore.author;

import io.tokenstore.TokenStore;
import io.tokenstore.contract.TokenStoreContract;
import io.tokenstore.contract.correct.SqliteStore;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

/** The test class of an author whose store opens a file and connections of its own. */
final class SqliteStoreTest implements TokenStoreContract {

    // tag::close[]
    private SqliteStore store;

    @Override
    public TokenStore emptyStore() {
        store = new SqliteStore();
        return store;
    }

    @AfterEach
    void close() throws Exception {
        if (store != null) {
            store.close();
        }
    }
    // end::close[]

    @Override
    public Duration raceTime() {
        return Duration.ofMillis(100); // It is here to be closed.
    }
}
