package io.tokenstore.contract;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Scopes;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** Tokens, owners and revocations to test with: every component has a value, and no two have the same. */
final class Samples {

    static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    static final Owner ALICE = new Owner("alice");
    static final Owner BOB = new Owner("bob");

    /** How many tokens {@link #addMixed} adds. */
    static final int MIXED = 240;

    private Samples() {}

    static TokenId id(String value) {
        return new TokenId(value);
    }

    /** Returns a token that is not revoked, does not expire and has no predecessor. */
    static Token live(Owner owner, String id) {
        return expiring(owner, id, null);
    }

    static Token expiring(Owner owner, String id, Instant expiresAt) {
        int number = id.hashCode() & 0xFFFF;
        return Token.builder(id(id), owner, "laptop " + number, NOW.minusSeconds(30))
                .hash(hash(id))
                .scopes(Scopes.of(List.of("repo:read", "number:" + number)))
                .renewableUntil(NOW.plus(Duration.ofDays(90)).plusMillis(number))
                .minReaderVersion(1 + number)
                .expiresAt(expiresAt)
                .build();
    }

    /** Returns a token that waits for its first use. */
    static Token pending(Owner owner, String id, String predecessor) {
        return live(owner, id).toBuilder().predecessor(id(predecessor)).build();
    }

    /** Returns tokens of one owner, each with other components than the rest, and some with the longest or none. */
    static List<Token> ofEveryShape(Owner owner) {
        List<Token> tokens = new ArrayList<>(List.of(
                Token.builder(id("bare"), owner, "laptop", NOW).build(),
                live(owner, "live"),
                expiring(owner, "expiring", NOW.plus(Duration.ofDays(30))),
                expiring(owner, "expired", NOW.minusSeconds(1)),
                pending(owner, "pending", "old"),
                pending(owner, "pending-revoked", "~".repeat(255)).withRevocation(revokedAt(NOW.plusSeconds(1))),
                expiring(owner, "revoked", NOW.minusSeconds(1)).withRevocation(revocation("bob")),
                live(owner, "of-the-host").toBuilder().hash(null).build(),
                live(owner, "not-renewable").toBuilder().renewableUntil(null).build(),
                live(owner, "omnipotent").toBuilder().scopes(Scopes.all()).build(),
                live(owner, "impotent").toBuilder().scopes(Scopes.none()).build(),
                live(owner, "scoped").toBuilder()
                        .scopes(Scopes.of(List.of("a", "B", "'%_?;--", "x".repeat(1_000 - 12))))
                        .build(),
                live(owner, "readable").toBuilder().minReaderVersion(0).build(),
                live(owner, "unreadable").toBuilder()
                        .minReaderVersion(Integer.MAX_VALUE)
                        .build()));
        for (Actor.Kind kind : Actor.Kind.values()) {
            for (TokenId token : new TokenId[] {null, id("token-of-ops"), id("~".repeat(255))}) {
                Actor by = new Actor(kind, "ops " + kind.ordinal(), token);
                String reason = token == null ? "reason " + kind.ordinal() : null;
                tokens.add(live(owner, "revoked-" + tokens.size())
                        .withRevocation(new Revocation(UUID.randomUUID(), NOW.plusSeconds(1), by, reason)));
            }
        }
        return tokens;
    }

    static SecretHash hash(String seed) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) seed.hashCode());
        return new SecretHash(bytes);
    }

    /** Returns a new act of an administrator by a token, without a reason. */
    static Revocation revocation(String by) {
        return new Revocation(UUID.randomUUID(), NOW, new Actor(Actor.Kind.ADMIN, by, id("token-of-" + by)), null);
    }

    /** Returns a new act of a user without a token, with a reason. */
    static Revocation revokedAt(Instant at) {
        return new Revocation(UUID.randomUUID(), at, Actor.user("alice"), "lost laptop");
    }

    /** Adds tokens of several owners, of which every second ended before {@link #NOW}; returns those that did not. */
    static List<Token> addMixed(TokenStore store) {
        List<Token> stay = new ArrayList<>();
        for (int i = 0; i < MIXED; i++) {
            Owner owner = new Owner("user" + i % 5);
            String id = Integer.toString((i * 7_919) % 1_000, 36) + "-" + i;
            Token token = switch (i % 4) {
                case 0 -> expiring(owner, id, NOW.minusSeconds(1));
                case 1 -> live(owner, id).withRevocation(revokedAt(NOW.minusSeconds(1)));
                case 2 -> live(owner, id);
                default -> expiring(owner, id, NOW.plusSeconds(1));
            };
            store.add(token);
            if (i % 4 >= 2) {
                stay.add(token);
            }
        }
        return stay;
    }
}
