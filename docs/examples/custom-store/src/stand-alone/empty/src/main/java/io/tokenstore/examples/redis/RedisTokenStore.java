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

public final class RedisTokenStore implements TokenStore {

    public RedisTokenStore(UnifiedJedis redis, String tenant) {}

    @Override
    public void add(Token token) {
        throw new UnsupportedOperationException("add");
    }

    @Override
    public Optional<Token> find(TokenId id) {
        throw new UnsupportedOperationException("find");
    }

    @Override
    public boolean revoke(Username owner, TokenId id, Revocation how) {
        throw new UnsupportedOperationException("revoke");
    }

    @Override
    public int revokeAll(Username owner, Revocation how) {
        throw new UnsupportedOperationException("revokeAll");
    }

    @Override
    public List<Token> list(Username owner, @Nullable TokenId after, int limit) {
        throw new UnsupportedOperationException("list");
    }

    @Override
    public PurgePage purge(Instant endedBefore, @Nullable TokenId after, int examine) {
        throw new UnsupportedOperationException("purge");
    }
}
