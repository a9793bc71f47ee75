package io.tokenstore.examples.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.contract.FailureContract.Fate;
import io.tokenstore.examples.redis.RedisNodesTest.LosingClient;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

class RedisRevokeAllTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Owner ALICE = new Owner("alice");
    private static final int A_PAGE = 1_000;

    @TempDir
    private Path folder;

    @Test
    void a_successor_that_is_used_between_two_pages_does_not_escape() throws Exception {
        try (LocalRedis server = new LocalRedis(folder);
                RedisClient client = server.client()) {
            RedisTokenStore store = new RedisTokenStore(client, "t");
            for (int i = 0; i < A_PAGE; i++) {
                store.add(token("b" + i).withRevocation(revocation()));
            }
            Token old = token("c");
            store.add(old);
            Token successor = token("a").toBuilder().predecessor(old.id()).build();
            AtomicInteger requests = new AtomicInteger();
            try (LosingClient between = new LosingClient(server.port())) {
                between.fates = () -> {
                    if (requests.incrementAndGet() == 2) { // It has revoked the first page.
                        store.add(successor);
                        assertThat(store.activate(ALICE, successor.id())).isTrue();
                        assertThat(store.revoke(ALICE, old.id(), revocation())).isTrue();
                    }
                    return Fate.ANSWERED;
                };
                Revocation all = revocation();
                assertThat(new RedisTokenStore(between, "t").revokeAll(ALICE, all))
                        .isEqualTo(1);
                assertThat(store.find(successor.id()).map(Token::revocation)).contains(all);
            }
        }
    }

    private static Token token(String id) {
        return Token.builder(new TokenId(id), ALICE, "laptop", NOW).build();
    }

    private static Revocation revocation() {
        return new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
    }
}
