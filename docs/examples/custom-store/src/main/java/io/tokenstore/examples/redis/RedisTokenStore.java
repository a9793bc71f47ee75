package io.tokenstore.examples.redis;

import io.tokenstore.Actor;
import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Scopes;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.UnifiedJedis;

/**
 * Keeps tokens in Redis. A call is one script, which Redis runs alone and logs whole; only {@link #revokeAll} is several.
 *
 * <p>Safe to call from many threads. A revocation outlasts the server only with {@code appendonly yes} and {@code appendfsync
 * always}, and memory pressure only with {@code maxmemory-policy noeviction}. Replicas lag: reads and failovers miss revocations.
 */
public final class RedisTokenStore implements TokenStore {
    // tag::keys[]
    private final UnifiedJedis redis;
    private final List<String> keys;

    /**
     * Creates a store on a client, which the caller must close.
     *
     * @param redis must not cache answers or retry: a retried {@link #add} would be a duplicate of itself
     * @param tenant the beginning of the names of this store's keys, not empty
     */
    public RedisTokenStore(UnifiedJedis redis, String tenant) {
        if (redis.getCache() != null || tenant.isEmpty()) {
            throw new IllegalArgumentException("the client must cache no answers, and the tenant have a name");
        }
        this.redis = redis;
        this.keys = Stream.of("tokens", "pending", "revoked", "ids", "owned", "used")
                .map(key -> "{" + tenant + "}:" + key)
                .toList();
    }

    private List<?> run(Applied onFailure, String script, String... args) {
        String named = "local tokens, pending, revoked, ids, owned, used = unpack(KEYS) " + script;
        try {
            return (List<?>) redis.eval(named, keys, List.of(args));
        } catch (RuntimeException e) {
            throw new TokenStoreException("Redis did not carry out the call", onFailure, e);
        }
    }
    // end::keys[]

    // tag::keep[]
    private static final String ADD = """
            local id, owned_id, token, predecessor, revocation = unpack(ARGV)
            if redis.call('HSETNX', tokens, id, token) == 0 then return {0} end
            if predecessor ~= '' then redis.call('HSET', pending, id, predecessor) end
            if revocation ~= '' then redis.call('HSET', revoked, id, revocation) end
            redis.call('ZADD', ids, 0, id)
            redis.call('ZADD', owned, 0, owned_id)
            return {1}""";

    @Override
    public void add(Token token) {
        String id = token.id().value();
        String predecessor = Objects.toString(token.predecessor(), "");
        String revocation = token.revocation() == null ? "" : text(token.revocation());
        String ownedId = token.owner() + " " + id;
        if (run(Applied.UNKNOWN, ADD, id, ownedId, text(token), predecessor, revocation)
                .contains(0L)) {
            throw new DuplicateTokenException();
        }
    }

    private static final String FIND = """
            local id, token = ARGV[1], redis.call('HGET', tokens, ARGV[1])
            return token and {{id, token, redis.call('HGET', pending, id), redis.call('HGET', revoked, id)}} or {}""";

    @Override
    public Optional<Token> find(TokenId id) {
        return run(Applied.NO, FIND, id.value()).stream().findFirst().map(RedisTokenStore::token);
    }
    // end::keep[]

    // tag::revoke[]
    private static final String REVOKE = """
            local page, carrying = redis.call('ZRANGEBYLEX', owned, ARGV[1], ARGV[2], 'LIMIT', 0, 1000), 0
            for _, owned_id in ipairs(page) do
              local id = owned_id:match(' (.*)')
              redis.call('HSETNX', revoked, id, ARGV[3])
              if redis.call('HGET', revoked, id):sub(1, 36) == ARGV[3]:sub(1, 36) then carrying = carrying + 1 end
            end
            return {carrying, page[1000] or false}""";

    private static final String UNREVOKED = """
            for _, owned_id in ipairs(redis.call('ZRANGEBYLEX', owned, ARGV[1], ARGV[2])) do
              if redis.call('HEXISTS', revoked, owned_id:match(' (.*)')) == 0 then return {1} end
            end
            return {}""";

