package io.tokenstore.contract;

import static io.tokenstore.contract.Samples.ALICE;
import static io.tokenstore.contract.Samples.BOB;
import static io.tokenstore.contract.Samples.NOW;
import static io.tokenstore.contract.Samples.expiring;
import static io.tokenstore.contract.Samples.id;
import static io.tokenstore.contract.Samples.live;
import static io.tokenstore.contract.Samples.ofEveryShape;
import static io.tokenstore.contract.Samples.revocation;
import static io.tokenstore.contract.Samples.revokedAt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.Actor;
import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.TimeZone;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is added is found, once and as it was given. */
public interface AddContract extends StoreUnderTest {

    @Test
    default void r1_a_token_is_found_as_it_was_added_in_whatever_state() throws Exception {
        TokenStore store = emptyStore();
        List<Token> tokens = ofEveryShape(ALICE);
        tokens.forEach(store::add);
        for (Token token : tokens) {
            assertThat(store.find(token.id())).contains(token);
        }
    }

    @Test
    default void r1_an_unknown_id_is_empty() throws Exception {
        TokenStore store = emptyStore();
        store.add(live(ALICE, "known"));
        assertThat(store.find(id("unknown"))).isEmpty();
    }

    @Test
    default void r1_names_and_reasons_come_back_letter_for_letter() throws Exception {
        TokenStore store = emptyStore();
        List<String> texts = List.of(
                " laptop ",
                "laptop ",
                "Robert'); DROP TABLE tokens;--",
                "\\",
                "?",
                ":name",
                "<b>",
                "z\u200Dero\u200Cwidth\u00A0",
                "e\u0301",
                "\u6F22\u5B57",
                "\uD83D\uDD11".repeat(255));
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            Revocation revocation = new Revocation(UUID.randomUUID(), NOW, Actor.admin(text), text);
            Token token = Token.builder(id("t" + i), ALICE, text, NOW)
                    .revocation(revocation)
                    .build();
            store.add(token);
            assertThat(store.find(token.id())).contains(token);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu"})
    @ResourceLock(Resources.TIME_ZONE)
    default void r2_instants_are_kept_to_the_microsecond_in_every_zone(String zone) throws Exception {
        List<Instant> instants = List.of(
                Instant.EPOCH,
                Instant.parse("1970-01-01T00:00:00.000001Z"),
                Instant.parse("2026-03-29T01:30:00.999999Z"),
                Instant.parse("2026-03-29T02:30:00.123456Z"),
                Instant.parse("2026-03-08T02:30:00.123456Z"),
                Instant.parse("2026-10-25T00:30:00.123456Z"),
                Instant.parse("2026-10-25T01:30:00.123456Z"),
                Instant.parse("2026-10-25T02:30:00.123456Z"),
                Instant.parse("2026-11-01T05:30:00.999500Z"),
                Instant.parse("2026-11-01T06:30:00.999500Z"),
                Instant.parse("2038-01-19T03:14:08.000001Z"),
                Instant.parse("9999-12-31T23:59:59.999998Z"));
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        try {
            TokenStore store = emptyStore();
            for (Instant instant : instants) {
                Revocation revocation = revokedAt(instant);
                List<Token> tokens = List.of(
                        Token.builder(id("revoked"), ALICE, "laptop", instant)
                                .expiresAt(instant)
                                .renewableUntil(instant)
                                .build(),
                        Token.builder(id("revoked-with-all"), BOB, "laptop", instant)
                                .renewableUntil(instant)
                                .build(),
                        Token.builder(id("expired"), new Owner("carol"), "laptop", instant)
                                .expiresAt(instant)
                                .build());
                tokens.forEach(store::add);
                store.revoke(ALICE, id("revoked"), revocation);
                store.revokeAll(BOB, revocation);
                String inZone = "In " + zone;
                assertThat(store.find(id("revoked")))
                        .as(inZone)
                        .contains(tokens.get(0).withRevocation(revocation));
                assertThat(Walk.list(store, BOB))
                        .as(inZone)
                        .containsExactly(tokens.get(1).withRevocation(revocation));
                assertThat(store.find(id("expired"))).as(inZone).contains(tokens.get(2));
                assertThat(Walk.purge(store, instant)).as(inZone).isZero();
                assertThat(Walk.purge(store, instant.plus(1, ChronoUnit.MICROS)))
                        .as(inZone)
                        .isEqualTo(3);
            }
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @Test
    default void r3_an_id_is_given_once() throws Exception {
        TokenStore store = emptyStore();
        List<Token> kept = List.of(live(ALICE, "live"), expiring(ALICE, "expired", NOW.minusSeconds(3600)));
        for (Token first : kept) {
            String id = first.id().value();
            store.add(first);
            List<Token> others = List.of(
                    first,
                    live(BOB, id),
                    live(ALICE, id).withRevocation(revocation("alice")),
                    expiring(ALICE, id, NOW));
            for (Token second : others) {
                assertThatExceptionOfType(DuplicateTokenException.class).isThrownBy(() -> store.add(second));
                assertThat(store.find(first.id())).contains(first);
            }
        }
        assertThat(Walk.list(store, BOB)).isEmpty();
    }

    @Test
    default void r3_of_many_threads_that_add_one_id_exactly_one_succeeds() throws Exception {
        TokenStore store = emptyStore();
        try (Race race = new Race(8)) {
            for (int round = 0; round < 30; round++) {
                String id = "t" + round;
                List<Boolean> added = race.round(contender -> {
                    try {
                        store.add(live(new Owner("user" + contender), id));
                        return true;
                    } catch (DuplicateTokenException e) {
                        return false;
                    }
                });
                assertThat(Collections.frequency(added, true)).isEqualTo(1);
                assertThat(store.find(id(id)).orElseThrow().owner()).isEqualTo(new Owner("user" + added.indexOf(true)));
            }
        }
    }

    @Test
    default void r4_a_revoked_token_is_not_revived_by_adding_its_id_again() throws Exception {
        TokenStore store = emptyStore();
        Token token = live(ALICE, "t1");
        Revocation revocation = revocation("alice");
        store.add(token);
        store.revoke(ALICE, token.id(), revocation);
        for (Token again : List.of(token, live(BOB, "t1"))) {
            assertThatExceptionOfType(DuplicateTokenException.class).isThrownBy(() -> store.add(again));
            assertThat(store.find(token.id())).contains(token.withRevocation(revocation));
        }
    }

    @Test
    default void r10_ids_that_differ_in_case_or_at_their_ends_are_different_ids() throws Exception {
        TokenStore store = emptyStore();
        String longest = "x".repeat(254);
        List<String> ids =
                List.of("abc", "ABC", "Abc", "abc.", "abc/", "ab", "%", "_", "a%", "'", longest + "a", longest + "b");
        ids.forEach(id -> store.add(live(ALICE, id)));
        for (String id : ids) {
            assertThat(store.find(id(id)).map(Token::id)).contains(new TokenId(id));
        }
        assertThat(store.find(id("aBC"))).isEmpty();
        assertThat(store.find(id("abc-"))).isEmpty();
    }
}
