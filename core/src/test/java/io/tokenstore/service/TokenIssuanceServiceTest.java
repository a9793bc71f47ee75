package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.tokenstore.Actor;
import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Scopes;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.Violation;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenIssuanceServiceTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456789Z");
    private static final Instant NOW_IN_MICROS = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Owner ALICE = new Owner("alice");
    private static final Caller OWNER = Caller.user(ALICE);
    private static final Caller OTHER = Caller.user(new Owner("bob"));
    private static final Caller ADMIN = Caller.admin("ops");
    private static final TokenRequest LAPTOP = TokenRequest.named("laptop").withTtl(Duration.ofDays(30));

    private final CapturedLog log = new CapturedLog(TokenIssuanceService.class);
    private final RecordingStore store = new RecordingStore();
    private final TokenIssuanceService service = service(AccessPolicy.ownerOrAdmin());

    @AfterEach
    void leaveTheLogAlone() {
        log.close();
    }

    @Test
    void the_owner_gets_a_token_and_the_store_keeps_its_hash_and_nothing_else() {
        Result<IssuedToken> result = service.issue(OWNER, "alice", LAPTOP);
        assertThat(result.status()).isEqualTo(Status.OK);
        IssuedToken issued = result.value();
        Instant expiresAt = NOW_IN_MICROS.plus(Duration.ofDays(30));
        assertThat(store.asked).containsExactly("add");
        assertThat(store.tokens.values())
                .containsExactly(Token.builder(issued.id(), ALICE, "laptop", NOW_IN_MICROS)
                        .hash(TokenText.hash(issued.secret()))
                        .scopes(Scopes.all())
                        .expiresAt(expiresAt)
                        .build());
        assertThat(issued)
                .returns(ALICE, IssuedToken::owner)
                .returns("laptop", IssuedToken::name)
                .returns(NOW_IN_MICROS, IssuedToken::createdAt)
                .returns(expiresAt, IssuedToken::expiresAt);
        assertThat(issued.secret())
                .matches("pat_[0-9A-Za-z]{71}")
                .startsWith("pat_" + issued.id().value());
    }

    @Test
    void a_token_without_a_time_to_live_is_refused_unless_the_host_allows_it() {
        TokenRequest endless = TokenRequest.named("laptop");
        assertThat(issues(service.issue(OWNER, "alice", endless))).containsExactly("ttl is required");
        assertThat(store.asked).isEmpty();
        TokenServicesBuilder builder = TokenServices.builder(store).clock(CLOCK);
        // The order of the two calls does not matter.
        for (TokenServices allowing : List.of(
                builder.allowNeverExpiring().build(),
                builder.lifetimes(Duration.ofHours(1), Duration.ofDays(1)).build())) {
            IssuedToken issued =
                    allowing.issuance().issue(OWNER, "alice", endless).value();
            assertThat(issued.expiresAt()).isNull();
            assertThat(store.tokens.get(issued.id()).expiresAt()).isNull();
        }
    }

    @Test
    void a_token_expires_its_time_to_live_after_now_in_whole_microseconds() {
        Duration ttl = Duration.ofMinutes(5).plusNanos(1_500);
        IssuedToken issued = service.issue(
                        OWNER, "alice", TokenRequest.named("laptop").withTtl(ttl))
                .value();
        assertThat(issued.expiresAt()).isEqualTo(Instant.parse("2026-06-15T12:05:00.123458Z"));
        assertThat(store.tokens.get(issued.id()).expiresAt()).isEqualTo(issued.expiresAt());
    }

    @Test
    void two_tokens_of_one_request_are_two_tokens() {
        IssuedToken first = service.issue(OWNER, "alice", LAPTOP).value();
        IssuedToken second = service.issue(OWNER, "alice", LAPTOP).value();
        assertThat(first.id()).isNotEqualTo(second.id());
        assertThat(TokenText.secretDigits(first.secret())).isNotEqualTo(TokenText.secretDigits(second.secret()));
        assertThat(store.tokens).hasSize(2);
    }

    @Test
    void the_host_chooses_the_prefix() {
        TokenIssuanceService acme = TokenServices.builder(store)
                .policy(AccessPolicy.ownerOnly())
                .clock(CLOCK)
                .prefix("acme_pat")
                .build()
                .issuance();
        assertThat(acme.issue(OWNER, "alice", LAPTOP).value().secret()).matches("acme_pat_[0-9A-Za-z]{71}");
    }

    @Test
    void the_anonymous_caller_is_unauthorized_whatever_is_asked() {
        for (String username : new String[] {"alice", "nobody", "1-", null}) {
            for (TokenRequest request : List.of(LAPTOP, TokenRequest.named(null).withTtl(Duration.ZERO))) {
                assertThat(service.issue(Caller.anonymous(), username, request).status())
                        .isEqualTo(Status.UNAUTHORIZED);
            }
        }
        assertThat(store.asked).isEmpty();
    }

    @Test
    void every_violated_rule_is_an_issue_before_anybody_is_asked() {
        TokenIssuanceService strict = service(request -> {
            throw new AssertionError("asked");
        });
        assertThat(issues(strict.issue(
                        OTHER,
                        "-".repeat(256),
                        TokenRequest.named("\n".repeat(256)).withTtl(Duration.ofMinutes(4)))))
                .containsExactly(
                        "username must have at most 255 characters",
                        "username must begin with a letter",
                        "username must consist of letters, digits 0 to 9 and underscores",
                        "name must have 1 to 255 characters",
                        "name must not have control or format characters, line separators, noncharacters or unpaired surrogates",
                        "ttl must be PT5M to PT8784H");
        assertThat(issues(strict.issue(OTHER, null, TokenRequest.named(null).withTtl(Duration.ofDays(367)))))
                .containsExactly("username is required", "name is required", "ttl must be PT5M to PT8784H");
        assertThat(issues(strict.issue(OWNER, "alice", TokenRequest.named(""))))
                .containsExactly("name must have 1 to 255 characters", "ttl is required");
        assertThat(store.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"PT0S", "PT-5M", "PT4M59.999999999S", "PT8784H0.000000001S", "PT2562047788015215H", "PT-1000000H"
            })
    void a_time_to_live_out_of_bounds_is_an_issue(Duration ttl) {
        assertThat(issues(service.issue(
                        OWNER, "alice", TokenRequest.named("laptop").withTtl(ttl))))
                .containsExactly("ttl must be PT5M to PT8784H");
        assertThat(store.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT5M", "PT8784H"})
    void the_bounds_themselves_are_in_bounds(Duration ttl) {
        assertThat(service.issue(OWNER, "alice", TokenRequest.named("laptop").withTtl(ttl))
                        .status())
                .isEqualTo(Status.OK);
    }

    @Test
    void the_host_chooses_the_bounds() {
        TokenIssuanceService strict = TokenServices.builder(store)
                .lifetimes(Duration.ofSeconds(1), Duration.ofHours(1))
                .clock(CLOCK)
                .build()
                .issuance();
        assertThat(issues(strict.issue(OWNER, "alice", TokenRequest.named("laptop"))))
                .containsExactly("ttl is required");
        assertThat(issues(strict.issue(
                        OWNER, "alice", TokenRequest.named("laptop").withTtl(Duration.ofHours(2)))))
                .containsExactly("ttl must be PT1S to PT1H");
        assertThat(strict.issue(OWNER, "alice", TokenRequest.named("laptop").withTtl(Duration.ofSeconds(1)))
                        .status())
                .isEqualTo(Status.OK);
    }

    @Test
    void lifetimes_are_more_than_zero_in_order_and_at_most_366000_days() {
        Duration day = Duration.ofDays(1);
        Duration longest = Duration.ofDays(366_000);
        TokenServicesBuilder builder = TokenServices.builder(store);
        assertThatIllegalArgumentException().isThrownBy(() -> builder.lifetimes(Duration.ZERO, day));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.lifetimes(day.negated(), day));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.lifetimes(day, day.minusNanos(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.lifetimes(day, longest.plusNanos(1)));
        assertThatNullPointerException().isThrownBy(() -> builder.lifetimes(null, day));
        assertThatNullPointerException().isThrownBy(() -> builder.lifetimes(day, null));
        assertThat(builder.lifetimes(day, day).lifetimes(day, longest)).isSameAs(builder);
    }

    @Test
    void by_default_nobody_issues_for_another_not_even_an_administrator() {
        TokenIssuanceService byDefault = TokenServices.builder(store).build().issuance();
        for (Caller caller : List.of(OTHER, ADMIN, Caller.admin("alice"))) {
            assertThat(byDefault.issue(caller, "alice", LAPTOP).status()).isEqualTo(Status.FORBIDDEN);
        }
        assertThat(store.asked).isEmpty();
        assertThat(byDefault.issue(OWNER, "alice", LAPTOP).value().createdAt())
                .isBetween(Instant.now().minusSeconds(60), Instant.now());
    }

    @Test
    void the_policy_is_asked_for_this_action_and_decides() {
        List<Object> asked = new ArrayList<>();
        TokenIssuanceService asking = service(request -> {
            asked.addAll(List.of(request.caller(), request.action(), request.owner()));
            return true;
        });
        assertThat(asking.issue(ADMIN, "alice", LAPTOP).value().owner()).isEqualTo(ALICE);
        assertThat(asked).containsExactly(ADMIN, Action.ISSUE, ALICE);
    }

    @Test
    void a_policy_that_throws_is_an_internal_error_and_permits_nothing() {
        RuntimeException bug = new IllegalStateException("directory is down");
        Result<IssuedToken> result = service(request -> {
                    throw bug;
                })
                .issue(OWNER, "alice", LAPTOP);
        assertThat(result.status()).isEqualTo(Status.INTERNAL_SERVER_ERROR);
        assertThat(result.cause()).contains(bug);
        assertThat(store.asked).isEmpty();
    }

    @Test
    void a_store_that_fails_or_has_the_id_already_is_an_internal_error_without_a_secret() {
        for (RuntimeException failure : List.of(
                new TokenStoreException("down", TokenStoreException.Applied.UNKNOWN, null),
                new DuplicateTokenException(),
                new IllegalStateException("down"))) {
            store.failing.put("add", failure);
            Result<IssuedToken> result = service.issue(OWNER, "alice", LAPTOP);
            assertThat(result.status()).isEqualTo(Status.INTERNAL_SERVER_ERROR);
            assertThat(result.cause()).contains(failure);
            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(result::value);
        }
        assertThat(store.tokens).isEmpty();
    }

    @Test
    void a_checked_exception_from_a_store_is_an_internal_error_and_an_error_is_thrown() {
        IOException failure = new IOException("down");
        store.failing.put("add", failure);
        assertThat(service.issue(OWNER, "alice", LAPTOP).cause().orElseThrow()).hasCause(failure);
        store.failing.put("add", new OutOfMemoryError("test"));
        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> service.issue(OWNER, "alice", LAPTOP));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1000000000-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "9999-12-31T23:59:00Z"})
    void a_clock_that_leads_out_of_range_is_an_internal_error(Instant now) {
        TokenIssuanceService broken = TokenServices.builder(store)
                .policy(AccessPolicy.ownerOnly())
                .clock(Clock.fixed(now, ZoneOffset.UTC))
                .build()
                .issuance();
        assertThat(broken.issue(OWNER, "alice", LAPTOP).status()).isEqualTo(Status.INTERNAL_SERVER_ERROR);
        assertThat(store.tokens).isEmpty();
    }

    @Test
    void null_is_refused_where_it_is_a_programming_error() {
        assertThatNullPointerException().isThrownBy(() -> service.issue(null, "alice", LAPTOP));
        assertThatNullPointerException().isThrownBy(() -> service.issue(OWNER, "alice", null));
    }

    @Test
    void a_host_without_scopes_issues_tokens_that_permit_everything() {
        for (TokenRequest request : List.of(LAPTOP, LAPTOP.withScopes(null), LAPTOP.withScopes(List.of("*")))) {
            assertThat(service.issue(OWNER, "alice", request).value().scopes()).isSameAs(Scopes.all());
        }
        assertThat(issues(service.issue(OWNER, "alice", LAPTOP.withScopes(List.of("repo:read")))))
                .containsExactly("scopes[0] is not a scope that this service knows");
    }

    @Test
    void a_host_with_scopes_issues_some_of_them_none_of_them_or_everything() {
        TokenIssuanceService scoped = scoped();
        for (List<String> scopes :
                List.of(List.of("repo:read", "repo:write"), List.of("repo:read"), List.<String>of(), List.of("*"))) {
            IssuedToken issued =
                    scoped.issue(OWNER, "alice", LAPTOP.withScopes(scopes)).value();
            assertThat(issued.scopes().toList()).isEqualTo(scopes);
            assertThat(store.tokens.get(issued.id()).scopes()).isEqualTo(issued.scopes());
        }
        IssuedToken sorted = scoped.issue(
                        OWNER, "alice", LAPTOP.withScopes(List.of("repo:write", "repo:read", "repo:write")))
                .value();
        assertThat(sorted.scopes()).hasToString("repo:read repo:write");
    }

    @Test
    void each_scope_that_the_host_does_not_know_is_an_issue_and_never_repeated() {
        TokenIssuanceService scoped = scoped();
        assertThat(issues(scoped.issue(
                        OWNER, "alice", LAPTOP.withScopes(List.of("repo:delete", "repo:read", "REPO:READ")))))
                .containsExactly(
                        "scopes[0] is not a scope that this service knows",
                        "scopes[2] is not a scope that this service knows");
        assertThat(issues(scoped.issue(OWNER, "alice", LAPTOP))).containsExactly("scopes are required");
        for (String malformed : List.of("-", "", "a b")) {
            assertThat(issues(scoped.issue(OWNER, "alice", LAPTOP.withScopes(List.of(malformed)))))
                    .containsExactly("scopes[0] is not a scope that this service knows");
        }
        assertThat(issues(scoped.issue(OWNER, "alice", LAPTOP.withScopes(List.of("*", "repo:read", "*")))))
                .containsExactly("scopes[0] must stand alone", "scopes[2] must stand alone");
        assertThat(issues(scoped.issue(OWNER, "alice", LAPTOP.withScopes(Collections.nCopies(100_000, "x")))))
                .hasSize(64);
        assertThat(store.asked).isEmpty();
    }

    @Test
    void a_host_may_know_more_scopes_than_a_token_can_have() {
        List<String> known = IntStream.range(0, 200).mapToObj(i -> "scope:" + i).toList();
        TokenIssuanceService many = TokenServices.builder(store)
                .scopes(known.toArray(String[]::new))
                .build()
                .issuance();
        assertThat(many.issue(OWNER, "alice", LAPTOP.withScopes(known.subList(136, 200)))
                        .value()
                        .scopes()
                        .toList())
                .hasSize(64)
                .contains("scope:199");
        assertThat(issues(many.issue(OWNER, "alice", LAPTOP.withScopes(known.subList(135, 200)))))
                .singleElement()
                .asString()
                .startsWith("scopes must be at most 64");
    }

    @Test
    void the_scopes_that_a_host_knows_follow_the_rule_of_scopes() {
        TokenServicesBuilder builder = TokenServices.builder(store);
        for (String malformed : List.of("*", "-", "", "a b", "\"", "\u00E9", "x".repeat(1_001))) {
            assertThatIllegalArgumentException().isThrownBy(() -> builder.scopes("repo:read", malformed));
        }
        assertThatNullPointerException().isThrownBy(() -> builder.scopes((String) null));
    }

    @Test
    void an_owner_with_as_many_active_tokens_as_the_limit_gets_no_other() {
        TokenIssuanceService limited = limited(2);
        store.given(kept("expired").expiresAt(NOW).build());
        store.given(kept("revoked")
                .revocation(new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null))
                .build());
        store.given(kept("pending").predecessor(new TokenId("revoked")).build());
        store.given(Token.builder(new TokenId("bobs"), new Owner("bob"), "laptop", NOW)
                .build());
        IssuedToken first = limited.issue(OWNER, "alice", LAPTOP).value();
        assertThat(limited.issue(OWNER, "alice", LAPTOP).status()).isEqualTo(Status.OK);
        store.asked.clear();
        assertThat(issues(limited.issue(OWNER, "alice", LAPTOP)))
                .containsExactly("an owner must have at most 2 active tokens");
        assertThat(store.asked).containsExactly("list");
        store.revoke(ALICE, first.id(), new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null));
        assertThat(limited.issue(OWNER, "alice", LAPTOP).status()).isEqualTo(Status.OK);
        assertThat(issues(limited(1).issue(OWNER, "alice", LAPTOP)))
                .containsExactly("an owner must have at most 1 active tokens");
    }

    @Test
    void the_limit_counts_beyond_the_first_page() {
        for (int i = 0; i < TokenStore.MAX_PAGE + 1; i++) {
            store.given(kept("t" + i).build());
        }
        assertThat(issues(limited(TokenStore.MAX_PAGE).issue(OWNER, "alice", LAPTOP)))
                .hasSize(1);
        assertThat(store.asked).as("The first page is enough").containsExactly("list");
        assertThat(issues(limited(TokenStore.MAX_PAGE + 1).issue(OWNER, "alice", LAPTOP)))
                .hasSize(1);
        assertThat(limited(TokenStore.MAX_PAGE + 2)
                        .issue(OWNER, "alice", LAPTOP)
                        .status())
                .isEqualTo(Status.OK);
    }

    @Test
    void the_limit_is_1_or_more_and_by_default_nobody_counts() {
        for (int tooSmall : new int[] {0, -1, Integer.MIN_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TokenServices.builder(store).limit(tooSmall));
        }
        service.issue(OWNER, "alice", LAPTOP);
        assertThat(store.asked).containsExactly("add");
    }

    @Test
    void a_store_that_can_not_be_counted_issues_nothing() {
        RuntimeException down = new TokenStoreException("down", TokenStoreException.Applied.NO, null);
        store.failing.put("list", down);
        assertThat(limited(5).issue(OWNER, "alice", LAPTOP).cause()).contains(down);
        assertThat(store.tokens).isEmpty();
    }

    private TokenIssuanceService limited(int limit) {
        return TokenServices.builder(store).clock(CLOCK).limit(limit).build().issuance();
    }

    private TokenIssuanceService scoped() {
        return TokenServices.builder(store)
                .clock(CLOCK)
                .scopes("repo:read", "repo:write")
                .build()
                .issuance();
    }

    private static Token.Builder kept(String id) {
        return Token.builder(new TokenId(id), ALICE, "laptop", NOW).scopes(Scopes.all());
    }

    @Test
    void no_string_shows_the_secret() {
        Result<IssuedToken> result = service.issue(OWNER, "alice", LAPTOP);
        assertThat(result).hasToString("Result[OK]");
        assertThat(result.value()).hasToString("IssuedToken[" + result.value().id() + ", masked]");
        assertThat(store.tokens.toString())
                .doesNotContain(TokenText.secretDigits(result.value().secret()));
    }

    @Test
    void each_attempt_is_one_line_that_says_who_whose_which_and_the_answer() {
        IssuedToken issued = service.issue(OWNER, "alice", LAPTOP).value();
        service.issue(OTHER, "alice", LAPTOP);
        service.issue(Caller.anonymous(), "alice", LAPTOP);
        service.issue(OWNER, "a\r\nINFO forged", TokenRequest.named("a\nb"));
        assertThat(log.lines())
                .containsExactly(
                        "INFO user alice issues token " + issued.id() + " to user alice: OK",
                        "INFO user bob issues a token to user \"alice\" (length 5): FORBIDDEN",
                        "INFO anonymous issues a token to user \"alice\" (length 5): UNAUTHORIZED",
                        "INFO user alice issues a token to user \"a\\u000D\\u000AINFO …\" (length 14): BAD_REQUEST");
        assertThat(String.join("\n", log.lines())).doesNotContain(TokenText.secretDigits(issued.secret()));
    }

    @Test
    void a_failure_is_logged_once_with_its_stack_trace() {
        store.failing.put("add", new IllegalStateException("down"));
        service.issue(OWNER, "alice", LAPTOP);
        assertThat(log.lines())
                .containsExactly("ERROR user alice issues a token to user \"alice\" (length 5): INTERNAL_SERVER_ERROR");
        assertThat(log.events().get(0).getThrowableProxy().getMessage()).isEqualTo("down");
    }

    @Test
    void the_answer_does_not_depend_on_the_default_locale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThat(service.issue(OWNER, "alice", LAPTOP).value().secret()).matches("pat_[0-9A-Za-z]{71}");
        } finally {
            Locale.setDefault(before);
        }
    }

    private TokenIssuanceService service(AccessPolicy policy) {
        return TokenServices.builder(store).policy(policy).clock(CLOCK).build().issuance();
    }

    private static List<String> issues(Result<?> result) {
        assertThat(result.status()).isEqualTo(Status.BAD_REQUEST);
        return result.error().orElseThrow().issues().stream()
                .map(Violation::message)
                .toList();
    }
}
