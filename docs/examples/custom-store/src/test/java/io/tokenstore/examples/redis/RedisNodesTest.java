package io.tokenstore.examples.redis;

import io.tokenstore.TokenStore;
import io.tokenstore.contract.FailureContract;
import io.tokenstore.contract.StalenessContract;
import io.tokenstore.contract.TwoNodesContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.providers.PooledConnectionProvider;

/** What the contract says of two nodes, and of requests and replies that are lost. */
class RedisNodesTest implements TwoNodesContract, StalenessContract, FailureContract {

    @TempDir
    private static Path folder;

    private static LocalRedis server;
    private static RedisClient client;
    private static RedisClient ofTheOtherNode;
    private static LosingClient losing;

    private String tenant;

    @BeforeAll
    static void start() throws IOException {
        server = new LocalRedis(folder);
        client = server.client();
        ofTheOtherNode = server.client();
        losing = new LosingClient(server.port());
    }

    @AfterAll
    static void stop() throws IOException {
        losing.close();
        ofTheOtherNode.close();
        client.close();
        server.close();
    }

    @Override
    public TokenStore emptyStore() {
        tenant = UUID.randomUUID().toString();
        return new RedisTokenStore(client, tenant);
    }

    @Override
    public TokenStore anotherNode(TokenStore store) {
        return new RedisTokenStore(ofTheOtherNode, tenant);
    }

    @Override
    public TokenStore emptyStore(Supplier<Fate> fates) {
        losing.fates = fates;
        return new RedisTokenStore(losing, UUID.randomUUID().toString());
    }

    /** Every request of the store is a script. */
    static final class LosingClient extends UnifiedJedis {

        Supplier<Fate> fates = () -> Fate.ANSWERED;

        LosingClient(int port) {
            super(new PooledConnectionProvider(new HostAndPort("127.0.0.1", port)), RedisProtocol.RESP2);
        }

        // tag::losing[]
        @Override
        public Object eval(String script, List<String> keys, List<String> args) {
            Fate fate = fates.get();
            if (fate == Fate.REQUEST_LOST) {
                throw new JedisConnectionException("connection reset");
            }
            Object reply = super.eval(script, keys, args);
            if (fate == Fate.REPLY_LOST) {
                throw new JedisConnectionException("connection reset");
            }
            return reply;
        }
        // end::losing[]
    }
}
