package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.revokedAt;
import static io.tokenstore.contract.Texts.FIRST;
import static io.tokenstore.contract.Texts.LAST;
import static io.tokenstore.contract.TokenComparison.assertFound;
import static io.tokenstore.contract.TokenComparison.assertInAnyOrder;
import static io.tokenstore.contract.TokenComparison.assertPurgeLeaves;

import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Instants are kept and compared as instants. A token's id begins with its instant, so that a message shows it. */
public interface InstantContract extends StoreUnderTest {

    /** Each has six digits after the second, so that only the zone can make a test fail here. */
    private static List<Instant> aroundChangesOfTheClock() {
        return Stream.of(
                        "1970-01-01T00:00:00.000001Z",
                        Texts.LAST_WEEK.toString(),
                        "2025-06-15T12:00:00.123456Z",
                        "2026-03-08T02:30:00.123456Z",
                        "2026-03-29T01:30:00.999999Z",
                        "2026-03-29T02:30:00.123456Z",
                        "2026-10-25T00:30:00.123456Z",
                        "2026-10-25T01:30:00.123456Z",
                        "2026-10-25T02:30:00.123456Z",
                        "2026-11-01T05:30:00.999500Z",
                        "2026-11-01T06:30:00.999500Z",
                        "2038-01-19T03:14:08.000001Z",
                        "9999-12-31T23:59:59.999998Z",
                        "9999-12-31T23:59:59.999999Z")
                .map(Instant::parse)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Europe/Berlin", "America/St_Johns", "Asia/Kathmandu"})
    @ResourceLock(Resources.TIME_ZONE)
    default void r2_instants_are_kept_to_the_microsecond_in_every_zone(String zone) throws Exception {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        try {
            TokenStore store = emptyStore();
            List<Token> tokens = new ArrayList<>();
            for (Instant instant : aroundChangesOfTheClock()) {
                tokens.addAll(addEndingAt(store, instant));
            }
            InParallel.forEach(tokens, token -> assertFound(store, token));
            List<TokenId> ids = tokens.stream().map(Token::id).toList();
            assertInAnyOrder("findAll in " + zone, store.findAll(ids).values(), tokens);
            List<Token> ofAlice =
                    tokens.stream().filter(token -> token.owner().equals(ALICE)).toList();
            assertInAnyOrder("list in " + zone, Walk.list(store, ALICE), ofAlice);
            assertInAnyOrder("scan in " + zone, Walk.scan(store), tokens);
            for (Instant instant : aroundChangesOfTheClock()) {
                for (Instant at : List.of(instant, instant.plus(1, ChronoUnit.MICROS))) {
                    if (!at.isAfter(LAST)) {
                        assertPurgeLeavesWhatDidNotEndBefore(at, store, tokens);
                    }
                }
            }
        } finally {
            TimeZone.setDefault(before);
        }
    }

    private static List<Token> addEndingAt(TokenStore store, Instant instant) {
        Revocation revocation = revokedAt(instant);
        Token bare = Token.builder(new TokenId(instant + "-revoked"), ALICE, "laptop", instant)
                .renewableUntil(instant)
                .build();
        Token ofAll = Token.builder(
                        new TokenId(instant + "-revoked-with-all"), new Owner("user-of-" + instant), "laptop", instant)
                .build();
        List<Token> added = new ArrayList<>();
        for (String by : List.of("-add", "-addAll")) {
            added.add(Token.builder(new TokenId(instant + by), ALICE, "laptop", instant)
                    .expiresAt(instant)
                    .renewableUntil(instant)
                    .revocation(revocation)
                    .build());
            added.add(Token.builder(new TokenId(instant + by + "-pending"), ALICE, "laptop", instant)
                    .predecessor(new TokenId("old"))
                    .renewableUntil(instant)
                    .expiresAt(instant)
                    .build());
        }
        store.add(bare);
        store.add(ofAll);
        added.subList(0, 2).forEach(store::add);
        store.addAll(added.subList(2, 4));
        store.revoke(ALICE, bare.id(), revocation);
        store.revokeAll(ofAll.owner(), revocation);
        store.activate(ALICE, added.get(1).id());
        added.set(1, added.get(1).toBuilder().predecessor(null).build());
        added.add(bare.withRevocation(revocation));
        added.add(ofAll.withRevocation(revocation));
        return added;
    }

    private static void assertPurgeLeavesWhatDidNotEndBefore(Instant instant, TokenStore store, List<Token> kept) {
        int wereKept = kept.size();
        kept.removeIf(token -> token.endsAt() != null && token.endsAt().isBefore(instant));
        assertPurgeLeaves(kept, store, instant, wereKept);
    }

    /** As text, a second without a fraction comes after the same second with one. */
    @Test
    default void r16_ends_are_compared_as_instants_however_many_digits_they_have() throws Exception {
        List<Instant> instants = new ArrayList<>(List.of(FIRST, FIRST.plus(1, ChronoUnit.MICROS)));
        Instant second = NOW.truncatedTo(ChronoUnit.SECONDS);
        for (int micros : new int[] {0, 1, 9, 10, 1_000, 1_001, 100_000, 120_000, 999_999, 1_000_000}) {
            instants.add(second.plus(micros, ChronoUnit.MICROS));
        }
        List.of("2038-01-19T03:14:08Z", "2262-04-11T23:47:17Z", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59.999998Z")
                .forEach(instant -> instants.add(Instant.parse(instant)));
        instants.add(LAST);
        TokenStore store = emptyStore();
        List<Token> kept = new ArrayList<>(List.of(live(ALICE, "endless")));
        store.add(kept.get(0));
        for (Instant instant : instants) {
            Token expiring = Samples.expiring(ALICE, instant + "-expires", instant);
            Token revoked = live(ALICE, instant + "-revoked");
            store.add(expiring);
            store.add(revoked);
            Revocation revocation = revokedAt(instant);
            store.revoke(ALICE, revoked.id(), revocation);
            kept.add(expiring);
            kept.add(revoked.withRevocation(revocation));
        }
        for (Instant instant : instants) {
            assertPurgeLeavesWhatDidNotEndBefore(instant, store, kept);
        }
    }
}
