package io.tokenstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the value types take, keep and show. */
class ValuesTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456789Z");
    private static final Instant NOW_IN_MICROS = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Username ALICE = new Username("alice");

    @ParameterizedTest
    @ValueSource(strings = {"!", "~", "a", "01J-._~:@", "<script>", "';--"})
    void a_token_id_is_visible_ascii(String value) {
        assertThat(new TokenId(value)).hasToString(value);
        assertThat(TokenId.of(value)).contains(new TokenId(value));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "a b", "a\n", "a\u0000", "\u007F", "é", "\uD800", "\uD83D\uDD11"})
    void a_string_that_no_store_can_hold_is_no_token_id(String value) {
        assertThat(TokenId.of(value)).isEmpty();
        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() -> new TokenId(value))
                .isInstanceOfAny(InvalidInputException.class, NullPointerException.class);
    }

    @Test
    void a_token_id_has_1_to_255_characters() {
        assertThat(TokenId.of("x".repeat(255))).isPresent();
        assertThat(TokenId.of("x".repeat(256))).isEmpty();
        assertThat(TokenId.of("x".repeat(1 << 20))).isEmpty();
    }

    @Test
    void token_ids_are_in_byte_order() {
        assertThat(new TokenId("A")).isLessThan(new TokenId("_"));
        assertThat(new TokenId("_")).isLessThan(new TokenId("a"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a\nb", "a\r", "a\u0000", "a\u0085", "a\u2028", "a\u2029", "a\uD800", "\uDC00", "\u001B[31m"
            })
    void reasons_and_names_have_no_control_characters_line_separators_or_unpaired_surrogates(String text) {
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> revocation(text, null));
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> revocation("alice", text));
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> Caller.admin(text));
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> token(text, null, null));
    }

    @Test
    void reasons_and_names_have_1_to_255_code_points() {
        String key = "\uD83D\uDD11";
        assertThat(revocation(key, "x").reason()).hasSize(1);
        assertThat(revocation(key.repeat(255), key.repeat(255)).reason()).hasSize(510);
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> revocation(key.repeat(256), "\n".repeat(256)))
                .satisfies(e -> assertThat(e.issues()).hasSize(3));
    }

    @Test
    void instants_are_truncated_to_microseconds() {
        assertThat(revocation("alice", null).at()).isEqualTo(NOW_IN_MICROS);
        assertThat(token("laptop", NOW, null))
                .returns(NOW_IN_MICROS, Token::createdAt)
                .returns(NOW_IN_MICROS, Token::expiresAt);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1969-12-31T23:59:59.999999999Z", "+10000-01-01T00:00:00Z", "-1000000000-01-01T00:00:00Z"})
    void instants_outside_the_years_1970_to_9999_are_refused(Instant instant) {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> new Revocation(UUID.randomUUID(), instant, "alice", null));
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> token("laptop", instant, null));
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> new Token(new TokenId("t1"), ALICE, "laptop", null, instant, null, null));
    }

    @Test
    void a_token_ends_when_it_was_revoked_else_when_it_expires_else_never() {
        Revocation revocation = revocation("alice", null);
        assertThat(token("laptop", null, null).endsAt()).isNull();
        assertThat(token("laptop", NOW, null).endsAt()).isEqualTo(NOW_IN_MICROS);
        Token revoked = token("laptop", Instant.EPOCH, null).withRevocation(revocation);
        assertThat(revoked.endsAt()).isEqualTo(NOW_IN_MICROS);
        assertThat(revoked.withRevocation(null)).isEqualTo(token("laptop", Instant.EPOCH, null));
    }

    @Test
    void a_hash_has_32_bytes_and_is_copied_in_and_out() {
        byte[] bytes = new byte[32];
        SecretHash hash = new SecretHash(bytes);
        bytes[0] = 1;
        hash.toBytes()[0] = 2;
        assertThat(hash.toBytes()).isEqualTo(new byte[32]);
        assertThat(hash).isEqualTo(new SecretHash(new byte[32])).hasSameHashCodeAs(new SecretHash(new byte[32]));
        assertThat(hash).isNotEqualTo(new SecretHash(bytes)).isNotEqualTo(null);
        for (int length : new int[] {0, 31, 33}) {
            assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> new SecretHash(new byte[length]));
        }
        assertThatNullPointerException().isThrownBy(() -> new SecretHash(null));
    }

    @Test
    void no_string_shows_a_hash() {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) 0xAB);
        assertThat(token("laptop", null, new SecretHash(bytes)).toString())
                .contains("masked")
                .doesNotContainIgnoringCase("abab")
                .doesNotContain("-85");
    }

    @Test
    void a_caller_is_nobody_a_user_or_an_administrator() {
        assertThat(Caller.anonymous().isAnonymous()).isTrue();
        assertThat(Caller.anonymous().name()).isEqualTo("anonymous");
        assertThat(Caller.anonymous().isUser(new Username("anonymous"))).isFalse();
        assertThat(Caller.user(ALICE).isUser(ALICE)).isTrue();
        assertThat(Caller.user(ALICE).isUser(new Username("ALICE"))).isFalse();
        assertThat(Caller.user(ALICE).isAdmin()).isFalse();
        assertThat(Caller.admin("alice").isAdmin()).isTrue();
        assertThat(Caller.admin("alice").isUser(ALICE)).isFalse();
        assertThat(Caller.admin(ALICE).isAdmin()).isTrue();
        assertThat(Caller.admin(ALICE).isUser(ALICE)).isTrue();
        assertThat(Caller.admin(ALICE)).isNotEqualTo(Caller.admin("alice")).isNotEqualTo(Caller.user(ALICE));
        assertThat(Caller.admin("alice"))
                .isEqualTo(Caller.admin("alice"))
                .hasSameHashCodeAs(Caller.admin("alice"))
                .isNotEqualTo(Caller.user(ALICE))
                .hasToString("admin alice");
    }

    @Test
    void callers_and_hashes_that_differ_do_not_fall_into_one_bucket_of_a_hash_table() {
        Set<Integer> hashCodes = new HashSet<>();
        for (byte i = 0; i < 100; i++) {
            byte[] bytes = new byte[32];
            bytes[i % 32] = i;
            hashCodes.add(new SecretHash(bytes).hashCode());
            hashCodes.add(Caller.user(new Username("user" + i)).hashCode());
            hashCodes.add(Caller.admin("user" + i).hashCode());
        }
        assertThat(hashCodes).hasSizeGreaterThan(250);
    }

    @Test
    void policies_permit_whom_their_names_say() {
        Caller owner = Caller.user(ALICE);
        Caller other = Caller.user(new Username("bob"));
        Caller admin = Caller.admin("ops");
        for (Action action : Action.values()) {
            assertThat(permitted(AccessPolicy.ownerOnly(), action, owner, other, admin))
                    .containsExactly(true, false, false);
            assertThat(permitted(AccessPolicy.adminOnly(), action, owner, other, admin))
                    .containsExactly(false, false, true);
            assertThat(permitted(AccessPolicy.ownerOrAdmin(), action, owner, other, admin))
                    .containsExactly(true, false, action != Action.ISSUE);
        }
    }

    @Test
    void a_page_does_not_remove_fewer_than_none() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PurgePage(-1, null));
    }

    private static List<Boolean> permitted(AccessPolicy policy, Action action, Caller... callers) {
        return Arrays.stream(callers)
                .map(caller -> policy.permits(caller, action, ALICE))
                .toList();
    }

    private static Revocation revocation(String by, String reason) {
        return new Revocation(UUID.randomUUID(), NOW, by, reason);
    }

    private static Token token(String name, Instant expiresAt, SecretHash hash) {
        return new Token(new TokenId("t1"), ALICE, name, hash, NOW, expiresAt, null);
    }
}
