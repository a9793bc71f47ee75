package io.tokenstore.examples.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

/** What the contract kit can't prove: that an answer outlasts the server which gave it. */
@Timeout(300)
class RedisKillTest {

    private static final Owner ALICE = new Owner("alice");
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

    private void revokeUntilKilled(TokenStore store, LocalRedis redis, int round) throws Exception {
        int enough = acknowledged.size() + ENOUGH;
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<?>> running = new ArrayList<>();
        try {
            for (int thread = 0; thread < THREADS; thread++) {
                String prefix = round + "-" + thread + "-";
                running.add(threads.submit(() -> revokeUntilFailure(store, prefix)));
            }
            while (acknowledged.size() < enough && running.stream().noneMatch(Future::isDone)) {
                Thread.sleep(1);
            }
            redis.kill();
            for (Future<?> thread : running) {
                thread.get(120, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(enough);
    }

    private void revokeUntilFailure(TokenStore store, String prefix) {
        try {
            for (int i = 0; ; i++) {
                TokenId id = new TokenId(prefix + i);
                Revocation revocation = new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
                store.add(Token.builder(id, ALICE, "laptop", NOW).build());
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
