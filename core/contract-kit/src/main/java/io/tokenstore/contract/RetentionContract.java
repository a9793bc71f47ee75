package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.expiring;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.revocation;
import static io.tokenstore.contract.Samples.revokedAt;
import static io.tokenstore.contract.TokenComparison.assertFindsAll;
import static io.tokenstore.contract.TokenComparison.assertFound;
import static io.tokenstore.contract.TokenComparison.assertInAnyOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.Actor;
import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Only a purge removes a token, or any part of it. */
public interface RetentionContract extends StoreUnderTest {

    /** 64 groups of 66 tokens with an owner each and 158 of alice's: 14,336 tokens, 4,225 owners, as many acts. */
    @Test
    default void r32_more_than_ten_thousand_tokens_and_their_revocations_are_kept() throws Exception {
        TokenStore store = new RetryingStore(emptyStore());
        int ofOneOwner = 64 * 158;
        List<List<Token>> groups =
                IntStream.range(0, 64).mapToObj(RetentionContract::group).toList();
        InParallel.forEach(groups, store::addAll);
        Revocation all = revokedAt(NOW.minusSeconds(60));
        assertThat(aside(() -> store.revokeAll(ALICE, all))).isEqualTo(ofOneOwner);
        InParallel.forEach(
                groups,
                group -> group.subList(0, 66)
                        .forEach(token -> assertThat(store.revoke(token.owner(), token.id(), actOn(token)))
                                .isTrue()));
        InParallel.forEach(groups, group -> {
            List<Token> revoked = group.stream()
                    .map(token -> token.withRevocation(token.owner().equals(ALICE) ? all : actOn(token)))
                    .toList();
            assertFindsAll(store, group.stream().map(Token::id).toList(), revoked);
            for (Token kept : List.of(revoked.get(0), revoked.get(223))) {
                assertFound(store, kept);
                assertThat(store.revoke(kept.owner(), kept.id(), kept.revocation()))
                        .as("Repeated")
                        .isTrue();
                assertThat(store.revoke(kept.owner(), kept.id(), revocation("bob")))
                        .isFalse();
                assertThatExceptionOfType(DuplicateTokenException.class)
                        .isThrownBy(() -> store.add(live(BOB, kept.id().value())));
            }
        });
        InParallel.forEach(
                groups.subList(0, 16),
                group -> assertThat(Walk.list(store, group.get(0).owner()))
                        .extracting(Token::id)
                        .containsExactly(group.get(0).id()));
        assertThat(store.revokeAll(ALICE, all)).as("Repeated").isEqualTo(ofOneOwner);
        assertThat(aside(() -> Walk.list(store, ALICE))).hasSize(ofOneOwner);
        assertThat(aside(() -> Walk.purge(store, NOW, null, Integer.MAX_VALUE))).isEqualTo(ofOneOwner);
        assertThat(Walk.scan(store))
                .hasSize(64 * 66)
                .allMatch(token -> actOn(token).equals(token.revocation()));
        assertThat(Walk.purge(store, NOW.plusSeconds(1), null, 100)).isEqualTo(64 * 66);
    }

    /** Makes a call on a thread with a small stack, which a store that recurses for each token overflows. */
    private static <T> T aside(Supplier<T> call) throws Exception {
        try (Race race = new Race(1)) {
            return race.round(contender -> call.get()).get(0);
        }
    }

    @Test
    default void r32_a_token_that_ended_is_kept_until_a_purge_removes_it() throws Exception {
        TokenStore store = emptyStore();
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        List<Token> tokens = new ArrayList<>();
        for (Instant end : List.of(Instant.EPOCH, now.minusSeconds(1), now, now.plusMillis(100))) {
            String id = "t" + tokens.size();
            tokens.add(expiring(ALICE, id + "-expired", end));
            tokens.add(live(ALICE, id + "-revoked").withRevocation(revokedAt(end)));
            tokens.add(live(ALICE, id + "-not-renewable").toBuilder()
                    .renewableUntil(end)
                    .build());
        }
        tokens.add(Token.builder(Samples.id("t9-old"), ALICE, "laptop", Instant.EPOCH)
                .build());
        tokens.forEach(store::add);
        tokens.add(0, live(ALICE, "a"));
        store.add(tokens.get(0));
        Revocation longAgo = revokedAt(Instant.EPOCH);
        assertThat(store.revoke(ALICE, tokens.get(0).id(), longAgo)).isTrue();
        tokens.set(0, tokens.get(0).withRevocation(longAgo));
        // Longer than the shortest time to live in caches and databases.
        Thread.sleep(Math.max(
                0, Duration.between(Instant.now(), now.plusMillis(1_200)).toMillis()));
        for (int i = 0; i < 2; i++) {
            assertFound(store, tokens.toArray(Token[]::new));
            assertFindsAll(store, tokens.stream().map(Token::id).toList(), tokens);
            assertInAnyOrder("list", Walk.list(store, ALICE), tokens);
            assertInAnyOrder("scan", Walk.scan(store), tokens);
        }
        Token expired = tokens.get(1);
        assertThat(store.revoke(ALICE, expired.id(), longAgo)).isTrue();
        assertFound(store, expired.withRevocation(longAgo));
    }

    private static List<Token> group(int number) {
        return IntStream.range(0, 224)
                .mapToObj(i -> live(i < 66 ? new Owner("user" + number + "-" + i) : ALICE, number + "-" + i))
                .toList();
    }

    /** A different one for each token. */
    private static Revocation actOn(Token token) {
        UUID act = UUID.nameUUIDFromBytes(token.id().value().getBytes(StandardCharsets.UTF_8));
        return new Revocation(act, NOW, Actor.user("alice"), null);
    }
}
