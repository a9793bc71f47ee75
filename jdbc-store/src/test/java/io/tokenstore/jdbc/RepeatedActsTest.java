package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Actor;
import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random acts on a database that fails at random places, beside the same acts on one that does not. */
@Timeout(300)
class RepeatedActsTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final int ACTS = 60;
    private static final List<Owner> OWNERS = List.of(new Owner("alice"), new Owner("bob"));
    private static final String ADDED = "added";
    private static final String DUPLICATE = "duplicate";

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 8L * Integer.getInteger("fuzz.times", 1));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void an_act_repeated_until_it_is_answered_has_one_effect_and_one_answer(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        RandomFaults faults = new RandomFaults(random.split());
        String url = H2.memoryUrl();
        String calmUrl = H2.memoryUrl();
        try (Connection keepsOne = DriverManager.getConnection(url);
                Connection keepsTheOther = DriverManager.getConnection(calmUrl)) {
            JdbcTokenStore.createSchema(Unpooled.at(url));
            JdbcTokenStore.createSchema(Unpooled.at(calmUrl));
            Pair pair = new Pair(
                    JdbcTokenStore.create(faults.at(url, random.nextBoolean())),
                    JdbcTokenStore.joining(keepsOne),
                    JdbcTokenStore.joining(keepsTheOther));
            for (int number = 0; number < ACTS; number++) {
                faults.plan(random.nextInt(4));
                Act act = someAct(random);
                pair.carryOut(act);
                faults.plan(0);
                pair.repeat(act);
            }
            assertThat(faults.happened()).isGreaterThan(ACTS / 2);
        }
    }

    /** A call of a store, and its answer. */
    private interface Act {
        Object on(TokenStore store);
    }

    private static Act someAct(RandomGenerator random) {
        TokenId id = new TokenId("t" + random.nextInt(12));
        Owner owner = OWNERS.get(random.nextInt(OWNERS.size()));
        Revocation how = new Revocation(new UUID(0, random.nextInt(4)), NOW, Actor.user("alice"), null);
        return switch (random.nextInt(14)) {
            case 0, 1, 2 -> {
                String name = "laptop " + random.nextLong(); // no two tokens are equal
                Token token = token(id, owner, name, random);
                yield store -> isAdded(() -> store.add(token));
            }
            case 9, 10 -> {
                TokenId another = new TokenId("u" + random.nextInt(12));
                List<Token> tokens = List.of(
                        token(id, owner, "laptop " + random.nextLong(), random),
                        token(another, owner, "phone " + random.nextLong(), random));
                yield store -> isAdded(() -> store.addAll(tokens));
            }
            case 11 -> store -> store.activate(owner, id);
            case 12 -> store -> store.findAll(List.of(id, new TokenId("u1"), new TokenId("u2")));
            case 13 -> store -> store.scan(id, 1_000);
            case 3, 4, 5 -> store -> store.revoke(owner, id, how);
            case 6 -> store -> store.revokeAll(owner, how);
            case 7 -> store -> store.find(id);
            case 8 -> store -> store.list(owner, id, 1_000);
            default -> {
                Instant endedBefore = NOW.plusSeconds(random.nextInt(2));
                // How many were removed is not exact where a step was repeated.
                yield store -> store.purge(endedBefore, null, 1_000).resumeAfter() == null;
            }
        };
    }

    private static Token token(TokenId id, Owner owner, String name, RandomGenerator random) {
        return Token.builder(id, owner, name, NOW)
                .expiresAt(random.nextBoolean() ? null : NOW)
                .predecessor(random.nextBoolean() ? null : new TokenId("t1"))
                .build();
    }

    private static String isAdded(Runnable add) {
        try {
            add.run();
            return ADDED;
        } catch (DuplicateTokenException e) {
            return DUPLICATE;
        }
    }

    /**
     * A store whose database fails, and one whose database does not.
     *
     * @param failing the store under test
     * @param behind the same database, as it is
     * @param calm the other
     */
    private record Pair(TokenStore failing, TokenStore behind, TokenStore calm) {

        void carryOut(Act act) {
            boolean perhapsApplied = false;
            Object answer = null;
            while (answer == null) {
                try {
                    answer = act.on(failing);
                } catch (TokenStoreException e) {
                    perhapsApplied |= e.applied() == Applied.UNKNOWN;
                    if (!perhapsApplied) {
                        assertThat(kept(behind)).as("surely not applied").isEqualTo(kept(calm));
                    }
                }
            }
            Object expected = act.on(calm);
            // Whoever repeats an add learns from a duplicate that it was kept.
            if (!(perhapsApplied && answer.equals(DUPLICATE))) {
                assertThat(answer).isEqualTo(expected);
            }
            assertThat(kept(behind)).isEqualTo(kept(calm));
        }

        void repeat(Act act) {
            assertThat(act.on(failing)).as("repeated").isEqualTo(act.on(calm));
        }

        private static List<Token> kept(TokenStore store) {
            return OWNERS.stream()
                    .flatMap(owner -> store.list(owner, null, 1_000).tokens().stream())
                    .toList();
        }
    }
}
