package io.tokenstore.examples.redis;

import io.tokenstore.TokenStore;
import io.tokenstore.contract.TokenStoreContract;
import java.io.IOException;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import redis.clients.jedis.RedisClient;
import redis.embedded.RedisServer;
import redis.embedded.core.PortProvider;

class RedisTokenStoreTest implements TokenStoreContract {

    private static RedisServer server;
    private static RedisClient client;

    @BeforeAll
    static void start() throws IOException {
        int port = PortProvider.newEphemeralPortProvider().get();
        server = RedisServer.newRedisServer().port(port).setting("save \"\"").build();
        server.start();
        client = RedisClient.create("127.0.0.1", port);
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        server.stop();
    }

    @Override
    public TokenStore emptyStore() {
        return new RedisTokenStore(client, UUID.randomUUID().toString());
    }
}
