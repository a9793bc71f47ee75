package io.tokenstore.jdbc;

import io.tokenstore.TokenStore;
import io.tokenstore.contract.StalenessContract;
import io.tokenstore.contract.TokenStoreContract;
import io.tokenstore.contract.TokenUsesContract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedContractTest implements TokenStoreContract, StalenessContract, TokenUsesContract {

    @TempDir
    private Path folder;

    private EmbeddedTokenStore store;

    @Override
    public TokenStore emptyStore() throws IOException {
        store = EmbeddedTokenStore.open(folder.resolve("tokens"));
        return store;
    }

    @Override
    public Duration timeLimit() {
        return Duration.ofMinutes(5);
    }

    @AfterEach
    void close() {
        store.close();
    }
}
