package io.tokenstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class TokenTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final TokenId T1 = new TokenId("t1");
    private static final TokenId T2 = new TokenId("t2");
    private static final Owner ALICE = new Owner("alice");
    private static final SecretHash HASH =
            new SecretHash("abcdefghijklmnopqrstuvwxyz012345".getBytes(StandardCharsets.US_ASCII));
    private static final Revocation REVOCATION =
            new Revocation(new UUID(0, 1), NOW.plusSeconds(4), new Actor(Actor.Kind.ADMIN, "ops", T2), "leaked");

    /** A token with a value of its own in every component. */
    private static final Token FULL = Token.builder(T1, ALICE, "laptop", NOW)
            .hash(HASH)
            .scopes(Scopes.of(List.of("repo:read")))
            .predecessor(T2)
            .renewableUntil(NOW.plusSeconds(2))
            .minReaderVersion(7)
            .expiresAt(NOW.plusSeconds(1))
            .revocation(REVOCATION)
            .build();

    @Test
    void a_token_has_what_it_was_built_with() {
        assertThat(FULL)
                .returns(T1, Token::id)
                .returns(ALICE, Token::owner)
                .returns("laptop", Token::name)
                .returns(HASH, Token::hash)
                .returns(Scopes.of(List.of("repo:read")), Token::scopes)
                .returns(T2, Token::predecessor)
                .returns(NOW.plusSeconds(2), Token::renewableUntil)
                .returns(7, Token::minReaderVersion)
                .returns(NOW, Token::createdAt)
                .returns(NOW.plusSeconds(1), Token::expiresAt)
                .returns(REVOCATION, Token::revocation);
    }

    @Test
    void by_default_a_token_has_no_hash_permits_nothing_and_never_ends() {
        assertThat(builder().build())
                .returns(null, Token::hash)
                .returns(Scopes.none(), Token::scopes)
                .returns(null, Token::predecessor)
                .returns(null, Token::renewableUntil)
                .returns(0, Token::minReaderVersion)
                .returns(null, Token::expiresAt)
                .returns(null, Token::revocation)
                .returns(null, Token::endsAt)
                .returns(TokenState.ACTIVE, token -> token.stateAt(Instant.MAX));
    }

    @Test
    void tokens_are_equal_if_all_components_are() {
        assertThat(FULL.toBuilder().build()).isEqualTo(FULL).hasSameHashCodeAs(FULL);
        List<Token> others = List.of(
                builder().build(),
                changed(token -> token.hash(null)),
                changed(token -> token.scopes(Scopes.all())),
                changed(token -> token.predecessor(null)),
                changed(token -> token.renewableUntil(null)),
                changed(token -> token.minReaderVersion(8)),
                changed(token -> token.expiresAt(null)),
                changed(token -> token.revocation(null)),
                withNew(T2, ALICE, "laptop", NOW),
                withNew(T1, new Owner("bob"), "laptop", NOW),
                withNew(T1, ALICE, "phone", NOW),
                withNew(T1, ALICE, "laptop", NOW.plusSeconds(9)),
                changed(token -> token.revocation(
                        new Revocation(REVOCATION.id(), REVOCATION.at(), Actor.admin("ops"), REVOCATION.reason()))));
        for (Token other : others) {
            assertThat(other).isNotEqualTo(FULL).doesNotHaveSameHashCodeAs(FULL);
        }
        assertThat(others).doesNotHaveDuplicates();
        assertThat(FULL).isNotEqualTo(null).isNotEqualTo("t1");
    }

    @Test
    void its_string_has_every_component_and_of_the_hash_that_there_is_one() {
        assertThat(FULL.toString())
                .contains("t1", "alice", "laptop", "masked", "repo:read", "t2", "7", "leaked", "ops")
                .contains(
                        NOW.toString(),
                        NOW.plusSeconds(1).toString(),
                        NOW.plusSeconds(2).toString())
                .doesNotContain("0, 0");
    }

    @Test
    void a_json_library_that_is_handed_what_a_store_keeps_fails() {
        ObjectMapper lenient = new ObjectMapper().disable(SerializationFeature.FAIL_ON_EMPTY_BEANS);
        for (Object kept : List.of(FULL, FULL.toBuilder(), new TokenPage(List.of(FULL), T1))) {
            assertThatThrownBy(() -> lenient.writeValueAsString(kept)).hasMessageContaining("not for a serializer");
            assertThatThrownBy(() -> JsonMapper.shared().writeValueAsString(kept))
                    .hasMessageContaining("not for a serializer");
        }
    }

    @Test
    void another_revocation_changes_nothing_else() {
        Token live = FULL.withRevocation(null);
        assertThat(live.revocation()).isNull();
        assertThat(live.withRevocation(REVOCATION)).isEqualTo(FULL);
    }

    @Test
    void a_builder_can_be_used_again() {
        Token.Builder builder = builder();
        Token first = builder.build();
        Token second = builder.predecessor(T2).build();
        assertThat(first.predecessor()).isNull();
        assertThat(second.predecessor()).isEqualTo(T2);
    }

    /** Each state hides the ones after it. */
    @Test
    void a_token_is_revoked_else_expired_else_unreadable_else_pending_else_active() {
        Token all = FULL.toBuilder().expiresAt(NOW).build();
        Token expired = all.toBuilder().revocation(null).build();
        Token unreadable = expired.toBuilder().expiresAt(NOW.plusNanos(1_000)).build();
        Token pending =
                unreadable.toBuilder().minReaderVersion(Token.READER_VERSION).build();
        Token active = pending.toBuilder().predecessor(null).build();
        assertThat(List.of(all, expired, unreadable, pending, active))
                .extracting(token -> token.stateAt(NOW))
                .containsExactly(
                        TokenState.REVOKED,
                        TokenState.EXPIRED,
                        TokenState.UNREADABLE,
                        TokenState.PENDING,
                        TokenState.ACTIVE);
        assertThat(active.toBuilder()
                        .minReaderVersion(Token.READER_VERSION + 1)
                        .build()
                        .stateAt(NOW))
                .isEqualTo(TokenState.UNREADABLE);
    }

    @Test
    void a_token_is_expired_from_its_end_on() {
        Token token = builder().expiresAt(NOW).build();
        assertThat(token.stateAt(NOW.minusNanos(1))).isEqualTo(TokenState.ACTIVE);
        assertThat(token.stateAt(NOW)).isEqualTo(TokenState.EXPIRED);
        assertThat(token.stateAt(Instant.MIN)).isEqualTo(TokenState.ACTIVE);
        assertThat(token.stateAt(Instant.MAX)).isEqualTo(TokenState.EXPIRED);
    }

    @Test
    void every_instant_is_truncated_to_microseconds() {
        Instant nanos = NOW.plusNanos(999);
        assertThat(Token.builder(T1, ALICE, "laptop", nanos)
                        .expiresAt(nanos)
                        .renewableUntil(nanos)
                        .revocation(new Revocation(UUID.randomUUID(), nanos, Actor.user("alice"), null))
                        .build())
                .returns(NOW, Token::createdAt)
                .returns(NOW, Token::expiresAt)
                .returns(NOW, Token::renewableUntil)
                .returns(NOW, Token::endsAt);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1969-12-31T23:59:59.999999999Z",
                "+10000-01-01T00:00:00Z",
                "-1000000000-01-01T00:00:00Z",
                "+1000000000-12-31T23:59:59.999999999Z"
            })
    void an_instant_that_no_store_could_keep_is_refused_by_its_name(Instant instant) {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> withNew(T1, ALICE, "laptop", instant))
                .withMessage("createdAt must be in the years 1970 to 9999");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> builder().expiresAt(instant).build())
                .withMessage("expiresAt must be in the years 1970 to 9999");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> builder().renewableUntil(instant).build())
                .withMessage("renewableUntil must be in the years 1970 to 9999");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> new Revocation(UUID.randomUUID(), instant, Actor.user("alice"), null))
                .withMessage("at must be in the years 1970 to 9999");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"})
    void the_first_and_the_last_instant_are_kept(Instant instant) {
        assertThat(StorableInstant.of("at", instant)).isEqualTo(instant);
        assertThat(StorableInstant.of("at", instant.plus(Duration.ofNanos(999))))
                .isEqualTo(instant);
        assertThat(StorableInstant.ofNullable("at", instant)).isEqualTo(instant);
        assertThat(StorableInstant.ofNullable("at", null)).isNull();
    }

    @Test
    void what_can_not_be_kept_is_refused() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> builder().minReaderVersion(-1).build());
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> withNew(T1, ALICE, "", NOW));
        assertThatNullPointerException().isThrownBy(() -> builder().scopes(null).build());
        assertThatNullPointerException().isThrownBy(() -> withNew(null, ALICE, "laptop", NOW));
        assertThatNullPointerException().isThrownBy(() -> withNew(T1, null, "laptop", NOW));
        assertThatNullPointerException().isThrownBy(() -> withNew(T1, ALICE, null, NOW));
        assertThatNullPointerException().isThrownBy(() -> withNew(T1, ALICE, "laptop", null));
    }

    @Test
    void a_page_is_a_copy() {
        Token[] tokens = {FULL};
        TokenPage page = new TokenPage(Arrays.asList(tokens), null);
        tokens[0] = builder().build();
        assertThat(page.tokens()).containsExactly(FULL).isUnmodifiable();
        assertThatNullPointerException().isThrownBy(() -> new TokenPage(null, T1));
        assertThatNullPointerException().isThrownBy(() -> new TokenPage(Arrays.asList(FULL, null), T1));
    }

    private static Token.Builder builder() {
        return Token.builder(T1, ALICE, "laptop", NOW);
    }

    private static Token changed(Consumer<Token.Builder> change) {
        Token.Builder builder = FULL.toBuilder();
        change.accept(builder);
        return builder.build();
    }

    /** Returns the full token, but for those components that a builder begins with. */
    private static Token withNew(TokenId id, Owner owner, String name, Instant createdAt) {
        return Token.builder(id, owner, name, createdAt)
                .hash(FULL.hash())
                .scopes(FULL.scopes())
                .predecessor(FULL.predecessor())
                .renewableUntil(FULL.renewableUntil())
                .minReaderVersion(FULL.minReaderVersion())
                .expiresAt(FULL.expiresAt())
                .revocation(FULL.revocation())
                .build();
    }
}
