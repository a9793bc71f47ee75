package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Scopes;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenState;
import io.tokenstore.TokenStoreException;
import io.tokenstore.Violation;
import io.tokenstore.fixtures.EmptyPagesStore;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class TokenQueryServiceTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Owner ALICE = new Owner("alice");
    private static final Owner BOB = new Owner("bob");
    private static final Caller OWNER = Caller.user(ALICE);
    private static final Caller OTHER = Caller.user(BOB);
    private static final Caller ADMIN = Caller.admin("ops");
    private static final List<String> SCOPES = List.of("repo:read", "tokens");
    private static final PageRequest FIRST = PageRequest.first(10);

    private final CapturedLog log = new CapturedLog(TokenQueryService.class);
    private final RecordingStore store = new RecordingStore();
    private final TokenQueryService service = service(AccessPolicy.ownerOrAdmin());

    @AfterEach
    void leaveTheLogAlone() {
        log.close();
    }

    @Test
    void the_owner_sees_each_token_with_its_state_and_never_a_hash() {
        Revocation revocation = new Revocation(UUID.randomUUID(), NOW.minusSeconds(5), Actor.user("ops"), "leaked");
        store.given(token(ALICE, "a", null));
        store.given(token(ALICE, "b", NOW.plusNanos(1_000)));
        store.given(token(ALICE, "c", NOW));
        store.given(token(ALICE, "d", NOW.minusSeconds(60)).withRevocation(revocation));
        store.given(token(BOB, "e", null));
        TokenListing page = service.list(OWNER, "alice", FIRST).value();
        assertThat(page.next()).isNull();
        assertThat(page.tokens())
                .containsExactly(
                        summary("a", TokenState.ACTIVE, null, null),
                        summary("b", TokenState.ACTIVE, NOW.plusNanos(1_000), null),
                        summary("c", TokenState.EXPIRED, NOW, null),
                        summary("d", TokenState.REVOKED, NOW.minusSeconds(60), revocation));
        assertThat(store.asked).containsExactly("list");
        assertThat(page.toString()).doesNotContainIgnoringCase("hash");
    }

    @Test
    void a_page_is_json_without_more_ado() {
        store.given(token(ALICE, "a", null)
                .withRevocation(new Revocation(UUID.randomUUID(), NOW.plusSeconds(1), Actor.user("ops"), null)));
        TokenListing page = service.list(OWNER, "alice", PageRequest.first(1)).value();
        JsonMapper json = JsonMapper.shared();
        assertThat(json.readTree(json.writeValueAsString(page)))
                .isEqualTo(json.readTree(
                        "{\"tokens\":[{\"id\":\"a\",\"owner\":\"alice\",\"name\":\"laptop\",\"scopes\":[\"repo:read\",\"tokens\"],\"state\":\"REVOKED\","
                                + "\"createdAt\":\"2026-06-15T12:00:00.123456Z\",\"expiresAt\":null,\"lastUsedAt\":null,\"renewableUntil\":null,\"predecessor\":null,"
                                + "\"revokedAt\":\"2026-06-15T12:00:01.123456Z\",\"revokedBy\":\"ops\",\"reason\":null}],"
                                + "\"next\":\"a\"}"));
    }

    @Test
    void a_walk_from_page_to_page_shows_every_token_once_in_the_order_of_ids() {
        List<String> ids = IntStream.range(0, 25)
                .mapToObj(i -> String.format(Locale.ROOT, "t%02d", i))
                .peek(id -> store.given(token(ALICE, id, null)))
                .toList();
        for (int limit : new int[] {1, 5, 7, 24, 25, 26, 1_000}) {
            List<String> walked = new ArrayList<>();
            String after = null;
            do {
                TokenListing page = service.list(ADMIN, "alice", new PageRequest(after, limit))
                        .value();
                assertThat(page.tokens()).hasSizeLessThanOrEqualTo(limit);
                page.tokens().forEach(token -> walked.add(token.id()));
                after = page.next();
            } while (after != null);
            assertThat(walked).isEqualTo(ids);
        }
    }

    @Test
    void a_page_that_is_short_or_empty_says_where_to_go_on() {
        EmptyPagesStore shortPages = new EmptyPagesStore();
        List.of("a", "b", "c").forEach(id -> shortPages.add(token(ALICE, id, null)));
        shortPages.add(token(BOB, "bb", null));
        TokenQueryService query = TokenServices.builder(shortPages).build().query();
        List<String> walked = new ArrayList<>();
        int empty = 0;
        String after = null;
        do {
            TokenListing page =
                    query.list(OWNER, "alice", new PageRequest(after, 10)).value();
            page.tokens().forEach(token -> walked.add(token.id()));
            empty += page.tokens().isEmpty() ? 1 : 0;
            after = page.next();
        } while (after != null);
        assertThat(walked).containsExactly("a", "b", "c");
        assertThat(empty).isPositive();
    }

    @Test
    void after_an_id_that_is_not_kept_the_list_goes_on() {
        store.given(token(ALICE, "a", null));
        store.given(token(ALICE, "c", null));
        assertThat(service.list(OWNER, "alice", new PageRequest("b", 10))
                        .value()
                        .tokens())
                .extracting(TokenSummary::id)
                .containsExactly("c");
    }

    @Test
    void a_user_without_tokens_has_an_empty_page_known_or_not() {
        for (String username : List.of("alice", "nobody")) {
            assertThat(service.list(ADMIN, username, FIRST).value()).isEqualTo(new TokenListing(List.of(), null));
        }
    }

    @Test
    void the_anonymous_caller_is_unauthorized_whatever_is_asked() {
        for (String username : new String[] {"alice", "1-", null}) {
            for (PageRequest page : List.of(FIRST, new PageRequest("", 0))) {
                assertThat(service.list(Caller.anonymous(), username, page).status())
                        .isEqualTo(Status.UNAUTHORIZED);
            }
        }
        assertThat(store.asked).isEmpty();
    }

    @Test
    void every_violated_rule_is_an_issue_before_anybody_is_asked() {
        TokenQueryService strict = service(request -> {
            throw new AssertionError("asked");
        });
        assertThat(issues(strict.list(OTHER, "1-", new PageRequest("a b", 1_001))))
                .containsExactly(
                        "username must begin with a letter",
                        "username must consist of letters, digits 0 to 9 and underscores",
                        "after must be a token id",
                        "limit must be 1 to 1000");
        assertThat(issues(strict.list(OTHER, null, new PageRequest("", 0))))
                .containsExactly("username is required", "after must be a token id", "limit must be 1 to 1000");
        assertThat(issues(strict.list(OTHER, "alice", PageRequest.first(-1))))
                .containsExactly("limit must be 1 to 1000");
        assertThat(store.asked).isEmpty();
    }

    @Test
    void whoever_may_not_look_is_forbidden_before_any_look_up() {
        assertThat(service.list(OTHER, "alice", FIRST).status()).isEqualTo(Status.FORBIDDEN);
        assertThat(service.list(OTHER, "nobody", FIRST).status()).isEqualTo(Status.FORBIDDEN);
        assertThat(store.asked).isEmpty();
    }

    @Test
    void the_policy_is_asked_for_this_action() {
        List<Object> asked = new ArrayList<>();
        service(request -> asked.addAll(List.of(request.caller(), request.action(), request.owner())))
                .list(OTHER, "alice", FIRST);
        assertThat(asked).containsExactly(OTHER, Action.LIST, ALICE);
    }

    @Test
    void a_policy_or_a_store_that_throws_is_an_internal_error() {
        RuntimeException bug = new IllegalStateException("directory is down");
        Result<TokenListing> result = service(request -> {
                    throw bug;
                })
                .list(OWNER, "alice", FIRST);
        assertThat(result.status()).isEqualTo(Status.INTERNAL_SERVER_ERROR);
        assertThat(result.cause()).contains(bug);
        assertThat(store.asked).isEmpty();
        RuntimeException down = new TokenStoreException("down", TokenStoreException.Applied.NO, null);
        store.failing.put("list", down);
        assertThat(service.list(OWNER, "alice", FIRST).cause()).contains(down);
        store.failing.put("list", new OutOfMemoryError("test"));
        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> service.list(OWNER, "alice", FIRST));
    }

    @Test
    void null_is_refused_where_it_is_a_programming_error() {
        assertThatNullPointerException().isThrownBy(() -> service.list(null, "alice", FIRST));
        assertThatNullPointerException().isThrownBy(() -> service.list(OWNER, "alice", null));
        assertThatNullPointerException().isThrownBy(() -> new TokenListing(null, null));
        assertThatNullPointerException().isThrownBy(() -> new TokenListing(Arrays.asList((TokenSummary) null), null));
    }

    @Test
    void by_default_owners_and_administrators_look_at_the_systems_time() {
        store.given(token(ALICE, "a", Instant.now().plusSeconds(3_600)));
        store.given(token(ALICE, "b", Instant.now().minusSeconds(1)));
        TokenQueryService byDefault = TokenServices.builder(store).build().query();
        assertThat(byDefault.list(OTHER, "alice", FIRST).status()).isEqualTo(Status.FORBIDDEN);
        for (Caller caller : List.of(OWNER, ADMIN)) {
            assertThat(byDefault.list(caller, "alice", FIRST).value().tokens())
                    .extracting(TokenSummary::state)
                    .containsExactly(TokenState.ACTIVE, TokenState.EXPIRED);
        }
    }

    @Test
    void each_attempt_is_one_line_that_says_who_whose_and_the_answer() {
        store.given(token(ALICE, "a", null));
        service.list(OWNER, "alice", FIRST);
        service.list(OTHER, "alice", FIRST);
        service.list(Caller.anonymous(), "a\r\nINFO forged", FIRST);
        store.failing.put("list", new IllegalStateException("down"));
        service.list(ADMIN, "alice", FIRST);
        assertThat(log.lines())
                .containsExactly(
                        "INFO user alice lists tokens of user alice: OK",
                        "INFO user bob lists tokens of user \"alice\" (length 5): FORBIDDEN",
                        "INFO anonymous lists tokens of user \"a\\u000D\\u000AINFO …\" (length 14): UNAUTHORIZED",
                        "ERROR admin ops lists tokens of user \"alice\" (length 5): INTERNAL_SERVER_ERROR");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = "zzz")
    void a_secret_that_was_pasted_for_the_username_stays_out_of_the_log(String after) {
        String secret = PresentedToken.create(new TokenPrefix("pat"), NOW).text();
        assertThat(service.list(ADMIN, secret, new PageRequest(after, 10)).status())
                .isEqualTo(Status.OK);
        assertThat(log.lines())
                .containsExactly(
                        "INFO admin ops lists tokens of user \"" + secret.substring(0, 8) + "…\" (length 75): OK");
    }

    private TokenQueryService service(AccessPolicy policy) {
        return TokenServices.builder(store).policy(policy).clock(CLOCK).build().query();
    }

    private static Token token(Owner owner, String id, Instant expiresAt) {
        return Token.builder(new TokenId(id), owner, "laptop", NOW)
                .hash(new SecretHash(new byte[32]))
                .scopes(Scopes.of(SCOPES))
                .expiresAt(expiresAt)
                .build();
    }

    private static TokenSummary summary(String id, TokenState state, Instant expiresAt, Revocation revocation) {
        return revocation == null
                ? new TokenSummary(
                        id, "alice", "laptop", SCOPES, state, NOW, expiresAt, null, null, null, null, null, null)
                : new TokenSummary(
                        id,
                        "alice",
                        "laptop",
                        SCOPES,
                        state,
                        NOW,
                        expiresAt,
                        null,
                        null,
                        null,
                        revocation.at(),
                        revocation.by().name(),
                        revocation.reason());
    }

    private static List<String> issues(Result<?> result) {
        assertThat(result.status()).isEqualTo(Status.BAD_REQUEST);
        return result.error().orElseThrow().issues().stream()
                .map(Violation::message)
                .toList();
    }
}
