package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.tokenstore.Actor;
import io.tokenstore.InvalidInputException;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
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
    private static final Owner ALICE = new Owner("alice");

    @ParameterizedTest
    @ValueSource(strings = {"!", "~", "a", "01J-._~:@", "<script>", "';--"})
    void a_token_id_is_visible_ascii(String value) {
        assertThat(new TokenId(value)).hasToString(value);
        assertThat(TokenId.of(value)).contains(new TokenId(value));
    }

    @Test
    void what_may_hold_a_secret_is_no_token_id() {
        for (String digits : List.of("x".repeat(64), "9".repeat(65), "Z".repeat(71), "a".repeat(200))) {
            assertThat(TokenId.of("a_" + digits)).isEmpty();
            assertThat(TokenId.of("(acme_pat_" + digits + ")")).isEmpty();
            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> new TokenId("a_" + digits))
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain(digits));
        }
        for (String id : List.of(
                "a_" + "x".repeat(63),
                "x".repeat(255),
                "_" + "x".repeat(64),
                "-_" + "x".repeat(64),
                "a_" + "x".repeat(63) + "-" + "x".repeat(63),
                "a-" + "x".repeat(64))) {
            assertThat(TokenId.of(id)).isPresent();
        }
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

    @Test
    void reasons_and_names_have_1_to_255_code_points() {
        String key = "\uD83D\uDD11";
        assertThat(revocation(key, "x").reason()).hasSize(1);
        assertThat(revocation(key.repeat(255), key.repeat(255)).reason()).hasSize(510);
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> revocation("alice", "\n".repeat(256)))
                .satisfies(e -> assertThat(e.violations()).hasSize(2));
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> Actor.user(key.repeat(256)));
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
                .isThrownBy(() -> new Revocation(UUID.randomUUID(), instant, Actor.user("alice"), null));
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> token("laptop", instant, null));
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> Token.builder(new TokenId("t1"), ALICE, "laptop", instant)
                        .build());
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
        assertThat(Caller.anonymous().isUser(new Owner("anonymous"))).isFalse();
        assertThat(Caller.user(ALICE).isUser(ALICE)).isTrue();
        assertThat(Caller.user(ALICE).isUser(new Owner("ALICE"))).isFalse();
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
            bytes[i % 8] = i; // A hash is random, so any eight bytes tell it from others.
            hashCodes.add(new SecretHash(bytes).hashCode());
            hashCodes.add(Caller.user(new Owner("user" + i)).hashCode());
            hashCodes.add(Caller.admin("user" + i).hashCode());
        }
        assertThat(hashCodes).hasSizeGreaterThan(250);
    }

    @Test
    void each_change_of_a_request_keeps_its_other_parts() {
        UUID id = new UUID(0, 1);
        RevocationRequest plain = RevocationRequest.plain();
        assertThat(List.of(
                        plain.andSuccessors().withReason("lost").withId(id),
                        plain.withId(id).withReason("lost").andSuccessors()))
                .allSatisfy(request -> assertThat(request)
                        .returns(id, RevocationRequest::id)
                        .returns("lost", RevocationRequest::reason)
                        .returns(true, RevocationRequest::revokesSuccessors));
    }

    @Test
    void an_actor_has_a_kind_and_a_name_and_may_have_a_token() {
        TokenId token = new TokenId("t1");
        assertThat(Actor.user("alice")).isEqualTo(new Actor(Actor.Kind.USER, "alice", null));
        assertThat(Actor.admin("ops")).isEqualTo(new Actor(Actor.Kind.ADMIN, "ops", null));
        assertThat(new Actor(Actor.Kind.ROTATION, "alice", token))
                .returns(token, Actor::token)
                .isNotEqualTo(new Actor(Actor.Kind.ROTATION, "alice", null))
                .isNotEqualTo(new Actor(Actor.Kind.PRESENTER, "alice", token));
        assertThatNullPointerException().isThrownBy(() -> new Actor(null, "alice", token));
        assertThatNullPointerException().isThrownBy(() -> new Actor(Actor.Kind.USER, null, token));
    }

    /** Stores keep these names. */
    @Test
    void the_kinds_of_actors_are_never_renamed() {
        assertThat(Actor.Kind.values())
                .extracting(Enum::name)
                .containsExactly("USER", "ADMIN", "PRESENTER", "ROTATION");
    }

    @Test
    void a_caller_acts_as_a_user_or_as_an_administrator() {
        assertThat(Caller.user(ALICE).actor()).isEqualTo(Actor.user("alice"));
        assertThat(Caller.admin(ALICE).actor()).isEqualTo(Actor.admin("alice"));
        assertThat(Caller.admin("ops").actor()).isEqualTo(Actor.admin("ops"));
    }

    @Test
    void policies_permit_whom_their_names_say() {
        Caller owner = Caller.user(ALICE);
        Caller other = Caller.user(new Owner("bob"));
        Caller admin = Caller.admin("ops");
        for (Action action : Action.values()) {
            assertThat(permitted(AccessPolicy.ownerOnly(), action, owner, other, admin))
                    .containsExactly(true, false, false);
            assertThat(permitted(AccessPolicy.adminOnly(), action, owner, other, admin))
                    .containsExactly(false, false, true);
            assertThat(permitted(AccessPolicy.ownerOrAdmin(), action, owner, other, admin))
                    .containsExactly(true, false, action != Action.ISSUE && action != Action.ROTATE);
        }
    }

    @Test
    void nobody_is_the_owner_of_what_is_about_the_tokens_of_all() {
        Caller owner = Caller.user(ALICE);
        Caller admin = Caller.admin(ALICE);
        AccessRequest byOwner = new AccessRequest(owner, Action.SEARCH, null);
        AccessRequest byAdmin = new AccessRequest(admin, Action.SEARCH, null);
        assertThat(admin.isUser(null)).isFalse();
        assertThat(AccessPolicy.ownerOnly().permits(byOwner)).isFalse();
        assertThat(AccessPolicy.ownerOnly().permits(byAdmin)).isFalse();
        assertThat(AccessPolicy.ownerOrAdmin().permits(byOwner)).isFalse();
        assertThat(AccessPolicy.ownerOrAdmin().permits(byAdmin)).isTrue();
        assertThat(AccessPolicy.adminOnly().permits(byOwner)).isFalse();
        assertThat(AccessPolicy.adminOnly().permits(byAdmin)).isTrue();
    }

    @Test
    void a_page_does_not_remove_fewer_than_none() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PurgePage(-1, null));
    }

    private static List<Boolean> permitted(AccessPolicy policy, Action action, Caller... callers) {
        return Arrays.stream(callers)
                .map(caller -> policy.permits(new AccessRequest(caller, action, ALICE)))
                .toList();
    }

    private static Revocation revocation(String by, String reason) {
        return new Revocation(UUID.randomUUID(), NOW, Actor.user(by), reason);
    }

    private static Token token(String name, Instant expiresAt, SecretHash hash) {
        return Token.builder(new TokenId("t1"), ALICE, name, NOW)
                .hash(hash)
                .expiresAt(expiresAt)
                .build();
    }
}
