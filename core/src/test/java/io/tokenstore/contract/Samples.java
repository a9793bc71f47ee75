package io.tokenstore.contract;

import io.tokenstore.Revocation;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.Username;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

/** Tokens, owners and revocations to test with. */
final class Samples {

    static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    static final Username ALICE = new Username("alice");
    static final Username BOB = new Username("bob");

    private Samples() {}

    static TokenId id(String value) {
        return new TokenId(value);
    }

    static Token live(Username owner, String id) {
        return expiring(owner, id, null);
    }

    static Token expiring(Username owner, String id, Instant expiresAt) {
        return new Token(id(id), owner, "laptop", hash(id), NOW, expiresAt, null);
    }

    static SecretHash hash(String seed) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) seed.hashCode());
        return new SecretHash(bytes);
    }

    static Revocation revocation(String by) {
        return new Revocation(UUID.randomUUID(), NOW, by, null);
    }

    static Revocation revokedAt(Instant at) {
        return new Revocation(UUID.randomUUID(), at, "alice", "lost laptop");
    }
}
