package io.tokenstore.examples.redis;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.TokenUses;
import io.tokenstore.contract.TokenUsesContract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

class RedisTokenUsesTest implements TokenUsesContract {

    @TempDir
    private static Path folder;

    private static LocalRedis server;
    private static RedisClient client;

    private final String tenant = UUID.randomUUID().toString();

    @BeforeAll
    static void start() throws IOException {
        server = new LocalRedis(folder);
        client = server.client();
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        server.close();
    }

    // tag::usesOf[]
    @Override
    public TokenStore emptyStore() {
        return new RedisTokenStore(client, tenant);
    }

    @Override
    public TokenUses usesOf(TokenStore store) {
        return new RedisTokenUses(client, tenant);
    }
    // end::usesOf[]

    @Test
    void a_server_that_is_away_is_a_failure() {
        try (RedisClient ofNoServer = RedisClient.create("127.0.0.1", 1)) {
            TokenUses away = new RedisTokenUses(ofNoServer, tenant);
            TokenId id = new TokenId("t1");
            assertThatExceptionOfType(TokenStoreException.class)
                    .isThrownBy(() -> away.record(Map.of(id, Instant.EPOCH)))
                    .returns(Applied.UNKNOWN, TokenStoreException::applied);
            assertThatExceptionOfType(TokenStoreException.class)
                    .isThrownBy(() -> away.lastUses(List.of(id)))
                    .returns(Applied.NO, TokenStoreException::applied);
        }
    }
}
