package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import io.tokenstore.Violation;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link TokenRevocationService#revokeAll}. */
class RevokeAllTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Owner ALICE = new Owner("alice");
    private static final Owner BOB = new Owner("bob");
    private static final Caller OWNER = Caller.user(ALICE);
    private static final Caller OTHER = Caller.user(BOB);
    private static final Caller ADMIN = Caller.admin("ops");
    private static final RevocationRequest PLAIN = RevocationRequest.plain();

    private final CapturedLog log = new CapturedLog(TokenRevocationService.class);
    private final RecordingStore store = new RecordingStore();
    private final TokenRevocationService service = service(AccessPolicy.ownerOrAdmin());

    @BeforeEach
    void keepThreeTokens() {
        store.given(Token.builder(new TokenId("t1"), ALICE, "laptop", NOW).build());
        store.given(Token.builder(new TokenId("t2"), ALICE, "phone", NOW)
                .expiresAt(NOW.minusSeconds(1))
                .build());
        store.given(Token.builder(new TokenId("t3"), BOB, "laptop", NOW).build());
    }

    @AfterEach
    void leaveTheLogAlone() {
        log.close();
    }

    @Test
    void the_owner_revokes_every_token_and_nobody_elses() {
        Result<Integer> result =
                service.revokeAll(OWNER, "alice", RevocationRequest.plain().withReason("lost bag"));
        assertThat(result.status()).isEqualTo(Status.OK);
        assertThat(result.value()).isEqualTo(2);
        Revocation how = revocation("t1");
        assertThat(how)
                .returns(NOW, Revocation::at)
                .returns(Actor.user("alice"), Revocation::by)
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
        assertThat(revocation("t2").by()).isEqualTo(Actor.admin("ops"));
    }

    @Test
    void repeated_with_its_id_it_finishes_and_answers_the_same_tokens() {
        RevocationRequest request = RevocationRequest.plain().withId(UUID.randomUUID());
        assertThat(service.revokeAll(OWNER, "alice", request).value()).isEqualTo(2);
        assertThat(service.revokeAll(OWNER, "alice", request).value()).isEqualTo(2);
        store.given(Token.builder(new TokenId("t4"), ALICE, "tablet", NOW).build());
        assertThat(service.revokeAll(OWNER, "alice", request).value()).isEqualTo(3);
        assertThat(revocation("t4").id()).isEqualTo(RevocationIds.of(Actor.user("alice"), request.id()));
    }

    @Test
    void another_caller_with_the_same_request_id_finds_nothing_left() {
        RevocationRequest request = RevocationRequest.plain().withId(UUID.randomUUID());
        assertThat(service.revokeAll(OWNER, "alice", request).value()).isEqualTo(2);
        assertThat(service.revokeAll(ADMIN, "alice", request).value()).isZero();
        assertThat(service.revokeAll(OWNER, "alice", request).value()).isEqualTo(2);
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
            assertThat(service.revokeAll(
                                    Caller.anonymous(),
                                    username,
                                    RevocationRequest.plain().withReason("\n"))
                            .status())
                    .isEqualTo(Status.UNAUTHORIZED);
        }
        assertThat(store.asked).isEmpty();
    }

    @Test
    void every_violated_rule_is_an_issue_before_anybody_is_asked() {
        TokenRevocationService strict = service(request -> {
            throw new AssertionError("asked");
        });
        assertThat(issues(
                        strict.revokeAll(OTHER, "1-", RevocationRequest.plain().withReason("\n".repeat(256)))))
                .containsExactly(
                        "username must begin with a letter",
                        "username must consist of letters, digits 0 to 9 and underscores",
                        "reason must have 1 to 255 characters",
                        "reason must not have control or format characters, line separators, noncharacters or unpaired surrogates");
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
        service(request -> asked.addAll(List.of(request.caller(), request.action(), request.owner())))
                .revokeAll(OTHER, "alice", PLAIN);
        assertThat(asked).containsExactly(OTHER, Action.REVOKE, ALICE);
    }

    @Test
    void a_policy_or_a_store_that_throws_is_an_internal_error_and_repeating_finishes() {
        RuntimeException bug = new IllegalStateException("directory is down");
        Result<Integer> result = service(request -> {
                    throw bug;
                })
                .revokeAll(OWNER, "alice", PLAIN);
        assertThat(result.status()).isEqualTo(Status.INTERNAL_SERVER_ERROR);
        assertThat(result.cause()).contains(bug);
        assertThat(store.asked).isEmpty();
        RevocationRequest request = RevocationRequest.plain().withId(UUID.randomUUID());
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
    void a_secret_that_was_pasted_for_the_username_stays_out_of_the_log_and_the_store() {
        String secret = PresentedToken.create(new TokenPrefix("pat"), NOW).text();
        assertThat(service.revokeAll(ADMIN, secret, PLAIN).value()).isZero();
        assertThat(store.asked).isEmpty();
        assertThat(log.lines())
                .containsExactly("INFO admin ops revokes all tokens of user \"" + secret.substring(0, 8)
                        + "…\" (length 75): OK");
    }

    private TokenRevocationService service(AccessPolicy policy) {
        return TokenServices.builder(store).policy(policy).clock(CLOCK).build().revocation();
    }

    private Revocation revocation(String id) {
        return store.tokens.get(new TokenId(id)).revocation();
    }

    private static List<String> issues(Result<?> result) {
        assertThat(result.status()).isEqualTo(Status.BAD_REQUEST);
        return result.error().orElseThrow().issues().stream()
                .map(Violation::message)
                .toList();
    }
}
