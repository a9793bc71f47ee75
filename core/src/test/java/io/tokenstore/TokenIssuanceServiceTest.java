package io.tokenstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class TokenIssuanceServiceTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456789Z");
    private static final Instant NOW_IN_MICROS = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Username ALICE = new Username("alice");
    private static final Caller OWNER = Caller.user(ALICE);
    private static final Caller OTHER = Caller.user(new Username("bob"));
    private static final Caller ADMIN = Caller.admin("ops");
    private static final TokenRequest LAPTOP = new TokenRequest("laptop", Duration.ofDays(30));

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
                .containsExactly(new Token(
                        issued.id(), ALICE, "laptop", TokenText.hash(issued.secret()), NOW_IN_MICROS, expiresAt, null));
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
    void a_token_without_a_time_to_live_does_not_expire() {
        IssuedToken issued =
                service.issue(OWNER, "alice", new TokenRequest("laptop", null)).value();
        assertThat(issued.expiresAt()).isNull();
        assertThat(store.tokens.get(issued.id()).expiresAt()).isNull();
    }

    @Test
    void a_token_expires_its_time_to_live_after_now_in_whole_microseconds() {
        Duration ttl = Duration.ofMinutes(5).plusNanos(1_500);
        IssuedToken issued =
                service.issue(OWNER, "alice", new TokenRequest("laptop", ttl)).value();
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
        TokenIssuanceService acme = new TokenIssuanceService(
                store,
                AccessPolicy.ownerOnly(),
                CLOCK,
                TokenEvents.none(),
                new TokenPrefix("acme_pat"),
                TokenLifetimes.defaults());
        assertThat(acme.issue(OWNER, "alice", LAPTOP).value().secret()).matches("acme_pat_[0-9A-Za-z]{71}");
    }

    @Test
    void the_anonymous_caller_is_unauthorized_whatever_is_asked() {
        for (String username : new String[] {"alice", "nobody", "1-", null}) {
            for (TokenRequest request : List.of(LAPTOP, new TokenRequest(null, Duration.ZERO))) {
                assertThat(service.issue(Caller.anonymous(), username, request).status())
                        .isEqualTo(Status.UNAUTHORIZED);
            }
        }
        assertThat(store.asked).isEmpty();
    }

    @Test
    void every_violated_rule_is_an_issue_before_anybody_is_asked() {
        TokenIssuanceService strict = service((caller, action, owner) -> {
            throw new AssertionError("asked");
        });
        assertThat(issues(strict.issue(
                        OTHER, "-".repeat(256), new TokenRequest("\n".repeat(256), Duration.ofMinutes(4)))))
                .containsExactly(
                        "username must have at most 255 characters",
                        "username must begin with a letter",
                        "username must consist of letters, digits 0 to 9 and underscores",
                        "name must have 1 to 255 characters",
                        "name must not have control characters, line separators or unpaired surrogates",
                        "ttl must be PT5M to PT8784H");
        assertThat(issues(strict.issue(OTHER, null, new TokenRequest(null, Duration.ofDays(367)))))
                .containsExactly("username is required", "name is required", "ttl must be PT5M to PT8784H");
        assertThat(issues(strict.issue(OWNER, "alice", new TokenRequest("", null))))
                .containsExactly("name must have 1 to 255 characters");
        assertThat(store.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"PT0S", "PT-5M", "PT4M59.999999999S", "PT8784H0.000000001S", "PT2562047788015215H", "PT-1000000H"
            })
    void a_time_to_live_out_of_bounds_is_an_issue(Duration ttl) {
        assertThat(issues(service.issue(OWNER, "alice", new TokenRequest("laptop", ttl))))
                .containsExactly("ttl must be PT5M to PT8784H");
        assertThat(store.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT5M", "PT8784H"})
    void the_bounds_themselves_are_in_bounds(Duration ttl) {
        assertThat(service.issue(OWNER, "alice", new TokenRequest("laptop", ttl))
                        .status())
                .isEqualTo(Status.OK);
    }

    @Test
    void where_no_token_is_endless_a_time_to_live_is_required() {
        TokenLifetimes lifetimes = new TokenLifetimes(Duration.ofSeconds(1), Duration.ofHours(1), false);
        TokenIssuanceService strict = new TokenIssuanceService(
                store,
                AccessPolicy.ownerOnly(),
                CLOCK,
                TokenEvents.none(),
                TokenPrefix.personalAccessToken(),
                lifetimes);
        assertThat(issues(strict.issue(OWNER, "alice", new TokenRequest("laptop", null))))
                .containsExactly("ttl is required");
        assertThat(issues(strict.issue(OWNER, "alice", new TokenRequest("laptop", Duration.ofHours(2)))))
                .containsExactly("ttl must be PT1S to PT1H");
        assertThat(strict.issue(OWNER, "alice", new TokenRequest("laptop", Duration.ofSeconds(1)))
                        .status())
                .isEqualTo(Status.OK);
    }

    @Test
    void lifetimes_are_more_than_zero_in_order_and_not_for_ever() {
        Duration day = Duration.ofDays(1);
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenLifetimes(Duration.ZERO, day, true));
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenLifetimes(day.negated(), day, true));
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenLifetimes(day, day.minusNanos(1), true));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new TokenLifetimes(day, Duration.ofDays(366_000).plusNanos(1), true));
        assertThatNullPointerException().isThrownBy(() -> new TokenLifetimes(null, day, true));
        assertThatNullPointerException().isThrownBy(() -> new TokenLifetimes(day, null, true));
        assertThat(new TokenLifetimes(day, day, true).endless()).isTrue();
        assertThat(new TokenLifetimes(day, Duration.ofDays(366_000), false).endless())
                .isFalse();
    }

    @Test
    void by_default_nobody_issues_for_another_not_even_an_administrator() {
        TokenIssuanceService byDefault = new TokenIssuanceService(store);
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
        TokenIssuanceService asking = service((caller, action, owner) -> {
            asked.addAll(List.of(caller, action, owner));
            return true;
        });
        assertThat(asking.issue(ADMIN, "alice", LAPTOP).value().owner()).isEqualTo(ALICE);
        assertThat(asked).containsExactly(ADMIN, Action.ISSUE, ALICE);
    }

    @Test
    void a_policy_that_throws_is_an_internal_error_and_permits_nothing() {
        RuntimeException bug = new IllegalStateException("directory is down");
        Result<IssuedToken> result = service((caller, action, owner) -> {
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
    void a_checked_exception_that_a_store_sneaks_out_is_an_internal_error_too_and_an_error_is_not_caught() {
        IOException failure = new IOException("down");
        store.failing.put("add", failure);
        assertThat(service.issue(OWNER, "alice", LAPTOP).cause().orElseThrow()).hasCause(failure);
        store.failing.put("add", new OutOfMemoryError("test"));
        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> service.issue(OWNER, "alice", LAPTOP));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1000000000-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "9999-12-31T23:59:00Z"})
    void a_clock_that_leads_out_of_range_is_an_internal_error(Instant now) {
        TokenIssuanceService broken = new TokenIssuanceService(
                store, AccessPolicy.ownerOnly(), Clock.fixed(now, ZoneOffset.UTC), TokenEvents.none());
        assertThat(broken.issue(OWNER, "alice", LAPTOP).status()).isEqualTo(Status.INTERNAL_SERVER_ERROR);
        assertThat(store.tokens).isEmpty();
    }

    @Test
    void null_is_refused_where_it_is_a_programming_error() {
        AccessPolicy policy = AccessPolicy.ownerOnly();
        TokenEvents events = TokenEvents.none();
        TokenPrefix prefix = TokenPrefix.personalAccessToken();
        TokenLifetimes lifetimes = TokenLifetimes.defaults();
        assertThatNullPointerException().isThrownBy(() -> service.issue(null, "alice", LAPTOP));
        assertThatNullPointerException().isThrownBy(() -> service.issue(OWNER, "alice", null));
        assertThatNullPointerException().isThrownBy(() -> new TokenIssuanceService(null));
        assertThatNullPointerException().isThrownBy(() -> new TokenIssuanceService(store, null, CLOCK, events));
        assertThatNullPointerException().isThrownBy(() -> new TokenIssuanceService(store, policy, null, events));
        assertThatNullPointerException().isThrownBy(() -> new TokenIssuanceService(store, policy, CLOCK, null));
        assertThatNullPointerException()
                .isThrownBy(() -> new TokenIssuanceService(store, policy, CLOCK, events, null, lifetimes));
        assertThatNullPointerException()
                .isThrownBy(() -> new TokenIssuanceService(store, policy, CLOCK, events, prefix, null));
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
    void an_issued_token_or_its_result_given_to_a_mapper_by_mistake_fails() {
        ObjectMapper jackson2 = new ObjectMapper();
        ObjectMapper lenient = new ObjectMapper().disable(SerializationFeature.FAIL_ON_EMPTY_BEANS);
        Result<IssuedToken> result = service.issue(OWNER, "alice", LAPTOP);
        for (Object mistake :
                List.of(result, result.value(), store.tokens.get(result.value().id()))) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> jackson2.writeValueAsString(mistake));
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> lenient.writeValueAsString(mistake));
            assertThatExceptionOfType(RuntimeException.class)
                    .isThrownBy(() -> JsonMapper.shared().writeValueAsString(mistake));
        }
    }

    @Test
    void a_mapper_that_writes_fields_finds_neither_secret_nor_hash() throws IOException {
        ObjectMapper ofFields = new ObjectMapper()
                .setVisibility(PropertyAccessor.ALL, JsonAutoDetect.Visibility.NONE)
                .setVisibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
                .registerModule(new SimpleModule().addSerializer(Instant.class, ToStringSerializer.instance))
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS);
        IssuedToken issued = service.issue(OWNER, "alice", LAPTOP).value();
        assertThat(ofFields.writeValueAsString(issued))
                .contains(issued.id().value())
                .doesNotContain("secret", "bytes", TokenText.secretDigits(issued.secret()));
    }

    @Test
    void the_body_of_an_answer_has_no_secret() throws IOException {
        assertThat(new ObjectMapper()
                        .writeValueAsString(
                                service.issue(OWNER, "alice", LAPTOP).body()))
                .isEqualTo("{}");
    }

    @Test
    void each_attempt_is_one_line_that_says_who_whose_which_and_the_answer() {
        IssuedToken issued = service.issue(OWNER, "alice", LAPTOP).value();
        service.issue(OTHER, "alice", LAPTOP);
        service.issue(Caller.anonymous(), "alice", LAPTOP);
        service.issue(OWNER, "a\r\nINFO forged", new TokenRequest("a\nb", null));
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
        return new TokenIssuanceService(store, policy, CLOCK, TokenEvents.none());
    }

    private static List<String> issues(Result<?> result) {
        assertThat(result.status()).isEqualTo(Status.BAD_REQUEST);
        return result.error().orElseThrow().issues().stream()
                .map(Issue::message)
                .toList();
    }
}
