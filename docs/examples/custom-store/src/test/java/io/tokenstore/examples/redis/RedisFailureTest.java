package io.tokenstore.examples.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tokenstore.Actor;
import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.service.TokenAuthenticator;
import io.tokenstore.service.TokenServices;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.csc.CacheConfig;

/** What a store does where Redis doesn't, and where it is shared. */
@Timeout(300)
class RedisFailureTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Owner ALICE = new Owner("alice");
    private static final Revocation LOST = new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), "lost laptop");
    private static final byte[] HASH = new byte[32];
    private static final Token TOKEN;

    static {
        Arrays.fill(HASH, (byte) 0xA5);
        TOKEN = Token.builder(new TokenId("t-1"), ALICE, "laptop", NOW)
                .hash(new SecretHash(HASH))
                .expiresAt(NOW)
                .build();
    }

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, Integer.MAX_VALUE})
    void a_token_that_a_later_release_restricts_authenticates_nobody(int minReaderVersion) throws Exception {
        String secret = "pat_033YnD9LmcyoubzhPn0qOLK2ez0JST65KmDzLOQONDJoQULogu0sZ1JSlt4IwqPa40m9yTc";
        String hash = "78b28ba78cc6c61050017dbe5c0014f841149f3e2c1f30d3213ab1dec720d345"; // docs/tokens.md
        Token token = Token.builder(new TokenId(secret.substring(4, 26)), ALICE, "laptop", NOW)
                .hash(new SecretHash(HexFormat.of().parseHex(hash)))
                .minReaderVersion(minReaderVersion)
                .build();
        try (LocalRedis redis = new LocalRedis(folder);
                RedisClient client = redis.client()) {
            TokenStore store = new RedisTokenStore(client, "tenant");
            store.add(token);
            TokenAuthenticator authenticator =
                    TokenServices.builder(store).build().authenticator();
            assertThat(authenticator.authenticateToken(secret).isUser(ALICE)).isEqualTo(minReaderVersion == 0);
            assertThat(authenticator.isLive(token.id().value())).isEqualTo(minReaderVersion == 0);
            assertThat(store.list(ALICE, null, 1).tokens()).containsExactly(token);
            assertThat(store.revoke(ALICE, token.id(), LOST)).isTrue();
        }
    }

    @Test
    void a_server_that_is_gone_answers_no_call() throws Exception {
        try (LocalRedis redis = new LocalRedis(folder);
                RedisClient client = redis.client()) {
            TokenStore store = new RedisTokenStore(client, "tenant");
            store.add(TOKEN);
            redis.kill();
            assertFails(Applied.UNKNOWN, () -> store.add(TOKEN));
            assertFails(Applied.UNKNOWN, () -> store.revoke(ALICE, TOKEN.id(), LOST));
            assertFails(Applied.UNKNOWN, () -> store.revokeAll(ALICE, LOST));
            assertFails(Applied.UNKNOWN, () -> store.activate(ALICE, TOKEN.id()));
            assertFails(Applied.UNKNOWN, () -> store.purge(NOW, null, 10));
            assertFails(Applied.NO, () -> store.find(TOKEN.id()));
            assertFails(Applied.NO, () -> store.list(ALICE, null, 10));
            assertFails(Applied.NO, () -> store.scan(null, 10));
        }
    }

    @Test
    void a_full_server_refuses_to_write_and_forgets_nothing() throws Exception {
        try (LocalRedis redis = new LocalRedis(folder, "maxmemory-policy noeviction");
                RedisClient client = redis.client()) {
            TokenStore store = new RedisTokenStore(client, "tenant");
            Token second =
                    Token.builder(new TokenId("t-2"), ALICE, "phone", NOW).build();
            store.add(TOKEN);
            client.configSet("maxmemory", "1");
            assertFails(Applied.UNKNOWN, () -> store.add(second));
            assertFails(Applied.UNKNOWN, () -> store.revoke(ALICE, TOKEN.id(), LOST));
            client.configSet("maxmemory", "0");
            assertThat(store.list(ALICE, null, 10).tokens()).containsExactly(TOKEN);
            assertThat(store.find(second.id())).isEmpty();
        }
    }

    @Test
    void no_exception_shows_anything_of_a_token() throws Exception {
        try (LocalRedis redis = new LocalRedis(folder, "rename-command EVAL \"\"");
                RedisClient client = redis.client()) {
            TokenStore store = new RedisTokenStore(client, "tenant");
            assertThatExceptionOfType(TokenStoreException.class)
                    .isThrownBy(() -> store.add(TOKEN))
                    .satisfies(failure -> assertThat(printed(failure))
                            .contains("EVAL")
                            .doesNotContain(HexFormat.of().formatHex(HASH), "t-1", "alice", "laptop"));
        }
        try (LocalRedis redis = new LocalRedis(folder);
                RedisClient client = redis.client()) {
            TokenStore store = new RedisTokenStore(client, "tenant");
            store.add(TOKEN);
            assertThatExceptionOfType(DuplicateTokenException.class).isThrownBy(() -> store.add(TOKEN));
            client.set("{tenant}:owned", "not a sorted set");
            assertThatExceptionOfType(TokenStoreException.class)
                    .isThrownBy(() -> store.revoke(ALICE, TOKEN.id(), LOST))
                    .satisfies(failure -> assertThat(printed(failure))
                            .contains("WRONGTYPE")
                            .doesNotContain(HexFormat.of().formatHex(HASH), "t-1", "alice", "laptop"));
        }
    }

    @Test
    void a_client_that_caches_answers_is_refused() throws Exception {
        try (LocalRedis redis = new LocalRedis(folder);
                RedisClient plain = redis.client();
                RedisClient caching = RedisClient.builder()
                        .hostAndPort("127.0.0.1", redis.port())
                        .clientConfig(DefaultJedisClientConfig.builder()
                                .protocol(RedisProtocol.RESP3)
                                .build())
                        .cacheConfig(CacheConfig.builder().build())
                        .build()) {
            assertThat(new RedisTokenStore(plain, "tenant").find(TOKEN.id())).isEmpty();
            assertThatIllegalArgumentException().isThrownBy(() -> new RedisTokenStore(caching, "tenant"));
        }
    }

    @Test
    void tenants_share_a_server_and_no_token_and_the_keys_of_each_share_a_slot() throws Exception {
        try (LocalRedis redis = new LocalRedis(folder);
                RedisClient client = redis.client()) {
            TokenStore first = new RedisTokenStore(client, "first");
            TokenStore second = new RedisTokenStore(client, "second");
            first.add(TOKEN.withRevocation(LOST).toBuilder()
                    .predecessor(new TokenId("t-0"))
                    .build());
            second.add(TOKEN);
            assertThat(second.find(TOKEN.id())).contains(TOKEN);
            assertThat(client.keys("*"))
                    .containsExactlyInAnyOrder(
                            "{first}:tokens",
                            "{first}:pending",
                            "{first}:revoked",
                            "{first}:ids",
                            "{first}:owned",
                            "{second}:tokens",
                            "{second}:ids",
                            "{second}:owned");
            assertThat(first.purge(NOW.plusSeconds(1), null, 10)).isEqualTo(new PurgePage(1, null));
            assertThat(client.keys("{first}*")).isEmpty();
        }
    }

    @Test
    void a_step_of_a_purge_is_one_short_script_however_long_it_may_be() throws Exception {
        try (LocalRedis redis = new LocalRedis(folder);
                RedisClient client = redis.client()) {
            TokenStore store = new RedisTokenStore(client, "tenant");
            IntStream.range(0, 1_200)
                    .mapToObj(i -> new TokenId("t%04d".formatted(i)))
                    .forEach(id -> store.add(Token.builder(id, ALICE, "laptop", NOW)
                            .expiresAt(NOW)
                            .build()));
            Instant later = NOW.plusSeconds(1);
            PurgePage first = store.purge(later, null, Integer.MAX_VALUE);
            assertThat(first).isEqualTo(new PurgePage(1_000, new TokenId("t0999")));
            assertThat(store.purge(later, first.resumeAfter(), Integer.MAX_VALUE))
                    .isEqualTo(new PurgePage(200, null));
            assertThat(client.info("commandstats")).contains("cmdstat_eval:calls=1202,");
        }
    }

    @Test
    void all_of_an_owners_tokens_are_revoked_page_by_page_until_a_look_finds_none() throws Exception {
        try (LocalRedis redis = new LocalRedis(folder);
                RedisClient client = redis.client()) {
            TokenStore store = new RedisTokenStore(client, "tenant");
            IntStream.range(0, 1_200)
                    .forEach(i -> store.add(Token.builder(new TokenId("t" + i), ALICE, "laptop", NOW)
                            .build()));
            assertThat(store.revokeAll(ALICE, LOST)).isEqualTo(1_200);
            assertThat(client.info("commandstats")).contains("cmdstat_eval:calls=1203,");
        }
    }

    private static void assertFails(Applied applied, ThrowingCallable call) {
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(call)
                .satisfies(failure -> assertThat(failure.applied()).isEqualTo(applied));
    }

    private static String printed(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }
}
