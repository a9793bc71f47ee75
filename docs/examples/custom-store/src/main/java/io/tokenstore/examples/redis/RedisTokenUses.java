package io.tokenstore.examples.redis;

import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.TokenUses;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import redis.clients.jedis.UnifiedJedis;

/** Keeps the last use of each token of a {@link RedisTokenStore}, whose purge removes it. */
public final class RedisTokenUses implements TokenUses {
    // tag::uses[]
    private static final String RECORD = """
            local tokens, used = unpack(KEYS)
            for i = 1, #ARGV, 2 do
              local last = redis.call('HGET', used, ARGV[i])
              if redis.call('HEXISTS', tokens, ARGV[i]) == 1 and (not last or last < ARGV[i + 1]) then
                redis.call('HSET', used, ARGV[i], ARGV[i + 1])
              end
            end""";

    private final UnifiedJedis redis;
    private final List<String> keys;

    /**
     * Creates it on a client, which the caller must close.
     *
     * @param redis must not cache answers
     * @param tenant the store's tenant
     */
    public RedisTokenUses(UnifiedJedis redis, String tenant) {
        this.redis = redis;
        this.keys = List.of("{" + tenant + "}:tokens", "{" + tenant + "}:used");
    }

    @Override
    public void record(Map<TokenId, Instant> uses) {
        requireAtMostOnePage(uses.size());
        List<String> idsAndInstants = Map.copyOf(uses).entrySet().stream()
                .flatMap(use -> Stream.of(use.getKey().value(), RedisTokenStore.MICROS.format(use.getValue())))
                .toList();
        run(Applied.UNKNOWN, () -> redis.eval(RECORD, keys, idsAndInstants));
    }

    @Override
    public Map<TokenId, Instant> lastUses(Collection<TokenId> ids) {
        List<TokenId> all = List.copyOf(ids);
        requireAtMostOnePage(all.size());
        if (all.isEmpty()) {
            return Map.of();
        }
        String[] fields = all.stream().map(TokenId::value).toArray(String[]::new);
        List<String> found = run(Applied.NO, () -> redis.hmget(keys.get(1), fields));
        Map<TokenId, Instant> last = new HashMap<>();
        for (int i = 0; i < all.size(); i++) {
            if (found.get(i) != null) {
                last.put(all.get(i), Instant.parse(found.get(i)));
            }
        }
        return Map.copyOf(last);
    }

    private static void requireAtMostOnePage(int size) {
        if (size > TokenStore.MAX_PAGE) {
            throw new IllegalArgumentException("at most " + TokenStore.MAX_PAGE + " at once");
        }
    }

    private static <T> T run(Applied onFailure, Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            throw new TokenStoreException("Redis did not carry out the call", onFailure, e);
        }
    }
    // end::uses[]
}