    @Override
    public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
        String ownedId = "[" + owner.value() + " " + id.value();
        return run(Applied.UNKNOWN, REVOKE, ownedId, ownedId, text(revocation))
                .get(0)
                .equals(1L);
    }

    @Override
    public int revokeAll(Owner owner, Revocation revocation) {
        long carrying;
        do { // A token may be added behind a pass, so the last look is at all of the owner's at one instant.
            carrying = 0;
            for (Object last = owner.value() + " "; last != null; ) {
                List<?> page = run(Applied.UNKNOWN, REVOKE, "(" + last, "(" + owner.value() + "!", text(revocation));
                carrying += (Long) page.get(0);
                last = page.get(1);
            }
        } while (!run(Applied.UNKNOWN, UNREVOKED, "(" + owner.value() + " ", "(" + owner.value() + "!")
                .isEmpty());
        return Math.toIntExact(carrying);
    }

    private static final String ACTIVATE = """
            local owned_id, id = unpack(ARGV)
            if not redis.call('ZSCORE', owned, owned_id) or redis.call('HEXISTS', revoked, id) == 1 then return {0} end
            redis.call('HDEL', pending, id)
            return {1}""";

    @Override
    public boolean activate(Owner owner, TokenId id) {
        return run(Applied.UNKNOWN, ACTIVATE, owner.value() + " " + id.value(), id.value())
                .contains(1L);
    }
    // end::revoke[]

    // tag::walk[]
    private static final String PAGE = """
            local set = ARGV[1] == 'owned' and owned or ids
            local page = redis.call('ZRANGEBYLEX', set, ARGV[2], ARGV[3], 'LIMIT', 0, ARGV[4])
            for i, member in ipairs(page) do
              local id = member:match(' (.*)') or member
              page[i] = {id, redis.call('HGET', tokens, id), redis.call('HGET', pending, id), redis.call('HGET', revoked, id)}
            end
            return page""";

    private TokenPage page(String set, String after, String end, int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("limit must be 1 to " + MAX_PAGE);
        }
        List<Token> page = run(Applied.NO, PAGE, set, "(" + after, end, "" + limit).stream()
                .map(RedisTokenStore::token)
                .toList();
        return new TokenPage(
                page, page.size() < limit ? null : page.get(limit - 1).id());
    }

    @Override
    public TokenPage list(Owner owner, @Nullable TokenId after, int limit) {
        return page("owned", owner.value() + " " + Objects.toString(after, ""), "(" + owner.value() + "!", limit);
    }

    @Override
    public TokenPage scan(@Nullable TokenId after, int limit) {
        return page("ids", Objects.toString(after, ""), "+", limit);
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
                redis.call('HDEL', pending, id)
                redis.call('HDEL', used, id)
                removed = removed + redis.call('HDEL', tokens, id)
              end
            end
            return {removed, page[tonumber(ARGV[2])] or false}""";

    @Override
    public PurgePage purge(Instant endedBefore, @Nullable TokenId after, int maxExamined) {
        if (maxExamined < 1) {
            throw new IllegalArgumentException("maxExamined must be 1 or more");
        }
        String examined = Math.min(maxExamined, MAX_PAGE) + ""; // So that no script runs long; the caller continues.
        List<?> page = run(Applied.UNKNOWN, PURGE, Objects.toString(after, ""), examined, MICROS.format(endedBefore));
        String last = (String) page.get(1);
        return new PurgePage(Math.toIntExact((Long) page.get(0)), last == null ? null : new TokenId(last));
    }
    // end::walk[]

    // tag::text[]
    static final DateTimeFormatter MICROS =
            new DateTimeFormatterBuilder().appendInstant(6).toFormatter();

    private static String text(@Nullable Instant instant) {
        return instant == null ? "" : MICROS.format(instant);
    }

    private static String text(Token token) {
        SecretHash hash = token.hash();
        return String.join(
                "\n",
                text(token.expiresAt()), // PURGE reads this line and the next.
                token.owner().value(),
                text(token.createdAt()),
                hash == null ? "" : HexFormat.of().formatHex(hash.toBytes()),
                token.scopes().toString(),
                text(token.renewableUntil()),
                "" + token.minReaderVersion(),
                token.name());
    }

    private static String text(Revocation revocation) {
        Actor by = revocation.by();
        return String.join(
                "\n",
                revocation.id().toString(),
                text(revocation.at()),
                by.kind().name(),
                by.name(),
                Objects.toString(by.token(), ""),
                Objects.toString(revocation.reason(), ""));
    }

    private static Token token(Object row) {
        List<?> columns = (List<?>) row;
        String[] line = ((String) columns.get(1)).split("\n", -1);
        return Token.builder(new TokenId((String) columns.get(0)), new Owner(line[1]), line[7], Instant.parse(line[2]))
                .expiresAt(optional(line[0], Instant::parse))
                .hash(optional(line[3], hex -> new SecretHash(HexFormat.of().parseHex(hex))))
                .scopes(Scopes.parse(line[4]))
                .renewableUntil(optional(line[5], Instant::parse))
                .minReaderVersion(Integer.parseInt(line[6]))
                .predecessor(optional((String) columns.get(2), TokenId::new))
                .revocation(optional((String) columns.get(3), RedisTokenStore::revocation))
                .build();
    }

    private static Revocation revocation(String text) {
        String[] line = text.split("\n", -1);
        Actor by = new Actor(Actor.Kind.valueOf(line[2]), line[3], optional(line[4], TokenId::new));
        return new Revocation(
                UUID.fromString(line[0]), Instant.parse(line[1]), by, optional(line[5], reason -> reason));
    }

    private static <T> @Nullable T optional(@Nullable String text, Function<String, T> read) {
        return text == null || text.isEmpty() ? null : read.apply(text);
    }
    // end::text[]
}
