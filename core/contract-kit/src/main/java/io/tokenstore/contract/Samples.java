package io.tokenstore.contract;

import static io.tokenstore.contract.Texts.FIRST;
import static io.tokenstore.contract.Texts.LAST;
import static io.tokenstore.contract.Texts.LAST_WEEK;

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
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Tokens, owners and revocations for tests: every component has a value, and no two components have the same. */
final class Samples {

    static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    static final Owner ALICE = new Owner("alice");
    static final Owner BOB = new Owner("bob");

    private static final Actor OPS = new Actor(Actor.Kind.ADMIN, "ops", id("token-of-ops"));

    /** The number of tokens that {@link #addMixed} adds. */
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
        int number = number(owner + "/" + id);
        return Token.builder(
                        id(id), owner, "laptop " + number, NOW.minusSeconds(30).minus(number, ChronoUnit.MICROS))
                .hash(hash(owner + "/" + id))
                .scopes(Scopes.of(List.of("repo:read", "number:" + number)))
                .renewableUntil(NOW.plus(Duration.ofDays(90)).plus(number, ChronoUnit.MICROS))
                .minReaderVersion(1 + number)
                .expiresAt(expiresAt)
                .build();
    }

    /** Returns a text's number, 0 to 65,535. The numbers are in another order than the texts, their lengths and hash codes. */
    private static int number(String text) {
        return text.hashCode() * 0x9E3779B1 >>> 16;
    }

    /** Returns a token that waits for its first use. */
    static Token pending(Owner owner, String id, String predecessor) {
        return live(owner, id).toBuilder().predecessor(id(predecessor)).build();
    }

    /** Returns one owner's tokens, all with different components, some with the longest values and some with none. */
    static List<Token> ofEveryShape(Owner owner) {
        List<Token> tokens = new ArrayList<>(List.of(
                Token.builder(id("bare"), owner, "laptop", NOW).build(),
                live(owner, "live"),
                expiring(owner, "expiring", NOW.plus(Duration.ofDays(30))),
                expiring(owner, "expired", NOW.minusSeconds(1)),
                expiring(owner, "expires-last", LAST),
                expiring(owner, "expired-first", FIRST),
                Token.builder(id("issued-first"), owner, "laptop", FIRST)
                        .renewableUntil(FIRST)
                        .build(),
                Token.builder(id("issued-last"), owner, "laptop", LAST)
                        .renewableUntil(LAST)
                        .build(),
                Token.builder(id("issued-in-the-last-week"), owner, "laptop", LAST_WEEK)
                        .renewableUntil(LAST_WEEK)
                        .expiresAt(LAST_WEEK)
                        .build(),
                pending(owner, "pending", "old"),
                pending(owner, "pending-dash", "-"),
                pending(owner, "its-own-predecessor", "its-own-predecessor"),
                pending(owner, "pending-long", "~".repeat(255)),
                expiring(owner, "pending-expired", NOW.minusSeconds(1)).toBuilder()
                        .predecessor(id("0"))
                        .build(),
                pending(owner, "pending-revoked", "~".repeat(255)).withRevocation(revokedAt(NOW.plusSeconds(1))),
                expiring(owner, "revoked", NOW.minusSeconds(1)).withRevocation(revocation("bob")),
                live(owner, "of-the-host").toBuilder().hash(null).build(),
                live(owner, "not-renewable").toBuilder().renewableUntil(null).build(),
                live(owner, "omnipotent").toBuilder().scopes(Scopes.all()).build(),
                live(owner, "impotent").toBuilder().scopes(Scopes.none()).build(),
                live(owner, "scoped").toBuilder()
                        .scopes(Scopes.of(List.of("a", "B", "'%_?;--", "x".repeat(1_000 - 12))))
                        .build(),
                live(owner, "scoped-in-capitals").toBuilder()
                        .scopes(Scopes.of(List.of("Repo:Read")))
                        .build(),
                live(owner, "scoped-often").toBuilder()
                        .scopes(Scopes.of(IntStream.range(0, 64)
                                .mapToObj(i -> "scope" + i)
                                .toList()))
                        .build(),
                live(owner, "scoped-oddly").toBuilder()
                        .scopes(Scopes.of(List.of(
                                "a,b", ",", "|", ";", ":", "=", "%s", "**", "--", "[]", "{}", "$1", "007", "null",
                                "a%41", "50%25", "1e5", "1.0", "<b>", "&amp;", "true")))
                        .build(),
                live(owner, "readable").toBuilder().minReaderVersion(0).build()));
        for (int version : new int[] {128, 32_768, 65_536, 16_777_217, Integer.MAX_VALUE - 1, Integer.MAX_VALUE}) {
            tokens.add(live(owner, "unreadable-" + version).toBuilder()
                    .minReaderVersion(version)
                    .build());
        }
        byte[][] beginnings = {{0, 1}, {0, -128}, {0, 0}, {127}, {-128}, {-1}, {' '}};
        for (int i = 0; i < beginnings.length; i++) {
            byte[] bytes = hash("" + i).toBytes();
            System.arraycopy(beginnings[i], 0, bytes, 0, beginnings[i].length);
            bytes[31] = beginnings[beginnings.length - 1 - i][0];
            tokens.add(live(owner, "hash-" + i).toBuilder()
                    .hash(new SecretHash(bytes))
                    .build());
        }
        for (String id : List.of("hash-of-zeros", "hash-of-another-token")) {
            tokens.add(live(owner, id).toBuilder()
                    .hash(new SecretHash(new byte[32]))
                    .build());
        }
        List<Revocation> revocations = Texts.revocations();
        for (int i = 0; i < revocations.size(); i++) {
            Token token = live(owner, "revoked-" + i);
            String name = Texts.NAMES.get((i + 2) % Texts.NAMES.size());
            tokens.add(Token.builder(token.id(), owner, name, token.createdAt())
                    .hash(token.hash())
                    .predecessor(i % 2 == 0 ? null : Texts.IDS.get((i * 5) % Texts.IDS.size()))
                    .revocation(revocations.get(i))
                    .build());
        }
        return tokens;
    }

    /** Returns a token of each owner whose name a store could write, read or cut wrongly. */
    static List<Token> ofEveryOwner() {
        return Texts.OWNERS.stream()
                .map(owner -> live(owner, "of-" + Texts.OWNERS.indexOf(owner)))
                .toList();
    }

    /** Returns 32 different bytes, so that a swap of two would show. */
    static SecretHash hash(String seed) {
        byte[] bytes = new byte[32];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (number(seed) + i * 37);
        }
        return new SecretHash(bytes);
    }

    /** Returns a new act of an administrator with a token, without a reason. */
    static Revocation revocation(String by) {
        return new Revocation(newId(), NOW, new Actor(Actor.Kind.ADMIN, by, id("token-of-" + by)), null);
    }

    /** Returns the act with a number, cheaply enough not to slow down a race. */
    static Revocation act(int number) {
        return new Revocation(new UUID(1, number), NOW, OPS, null);
    }

    /** Returns a new act of a user without a token, with a reason. */
    static Revocation revokedAt(Instant at) {
        return new Revocation(newId(), at, Actor.user("alice"), "lost laptop");
    }

    /** Returns an id more cheaply than the JDK's random ids, for which a race's threads would wait for each other. */
    private static UUID newId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID(random.nextLong(), random.nextLong());
    }

    /** Adds several owners' tokens; every second one ended before {@link #NOW}. Returns those that did not. */
    static List<Token> addMixed(TokenStore store) throws Exception {
        List<Token> all = new ArrayList<>();
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
            all.add(token);
            if (i % 4 >= 2) {
                stay.add(token);
            }
        }
        InParallel.forEach(all, new RetryingStore(store)::add);
        return stay;
    }
}
