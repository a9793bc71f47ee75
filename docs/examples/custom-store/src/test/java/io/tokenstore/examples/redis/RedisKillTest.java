package io.tokenstore.examples.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.Username;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

/** What the contract kit can't prove: that an answer outlasts the server which gave it. */
@Timeout(60)
class RedisKillTest {

    private static final Username ALICE = new Username("alice");
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final int THREADS = 4;
    private static final int ENOUGH = 400;

    private final Map<TokenId, Revocation> acknowledged = new ConcurrentHashMap<>();
    private final Map<TokenId, Revocation> unanswered = new ConcurrentHashMap<>();

    @TempDir
    private Path folder;

    // tag::kill[]
    @Test
    void a_server_that_is_killed_under_load_keeps_every_revocation_that_it_acknowledged() throws Exception {
        try (LocalRedis redis = new LocalRedis(folder, "appendonly yes", "appendfsync always");
                RedisClient client = redis.client()) {
            TokenStore store = new RedisTokenStore(client, "tenant");
            for (int kill = 1; kill <= 3; kill++) {
                revokeUntilKilled(store, redis, kill);
                redis.restart();
                acknowledged.forEach((id, revocation) ->
                        assertThat(store.find(id).map(Token::revocation)).contains(revocation));
                unanswered.forEach((id, revocation) ->
                        assertThat(store.revoke(ALICE, id, revocation)).isTrue());
            }
        }
    }
    // end::kill[]

    @Test
    void the_same_kill_loses_acknowledged_revocations_where_the_server_logs_nothing() throws Exception {
        try (LocalRedis redis = new LocalRedis(folder, "appendonly no");
                RedisClient client = redis.client()) {
            TokenStore store = new RedisTokenStore(client, "tenant");
            revokeUntilKilled(store, redis, 1);
            redis.restart();
            assertThat(acknowledged.keySet())
                    .allSatisfy(id -> assertThat(store.find(id)).isEmpty());
        }
    }

    private void revokeUntilKilled(TokenStore store, LocalRedis redis, int round)
            throws IOException, InterruptedException {
        int enough = acknowledged.size() + ENOUGH;
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            for (int thread = 0; thread < THREADS; thread++) {
                String prefix = round + "-" + thread + "-";
                threads.execute(() -> revokeUntilFailure(store, prefix));
            }
            while (acknowledged.size() < enough) {
                LockSupport.parkNanos(1_000_000);
            }
            redis.kill();
        } finally {
            threads.shutdown();
            assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private void revokeUntilFailure(TokenStore store, String prefix) {
        try {
            for (int i = 0; ; i++) {
                TokenId id = new TokenId(prefix + i);
                Revocation revocation = new Revocation(UUID.randomUUID(), NOW, "alice", null);
                store.add(new Token(id, ALICE, "laptop", null, NOW, null, null));
                unanswered.put(id, revocation);
                assertThat(store.revoke(ALICE, id, revocation)).isTrue();
                acknowledged.put(id, revocation);
                unanswered.remove(id);
            }
        } catch (TokenStoreException killed) {
            assertThat(killed.applied()).isEqualTo(TokenStoreException.Applied.UNKNOWN);
        }
    }
}
