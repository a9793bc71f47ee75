package io.tokenstore.examples.redis;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.Username;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;

/**
 * Keeps tokens in Redis; a call is one script, which Redis runs alone and logs whole, or one for each 1,000 tokens.
 *
 * <p>Safe to call from many threads. A revocation outlasts the server only with {@code appendonly yes} and {@code appendfsync always},
 * and memory pressure only with {@code maxmemory-policy noeviction}. A replica lags: reads from it miss revocations, a failover loses them.
 */
public final class RedisTokenStore implements TokenStore {
    // tag::keys[]
    private final UnifiedJedis redis;
    private final List<String> keys;

    /**
     * Creates a store on a client, which stays the caller's to close.
     *
     * @param redis caches no answers, and does not retry: a retried {@link #add} would be a duplicate of itself
     * @param tenant what the names of this store's keys begin with
     */
    public RedisTokenStore(UnifiedJedis redis, String tenant) {
        if (redis.getCache() != null) {
            throw new IllegalArgumentException("the client must cache no answers");
        }
        this.redis = redis;
        String slot = "{" + tenant + "}:";
        this.keys = List.of(slot + "tokens", slot + "revoked", slot + "ids", slot + "owned");
    }

    private List<?> run(Applied onFailure, String script, String... args) {
        try {
            return (List<?>)
                    redis.eval("local tokens, revoked, ids, owned = unpack(KEYS) " + script, keys, List.of(args));
        } catch (RuntimeException e) {
            throw new TokenStoreException("Redis did not carry out the call", onFailure, e);
        }
    }
    // end::keys[]

    // tag::keep[]
    private static final String ADD = """
            local id, owner, token, revocation = unpack(ARGV)
            if redis.call('HSETNX', tokens, id, token) == 0 then return {0} end
            if revocation ~= '' then redis.call('HSET', revoked, id, revocation) end
            redis.call('ZADD', ids, 0, id)
            redis.call('ZADD', owned, 0, owner .. ' ' .. id)
            return {1}""";

    @Override
    public void add(Token token) {
        String revocation = token.revocation() == null ? "" : text(token.revocation());
        List<?> added =
                run(Applied.UNKNOWN, ADD, token.id().value(), token.owner().value(), text(token), revocation);
        if (added.contains(0L)) {
            throw new DuplicateTokenException();
        }
    }

    private static final String FIND = """
            local id, token = ARGV[1], redis.call('HGET', tokens, ARGV[1])
            return token and {{id, token, redis.call('HGET', revoked, id)}} or {}""";

    @Override
    public Optional<Token> find(TokenId id) {
        return run(Applied.NO, FIND, id.value()).stream().findFirst().map(RedisTokenStore::token);
    }
    // end::keep[]

    // tag::revoke[]
    private static final String REVOKE = """
            local page, how, carrying = redis.call('ZRANGEBYLEX', owned, ARGV[1], ARGV[2], 'LIMIT', 0, 1000), ARGV[3], 0
            for _, member in ipairs(page) do
              local id = member:match(' (.*)')
              redis.call('HSETNX', revoked, id, how)
              if redis.call('HGET', revoked, id):sub(1, 36) == how:sub(1, 36) then carrying = carrying + 1 end
            end
            return {carrying, page[1000] or false}""";

    @Override
    public boolean revoke(Username owner, TokenId id, Revocation how) {
        String member = "[" + owner.value() + " " + id.value();
        return run(Applied.UNKNOWN, REVOKE, member, member, text(how)).contains(1L);
    }

    @Override
    public int revokeAll(Username owner, Revocation how) {
        long carrying = 0;
        for (Object last = owner.value() + " "; last != null; ) {
            List<?> page = run(Applied.UNKNOWN, REVOKE, "(" + last, "(" + owner.value() + "!", text(how));
            carrying += (Long) page.get(0);
            last = page.get(1);
        }
        return Math.toIntExact(carrying);
    }
    // end::revoke[]

