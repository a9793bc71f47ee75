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
    public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
        throw new UnsupportedOperationException("revoke");
    }

    @Override
    public int revokeAll(Owner owner, Revocation revocation) {
        throw new UnsupportedOperationException("revokeAll");
    }

    @Override
    public boolean activate(Owner owner, TokenId id) {
        throw new UnsupportedOperationException("activate");
    }

    @Override
    public TokenPage list(Owner owner, @Nullable TokenId after, int limit) {
        throw new UnsupportedOperationException("list");
    }

    @Override
    public TokenPage scan(@Nullable TokenId after, int limit) {
        throw new UnsupportedOperationException("scan");
    }

    @Override
    public PurgePage purge(Instant endedBefore, @Nullable TokenId after, int maxExamined) {
        throw new UnsupportedOperationException("purge");
    }
}
