package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Scopes;
import io.tokenstore.TokenStoreException;
import io.tokenstore.Violation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which token made a request, and {@link TokenRevocationService#revokeCurrent}. */
class CurrentTokenTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Owner ALICE = new Owner("alice");
    private static final Caller LOGGED_IN = Caller.user(ALICE);
    private static final RevocationRequest PLAIN = RevocationRequest.plain();

    private final CapturedLog log = new CapturedLog(TokenRevocationService.class);
    private final RecordingStore store = new RecordingStore();
    private final List<TokenEvents.Revoked> told = new ArrayList<>();
    private final TokenServices tokens = TokenServices.builder(store)
            .scopes("repo:read")
            .policy(request -> request.action() == Action.ISSUE)
            .clock(Clock.fixed(NOW, ZoneOffset.UTC))
            .events(new TokenEvents() {
                @Override
                public void revoked(Revoked event) {
                    told.add(event);
                }
            })
            .build();

    @AfterEach
    void leaveTheLogAlone() {
        log.close();
    }

    private IssuedToken issued(String... scopes) {
        TokenRequest request =
                TokenRequest.named("laptop").withTtl(Duration.ofDays(1)).withScopes(List.of(scopes));
        return tokens.issuance().issue(LOGGED_IN, "alice", request).orElseThrow();
    }

    private Caller by(IssuedToken issued) {
        return tokens.authenticator().authenticateToken(issued.secret());
    }

    @Test
    void a_caller_knows_the_token_that_authenticated_them() {
        IssuedToken issued = issued("repo:read");
        assertThat(by(issued).token())
                .returns(issued.id(), CurrentToken::id)
                .returns("laptop", CurrentToken::name)
                .returns(Scopes.of(List.of("repo:read")), CurrentToken::scopes)
                .returns(issued.expiresAt(), CurrentToken::expiresAt)
                .hasToString("CurrentToken[" + issued.id() + ", repo:read]");
    }

    @Test
    void a_caller_who_logged_in_or_is_nobody_has_no_token() {
        for (Caller caller : List.of(LOGGED_IN, Caller.admin(ALICE), Caller.admin("ops"), Caller.anonymous())) {
            assertThat(caller.token()).isNull();
        }
    }

    /** By the policy of these services nobody revokes. */
    @ParameterizedTest
    @ValueSource(strings = {"", "repo:read", "tokens", "tokens:admin", "*"})
    void a_token_ends_itself_whatever_its_scopes_and_the_policy(String scope) {
        IssuedToken issued = scope.isEmpty() ? issued() : issued(scope);
        Caller caller = by(issued);
        UUID request = new UUID(0, 1);
        Revocation revocation = tokens.revocation()
                .revokeCurrent(caller, PLAIN.withId(request).withReason("lost"))
                .orElseThrow();
        Actor actor = new Actor(Actor.Kind.USER, "alice", issued.id());
        assertThat(revocation).isEqualTo(new Revocation(RevocationIds.of(actor, request), NOW, actor, "lost"));
        assertThat(store.tokens.get(issued.id()).revocation()).isEqualTo(revocation);
        assertThat(by(issued)).isSameAs(Caller.anonymous());
        assertThat(told)
                .singleElement()
                .returns(caller, TokenEvents.Revoked::caller)
                .returns(issued.id(), TokenEvents.Revoked::id)
                .returns(1, TokenEvents.Revoked::tokens);
    }

    @Test
    void a_repeated_request_gets_the_same_answer_and_another_one_finds_nothing() {
        Caller caller = by(issued("repo:read"));
        RevocationRequest request = PLAIN.withId(new UUID(0, 1));
        assertThat(List.of(request, request, PLAIN))
                .extracting(
                        each -> tokens.revocation().revokeCurrent(caller, each).status())
                .containsExactly(Status.OK, Status.OK, Status.NOT_FOUND);
    }

    @Test
    void nobody_is_unauthorized_and_who_logged_in_has_none_to_revoke() {
        store.asked.clear();
        assertThat(tokens.revocation().revokeCurrent(Caller.anonymous(), PLAIN).status())
                .isEqualTo(Status.UNAUTHORIZED);
        assertThat(tokens.revocation().revokeCurrent(LOGGED_IN, PLAIN).status()).isEqualTo(Status.NOT_FOUND);
        assertThat(store.asked).isEmpty();
        assertThatNullPointerException().isThrownBy(() -> tokens.revocation().revokeCurrent(null, PLAIN));
        assertThatNullPointerException().isThrownBy(() -> tokens.revocation().revokeCurrent(LOGGED_IN, null));
    }

    @Test
    void each_attempt_is_one_line_that_names_the_token() {
        IssuedToken issued = issued("repo:read");
        tokens.revocation().revokeCurrent(by(issued), PLAIN);
        tokens.revocation().revokeCurrent(LOGGED_IN, PLAIN);
        assertThat(log.lines())
                .containsExactly(
                        "INFO user alice revokes the current token " + issued.id() + ": OK",
                        "INFO user alice revokes the current token none: NOT_FOUND");
    }

    @Test
    void a_reason_that_breaks_its_rule_is_an_issue_and_ends_nothing() {
        IssuedToken issued = issued("repo:read");
        Result<Revocation> refused = tokens.revocation().revokeCurrent(by(issued), PLAIN.withReason("a\u0000"));
        assertThat(refused.error().orElseThrow().issues())
                .extracting(Violation::message)
                .singleElement()
                .asString()
                .startsWith("reason must not have control");
        assertThat(store.tokens.get(issued.id()).revocation()).isNull();
    }

    @Test
    void a_store_that_fails_is_a_failure() {
        Caller caller = by(issued("repo:read"));
        RuntimeException down = new TokenStoreException("down", TokenStoreException.Applied.UNKNOWN, null);
        store.failing.put("revoke", down);
        assertThat(tokens.revocation().revokeCurrent(caller, PLAIN))
                .returns(Status.INTERNAL_SERVER_ERROR, Result::status)
                .satisfies(result -> assertThat(result.cause()).contains(down));
    }

    @Test
    void an_answer_names_the_scope_that_the_token_lacks_if_one_would_help() {
        Caller reader = by(issued("repo:read"));
        assertThat(tokens.query().list(reader, "alice", PageRequest.first(1)).missingScope())
                .contains("tokens");
        Result<Revocation> ofBob = tokens.revocation().revoke(reader, "bob", "t1");
        assertThat(ofBob.missingScope()).contains("tokens:admin");
        assertThat(new UnsuccessfulResultException(ofBob).missingScope()).contains("tokens:admin");
        Result<IssuedToken> another = tokens.issuance()
                .issue(
                        by(issued("*")),
                        "alice",
                        TokenRequest.named("x").withTtl(Duration.ofDays(1)).withScopes(List.of("*")));
        assertThat(another).returns(Status.FORBIDDEN, Result::status);
        assertThat(another.missingScope()).isEmpty();
        // Of the policy's making: no scope would help.
        assertThat(tokens.query().list(by(issued("tokens")), "alice", PageRequest.first(1)))
                .returns(Status.FORBIDDEN, Result::status)
                .returns(true, result -> result.missingScope().isEmpty());
    }
}