    // tag::walk[]
    private static final String LIST = """
            local page = redis.call('ZRANGEBYLEX', owned, ARGV[1], ARGV[2], 'LIMIT', 0, ARGV[3])
            for i, member in ipairs(page) do
              local id = member:match(' (.*)')
              page[i] = {id, redis.call('HGET', tokens, id), redis.call('HGET', revoked, id)}
            end
            return page""";

    @Override
    public List<Token> list(Username owner, @Nullable TokenId after, int limit) {
        if (limit < 1 || limit > MAX_LIST) {
            throw new IllegalArgumentException("limit must be 1 to " + MAX_LIST);
        }
        String begin = "(" + owner.value() + " " + (after == null ? "" : after.value());
        List<?> page = run(Applied.NO, LIST, begin, "(" + owner.value() + "!", "" + limit);
        return page.stream().map(RedisTokenStore::token).toList();
    }

    private static final String PURGE = """
            local page, removed = redis.call('ZRANGEBYLEX', ids, '(' .. ARGV[1], '+', 'LIMIT', 0, ARGV[2]), 0
            for _, id in ipairs(page) do
              local expires, owner = redis.call('HGET', tokens, id):match('(.-)\\n(.-)\\n')
              local revocation = redis.call('HGET', revoked, id)
              local ends = revocation and revocation:sub(38, 64) or expires
              if ends ~= '' and ends < ARGV[3] then
                redis.call('ZREM', owned, owner .. ' ' .. id)
                redis.call('ZREM', ids, id)
                redis.call('HDEL', revoked, id)
                removed = removed + redis.call('HDEL', tokens, id)
              end
            end
            return {removed, page[tonumber(ARGV[2])] or false}""";

    @Override
    public PurgePage purge(Instant endedBefore, @Nullable TokenId after, int examine) {
        if (examine < 1) {
            throw new IllegalArgumentException("examine must be 1 or more");
        }
        String last = after == null ? "" : after.value();
        long removed = 0;
        for (int left = examine; left > 0 && last != null; left -= 1_000) {
            List<?> page = run(Applied.UNKNOWN, PURGE, last, "" + Math.min(left, 1_000), MICROS.format(endedBefore));
            removed += (Long) page.get(0);
            last = (String) page.get(1);
        }
        return new PurgePage(Math.toIntExact(removed), last == null ? null : new TokenId(last));
    }
    // end::walk[]

    // tag::text[]
    private static final DateTimeFormatter MICROS =
            new DateTimeFormatterBuilder().appendInstant(6).toFormatter();

    private static String text(Token token) {
        String expires = token.expiresAt() == null ? "" : MICROS.format(token.expiresAt());
        String hash = token.hash() == null
                ? ""
                : HexFormat.of().formatHex(token.hash().toBytes());
        return String.join("\n", expires, token.owner().value(), MICROS.format(token.createdAt()), hash, token.name());
    }

    private static String text(Revocation how) {
        String reason = how.reason() == null ? "" : how.reason();
        return String.join("\n", how.id().toString(), MICROS.format(how.at()), how.by(), reason);
    }

    private static Token token(Object row) {
        List<?> columns = (List<?>) row;
        TokenId id = new TokenId((String) columns.get(0));
        String[] line = ((String) columns.get(1)).split("\n", -1);
        Instant expires = line[0].isEmpty() ? null : Instant.parse(line[0]);
        SecretHash hash =
                line[3].isEmpty() ? null : new SecretHash(HexFormat.of().parseHex(line[3]));
        Revocation how = columns.get(2) == null ? null : revocation(((String) columns.get(2)).split("\n", -1));
        return new Token(id, new Username(line[1]), line[4], hash, Instant.parse(line[2]), expires, how);
    }

    private static Revocation revocation(String[] line) {
        String reason = line[3].isEmpty() ? null : line[3];
        return new Revocation(UUID.fromString(line[0]), Instant.parse(line[1]), line[2], reason);
    }
    // end::text[]
}
