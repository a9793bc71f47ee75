package io.tokenstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link TokenRevocationService#revokeAll}. */
class RevokeAllTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Username ALICE = new Username("alice");
    private static final Username BOB = new Username("bob");
    private static final Caller OWNER = Caller.user(ALICE);
    private static final Caller OTHER = Caller.user(BOB);
    private static final Caller ADMIN = Caller.admin("ops");
    private static final RevocationRequest PLAIN = new RevocationRequest(null, null);

    private final CapturedLog log = new CapturedLog(TokenRevocationService.class);
    private final RecordingStore store = new RecordingStore();
    private final TokenRevocationService service = service(AccessPolicy.ownerOrAdmin());

    @BeforeEach
    void keepThreeTokens() {
        store.given(new Token(new TokenId("t1"), ALICE, "laptop", null, NOW, null, null));
        store.given(new Token(new TokenId("t2"), ALICE, "phone", null, NOW, NOW.minusSeconds(1), null));
        store.given(new Token(new TokenId("t3"), BOB, "laptop", null, NOW, null, null));
    }

    @AfterEach
    void leaveTheLogAlone() {
        log.close();
    }

    @Test
    void the_owner_revokes_every_token_and_nobody_elses() {
        Result<Integer> result = service.revokeAll(OWNER, "alice", new RevocationRequest(null, "lost bag"));
        assertThat(result.status()).isEqualTo(Status.OK);
        assertThat(result.value()).isEqualTo(2);
        assertThat(result.body()).isEqualTo(Map.of());
        Revocation how = revocation("t1");
        assertThat(how)
                .returns(NOW, Revocation::at)
                .returns("alice", Revocation::by)
                .returns("lost bag", Revocation::reason);
        assertThat(revocation("t2")).isEqualTo(how);
        assertThat(revocation("t3")).isNull();
        assertThat(store.asked.get(0)).isEqualTo("revokeAll");
        assertThat(store.asked).doesNotContain("find", "list");
    }

    @Test
    void what_was_revoked_before_keeps_its_revocation_and_is_not_counted() {
        Revocation first = service.revoke(OWNER, "alice", "t1").value();
        assertThat(service.revokeAll(ADMIN, "alice", PLAIN).value()).isEqualTo(1);
        assertThat(revocation("t1")).isEqualTo(first);
        assertThat(revocation("t2").by()).isEqualTo("ops");
    }

    @Test
    void repeated_with_its_id_it_finishes_and_answers_the_same_tokens() {
        RevocationRequest request = new RevocationRequest(UUID.randomUUID(), null);
        assertThat(service.revokeAll(OWNER, "alice", request).value()).isEqualTo(2);
        assertThat(service.revokeAll(OWNER, "alice", request).value()).isEqualTo(2);
        store.given(new Token(new TokenId("t4"), ALICE, "tablet", null, NOW, null, null));
        assertThat(service.revokeAll(OWNER, "alice", request).value()).isEqualTo(3);
        assertThat(revocation("t4").id()).isEqualTo(request.id());
    }

    @Test
    void repeated_without_an_id_it_finds_nothing_left() {
        service.revokeAll(OWNER, "alice", PLAIN);
        Result<Integer> again = service.revokeAll(OWNER, "alice", PLAIN);
        assertThat(again.status()).isEqualTo(Status.OK);
        assertThat(again.value()).isZero();
    }

    @Test
    void a_user_who_has_no_token_or_does_not_exist_is_ok_with_none() {
        assertThat(service.revokeAll(ADMIN, "nobody", PLAIN).value()).isZero();
    }

    @Test
    void the_anonymous_caller_is_unauthorized_whatever_is_asked() {
        for (String username : new String[] {"alice", "nobody", "1-", null}) {
            assertThat(service.revokeAll(Caller.anonymous(), username, new RevocationRequest(null, "\n"))
                            .status())
                    .isEqualTo(Status.UNAUTHORIZED);
        }
        assertThat(store.asked).isEmpty();
    }

    @Test
    void every_violated_rule_is_an_issue_before_anybody_is_asked() {
        TokenRevocationService strict = service((caller, action, owner) -> {
            throw new AssertionError("asked");
        });
        assertThat(issues(strict.revokeAll(OTHER, "1-", new RevocationRequest(null, "\n".repeat(256)))))
                .containsExactly(
                        "username must begin with a letter",
                        "username must consist of letters, digits 0 to 9 and underscores",
                        "reason must have 1 to 255 characters",
                        "reason must not have control characters, line separators or unpaired surrogates");
        assertThat(issues(strict.revokeAll(OTHER, null, PLAIN))).containsExactly("username is required");
        assertThat(store.asked).isEmpty();
    }

    @Test
    void whoever_may_not_act_is_forbidden_before_any_look_up() {
        for (String username : List.of("alice", "nobody")) {
            assertThat(service.revokeAll(OTHER, username, PLAIN).status()).isEqualTo(Status.FORBIDDEN);
        }
        assertThat(store.asked).isEmpty();
    }

    @Test
    void the_policy_is_asked_for_this_action() {
        List<Object> asked = new ArrayList<>();
        service((caller, action, owner) -> asked.addAll(List.of(caller, action, owner)))
                .revokeAll(OTHER, "alice", PLAIN);
        assertThat(asked).containsExactly(OTHER, Action.REVOKE, ALICE);
    }

    @Test
    void a_policy_or_a_store_that_throws_is_an_internal_error_and_repeating_finishes() {
        RuntimeException bug = new IllegalStateException("directory is down");
        Result<Integer> result = service((caller, action, owner) -> {
                    throw bug;
                })
                .revokeAll(OWNER, "alice", PLAIN);
        assertThat(result.status()).isEqualTo(Status.INTERNAL_SERVER_ERROR);
        assertThat(result.cause()).contains(bug);
        assertThat(store.asked).isEmpty();
        RevocationRequest request = new RevocationRequest(UUID.randomUUID(), null);
        RuntimeException down = new TokenStoreException("down", TokenStoreException.Applied.UNKNOWN, null);
        store.failing.put("revokeAll", down);
        assertThat(service.revokeAll(OWNER, "alice", request).cause()).contains(down);
        store.failing.clear();
        assertThat(service.revokeAll(OWNER, "alice", request).value()).isEqualTo(2);
    }

    @Test
    void an_error_of_the_virtual_machine_is_not_caught() {
        store.failing.put("revokeAll", new OutOfMemoryError("test"));
        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> service.revokeAll(OWNER, "alice", PLAIN));
    }

    @Test
    void null_is_refused_where_it_is_a_programming_error() {
        assertThatNullPointerException().isThrownBy(() -> service.revokeAll(null, "alice", PLAIN));
        assertThatNullPointerException().isThrownBy(() -> service.revokeAll(OWNER, "alice", null));
    }

    @Test
    void each_attempt_is_one_line_that_says_who_whose_and_the_answer() {
        service.revokeAll(OWNER, "alice", PLAIN);
        service.revokeAll(OTHER, "alice", PLAIN);
        service.revokeAll(Caller.anonymous(), "a\r\nINFO forged", PLAIN);
        store.failing.put("revokeAll", new IllegalStateException("down"));
        service.revokeAll(ADMIN, "alice", PLAIN);
        assertThat(log.lines())
                .containsExactly(
                        "INFO user alice revokes all tokens of user alice: OK",
                        "INFO user bob revokes all tokens of user \"alice\" (length 5): FORBIDDEN",
                        "INFO anonymous revokes all tokens of user \"a\\u000D\\u000AINFO …\" (length 14): UNAUTHORIZED",
                        "ERROR admin ops revokes all tokens of user \"alice\" (length 5): INTERNAL_SERVER_ERROR");
    }

    @Test
    void a_secret_that_was_pasted_for_the_username_stays_out_of_the_log() {
        String secret =
                PresentedToken.create(TokenPrefix.personalAccessToken(), NOW).text();
        assertThat(service.revokeAll(ADMIN, secret, PLAIN).status()).isEqualTo(Status.OK);
        assertThat(log.lines())
                .containsExactly("INFO admin ops revokes all tokens of user \"" + secret.substring(0, 8)
                        + "…\" (length 75): OK");
    }

    private TokenRevocationService service(AccessPolicy policy) {
        return new TokenRevocationService(store, policy, CLOCK, TokenEvents.none());
    }

    private Revocation revocation(String id) {
        return store.tokens.get(new TokenId(id)).revocation();
    }

    private static List<String> issues(Result<?> result) {
        assertThat(result.status()).isEqualTo(Status.BAD_REQUEST);
        return result.error().orElseThrow().issues().stream()
                .map(Issue::message)
                .toList();
    }
}
