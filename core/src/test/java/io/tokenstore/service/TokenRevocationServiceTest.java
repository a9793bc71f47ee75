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
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenRevocationServiceTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Owner ALICE = new Owner("alice");
    private static final Caller OWNER = Caller.user(ALICE);
    private static final Caller OTHER = Caller.user(new Owner("bob"));
    private static final Caller ADMIN = Caller.admin("ops");

    private final CapturedLog log = new CapturedLog(TokenRevocationService.class);
    private final RecordingStore store = new RecordingStore();
    private final TokenRevocationService service =
            TokenServices.builder(store).clock(CLOCK).build().revocation();

    @BeforeEach
    void keepTwoTokens() {
        store.given(Token.builder(new TokenId("t1"), ALICE, "laptop", NOW).build());
        store.given(Token.builder(new TokenId("t2"), ALICE, "phone", NOW)
                .expiresAt(NOW.minusSeconds(1))
                .build());
    }

    @AfterEach
    void leaveTheLogAlone() {
        log.close();
    }

    @Test
    void the_owner_revokes_a_token() {
        Result<Revocation> result = service.revoke(OWNER, "alice", "t1");
        assertThat(result.status()).isEqualTo(Status.OK);
        assertThat(result.value()).returns(NOW, Revocation::at).returns(Actor.user("alice"), Revocation::by);
        assertThat(store.find(new TokenId("t1")).map(Token::revocation)).contains(result.value());
    }

    @Test
    void an_administrator_revokes_anybodys_token_and_says_why() {
        Result<Revocation> result =
                service.revoke(ADMIN, "alice", "t1", RevocationRequest.plain().withReason("leaked"));
        assertThat(result.value()).returns(Actor.admin("ops"), Revocation::by).returns("leaked", Revocation::reason);
    }

    @Test
    void an_expired_token_can_be_revoked() {
        assertThat(service.revoke(OWNER, "alice", "t2").status()).isEqualTo(Status.OK);
    }

    @Test
    void the_anonymous_caller_is_unauthorized_whatever_is_asked() {
        for (String username : new String[] {"alice", "nobody", "1-", null}) {
            for (String tokenId : new String[] {"t1", "unknown", "", null}) {
                Result<Revocation> result = service.revoke(
                        Caller.anonymous(),
                        username,
                        tokenId,
                        RevocationRequest.plain().withReason("\n"));
                assertThat(result.status()).isEqualTo(Status.UNAUTHORIZED);
            }
        }
        assertThat(store.asked).isEmpty();
    }

    @Test
    void every_violated_rule_is_an_issue_before_anybody_is_asked() {
        AccessPolicy never = request -> {
            throw new AssertionError("asked");
        };
        TokenRevocationService strict =
                TokenServices.builder(store).policy(never).clock(CLOCK).build().revocation();
        Result<Revocation> result = strict.revoke(
                OTHER, "-".repeat(256), null, RevocationRequest.plain().withReason("\n".repeat(256)));
        assertThat(result.status()).isEqualTo(Status.BAD_REQUEST);
        assertThat(result.error().orElseThrow().issues())
                .extracting(Violation::message)
                .containsExactly(
                        "username must have at most 255 characters",
                        "username must begin with a letter",
                        "username must consist of letters, digits 0 to 9 and underscores",
                        "token_id is required",
                        "reason must have 1 to 255 characters",
                        "reason must not have control or format characters, line separators, noncharacters or unpaired surrogates");
        assertThat(strict.revoke(OTHER, null, null).error().orElseThrow().issues())
                .extracting(Violation::message)
                .containsExactly("username is required", "token_id is required");
        assertThat(store.asked).isEmpty();
    }

    @Test
    void whoever_may_not_act_is_forbidden_before_any_look_up() {
        for (String username : List.of("alice", "nobody")) {
            for (String tokenId : List.of("t1", "unknown", "", "\u0000")) {
                assertThat(service.revoke(OTHER, username, tokenId).status()).isEqualTo(Status.FORBIDDEN);
            }
        }
        assertThat(store.asked).isEmpty();
    }

    @Test
    void what_is_not_there_to_revoke_is_not_found() {
        assertThat(service.revoke(ADMIN, "nobody", "t1").status()).isEqualTo(Status.NOT_FOUND);
        assertThat(service.revoke(ADMIN, "alice", "unknown").status()).isEqualTo(Status.NOT_FOUND);
        assertThat(service.revoke(OTHER, "bob", "t1").status()).isEqualTo(Status.NOT_FOUND);
        assertThat(service.revoke(OWNER, "alice", "t1").status()).isEqualTo(Status.OK);
        assertThat(service.revoke(OWNER, "alice", "t1").status()).isEqualTo(Status.NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "t1 ", "t1\n", "t1\u0000", "t\u00E9", "\uD800", "\uD83D\uDD11"})
    void an_id_that_no_store_can_hold_is_not_found_without_asking_one(String tokenId) {
        assertThat(service.revoke(OWNER, "alice", tokenId).status()).isEqualTo(Status.NOT_FOUND);
        assertThat(store.asked).isEmpty();
    }

    @Test
    void an_id_of_a_megabyte_is_not_found_without_asking_a_store() {
        assertThat(service.revoke(OWNER, "alice", "x".repeat(1 << 20)).status()).isEqualTo(Status.NOT_FOUND);
        assertThat(service.revoke(OWNER, "alice", "x".repeat(256)).status()).isEqualTo(Status.NOT_FOUND);
        assertThat(store.asked).isEmpty();
    }

    @Test
    void a_secret_in_place_of_the_id_is_not_found_and_shown_to_no_store() {
        String secret = PresentedToken.create(new TokenPrefix("pat"), NOW).text();
        assertThat(service.revoke(OWNER, "alice", secret).status()).isEqualTo(Status.NOT_FOUND);
        assertThat(store.asked).isEmpty();
    }

    @Test
    void a_plain_revocation_is_one_call_of_the_store() {
        service.revoke(OWNER, "alice", "t1");
        assertThat(store.asked).containsExactly("revoke");
    }

    @Test
    void the_same_caller_who_repeats_a_request_gets_the_same_answer() {
        RevocationRequest request =
                RevocationRequest.plain().withId(UUID.randomUUID()).withReason("lost laptop");
        Result<Revocation> first = service.revoke(OWNER, "alice", "t1", request);
        TokenRevocationService later = TokenServices.builder(store)
                .clock(Clock.fixed(NOW.plusSeconds(60), ZoneOffset.UTC))
                .build()
                .revocation();
        Result<Revocation> again = later.revoke(
                OWNER,
                "alice",
                "t1",
                RevocationRequest.plain().withId(request.id()).withReason("second thoughts"));
        assertThat(again.status()).isEqualTo(Status.OK);
        assertThat(again.value().id()).isEqualTo(first.value().id());
        assertThat(store.asked).containsExactly("revoke", "revoke");
        assertThat(store.tokens.get(new TokenId("t1")).revocation()).isEqualTo(first.value());
    }

    @Test
    void another_caller_with_the_same_request_id_finds_nothing_to_revoke() {
        RevocationRequest request = RevocationRequest.plain().withId(UUID.randomUUID());
        assertThat(service.revoke(OWNER, "alice", "t1", request).status()).isEqualTo(Status.OK);
        for (Caller other : List.of(ADMIN, Caller.admin("alice"), Caller.admin(ALICE))) {
            assertThat(service.revoke(other, "alice", "t1", request).status()).isEqualTo(Status.NOT_FOUND);
        }
        assertThat(service.revoke(ADMIN, "alice", "t2", request).status()).isEqualTo(Status.OK);
        assertThat(service.revoke(OWNER, "alice", "t2", request).status()).isEqualTo(Status.NOT_FOUND);
        assertThat(store.asked).containsOnly("revoke").hasSize(6);
    }

    @Test
    void the_stored_id_is_a_digest_so_that_nobody_learns_a_request_id_from_it() {
        RevocationRequest request = RevocationRequest.plain().withId(UUID.randomUUID());
        Revocation revocation = service.revoke(OWNER, "alice", "t1", request).value();
        assertThat(revocation.id())
                .isNotEqualTo(request.id())
                .isEqualTo(RevocationIds.of(revocation.by(), request.id()));
        assertThat(service.revoke(
                                ADMIN, "alice", "t2", RevocationRequest.plain().withId(revocation.id()))
                        .value()
                        .id())
                .isNotEqualTo(revocation.id());
    }

    @Test
    void one_caller_may_use_one_request_id_for_several_tokens() {
        RevocationRequest request = RevocationRequest.plain().withId(UUID.randomUUID());
        assertThat(service.revoke(OWNER, "alice", "t1", request).status()).isEqualTo(Status.OK);
        assertThat(service.revoke(OWNER, "alice", "t2", request).status()).isEqualTo(Status.OK);
    }

    @Test
    void a_policy_that_throws_is_an_internal_error_and_permits_nothing() {
        RuntimeException bug = new IllegalStateException("directory is down");
        AccessPolicy failing = request -> {
            throw bug;
        };
        Result<Revocation> result = TokenServices.builder(store)
                .policy(failing)
                .clock(CLOCK)
                .build()
                .revocation()
                .revoke(OWNER, "alice", "t1");
        assertThat(result.status()).isEqualTo(Status.INTERNAL_SERVER_ERROR);
        assertThat(result.cause()).contains(bug);
        assertThat(store.asked).isEmpty();
    }

    @Test
    void a_store_that_fails_is_an_internal_error_with_its_cause_for_the_host() {
        RuntimeException failure = new TokenStoreException("down", TokenStoreException.Applied.UNKNOWN, null);
        store.failing.put("revoke", failure);
        Result<Revocation> result = service.revoke(OWNER, "alice", "t1");
        assertThat(result.status()).isEqualTo(Status.INTERNAL_SERVER_ERROR);
        assertThat(result.cause()).contains(failure);
    }

    @Test
    void a_store_that_fails_after_the_write_is_an_internal_error_and_repeating_makes_sure() {
        RecordingStore losing = new RecordingStore() {
            @Override
            public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
                super.revoke(owner, id, revocation);
                if (asked.size() == 1) {
                    throw new TokenStoreException("answer lost", TokenStoreException.Applied.UNKNOWN, null);
                }
                return super.revoke(owner, id, revocation);
            }
        };
        losing.given(store.tokens.get(new TokenId("t1")));
        TokenRevocationService unlucky = TokenServices.builder(losing).build().revocation();
        RevocationRequest request = RevocationRequest.plain().withId(UUID.randomUUID());
        assertThat(unlucky.revoke(OWNER, "alice", "t1", request).status()).isEqualTo(Status.INTERNAL_SERVER_ERROR);
        assertThat(unlucky.revoke(OWNER, "alice", "t1", request).status()).isEqualTo(Status.OK);
    }

    @Test
    void a_checked_exception_that_a_store_sneaks_out_is_an_internal_error_too() {
        IOException failure = new IOException("down");
        store.failing.put("revoke", failure);
        Result<Revocation> result = service.revoke(OWNER, "alice", "t1");
        assertThat(result.status()).isEqualTo(Status.INTERNAL_SERVER_ERROR);
        assertThat(result.cause().orElseThrow()).hasCause(failure);
    }

    @Test
    void a_clock_that_is_out_of_range_is_an_internal_error() {
        Clock broken = Clock.fixed(Instant.MAX, ZoneOffset.UTC);
        assertThat(TokenServices.builder(store)
                        .policy(AccessPolicy.ownerOnly())
                        .clock(broken)
                        .build()
                        .revocation()
                        .revoke(OWNER, "alice", "t1")
                        .status())
                .isEqualTo(Status.INTERNAL_SERVER_ERROR);
    }

    @Test
    void an_error_of_the_virtual_machine_is_not_caught() {
        store.failing.put("revoke", new OutOfMemoryError("test"));
        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> service.revoke(OWNER, "alice", "t1"));
    }

    @Test
    void null_is_refused_where_it_is_a_programming_error() {
        assertThatNullPointerException().isThrownBy(() -> service.revoke(null, "alice", "t1"));
        assertThatNullPointerException().isThrownBy(() -> service.revoke(OWNER, "alice", "t1", null));
    }

    @Test
    void by_default_owners_and_administrators_revoke_at_the_systems_time() {
        TokenRevocationService byDefault = TokenServices.builder(store).build().revocation();
        assertThat(byDefault.revoke(OTHER, "alice", "t1").status()).isEqualTo(Status.FORBIDDEN);
        assertThat(byDefault.revoke(ADMIN, "alice", "t1").value().at())
                .isBetween(Instant.now().minusSeconds(60), Instant.now());
    }

    @Test
    void each_attempt_is_one_line_that_says_who_whose_which_and_the_answer() {
        service.revoke(OWNER, "alice", "t1");
        service.revoke(ADMIN, "alice", "unknown-token-id");
        service.revoke(OTHER, "alice", "t1");
        service.revoke(Caller.anonymous(), "alice", "t1");
        service.revoke(OWNER, "1", null);
        assertThat(log.lines())
                .containsExactly(
                        "INFO user alice revokes token t1 of user alice: OK",
                        "INFO admin ops revokes token \"unknown-…\" (length 16) of user \"alice\" (length 5): NOT_FOUND",
                        "INFO user bob revokes token \"t1\" (length 2) of user \"alice\" (length 5): FORBIDDEN",
                        "INFO anonymous revokes token \"t1\" (length 2) of user \"alice\" (length 5): UNAUTHORIZED",
                        "INFO user alice revokes token null of user \"1\" (length 1): BAD_REQUEST");
    }

    @Test
    void a_strangers_string_neither_forges_a_line_nor_leaves_a_secret_in_the_log() {
        String secret = "pat_0123456789abcdefghijklmnopqrstuvwxyz";
        service.revoke(OWNER, "alice", secret);
        service.revoke(OWNER, secret, "alice");
        service.revoke(OWNER, "a\r\nINFO forged", "t1\nINFO forged\u001B\u2028\"\\");
        assertThat(log.lines()).hasSize(3).noneMatch(line -> line.contains(secret.substring(0, 9)));
        assertThat(log.lines().get(2))
                .isEqualTo("INFO user alice revokes token \"t1\\u000AINFO …\" (length 18) of user"
                        + " \"a\\u000D\\u000AINFO …\" (length 14): BAD_REQUEST");
    }

    @Test
    void log_shows_the_first_eight_characters_of_untrusted_input() {
        service.revoke(OWNER, "alice", "12345678");
        service.revoke(OWNER, "alice", "123456789");
        service.revoke(OWNER, "alice", " ~\u007F\u001F");
        assertThat(log.lines())
                .extracting(line -> line.replaceAll(".* token | of user .*", ""))
                .containsExactly(
                        "\"12345678\" (length 8)", "\"12345678…\" (length 9)", "\" ~\\u007F\\u001F\" (length 4)");
    }

    @Test
    void a_failure_is_logged_once_with_its_stack_trace() {
        store.failing.put("revoke", new IllegalStateException("down"));
        service.revoke(OWNER, "alice", "t1");
        assertThat(log.lines())
                .containsExactly(
                        "ERROR user alice revokes token \"t1\" (length 2) of user \"alice\" (length 5): INTERNAL_SERVER_ERROR");
        assertThat(log.events().get(0).getThrowableProxy().getStackTraceElementProxyArray())
                .isNotEmpty();
    }

    @Test
    void a_silent_log_changes_no_answer() {
        log.silence();
        assertThat(service.revoke(OWNER, "alice", "t1").status()).isEqualTo(Status.OK);
        assertThat(log.lines()).isEmpty();
    }
}
