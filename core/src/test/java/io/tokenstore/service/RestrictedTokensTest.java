package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.TokenStore;
import io.tokenstore.Violation;
import io.tokenstore.fixtures.TreeMapStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the owner of a token with scopes may do with tokens, whatever the policy says. */
class RestrictedTokensTest {

    private static final Owner ALICE = new Owner("alice");
    private static final Caller LOGGED_IN = Caller.user(ALICE);
    private static final RevocationRequest PLAIN = RevocationRequest.plain();

    private final TokenServices tokens = services(new TreeMapStore()).build();

    private static TokenServicesBuilder services(TokenStore store) {
        return TokenServices.builder(store)
                .scopes("repo:read", "repo:write")
                .policy(request -> true)
                .roles(owner -> owner.value().equals("root") ? Role.ADMIN : Role.USER);
    }

    private IssuedToken issued(String username, String... scopes) {
        return tokens.issuance()
                .issue(Caller.user(new Owner(username)), username, request(scopes))
                .orElseThrow();
    }

    private static TokenRequest request(String... scopes) {
        return TokenRequest.named("laptop").withTtl(Duration.ofDays(1)).withScopes(Arrays.asList(scopes));
    }

    private Caller by(IssuedToken issued) {
        return tokens.authenticator().authenticate("Bearer " + issued.secret());
    }

    @Test
    void a_caller_permits_what_their_token_does_and_everything_after_a_login() {
        Caller reader = by(issued("alice", "repo:read"));
        assertThat(reader.permits("repo:read")).isTrue();
        assertThat(reader.permits("repo:write")).isFalse();
        assertThat(by(issued("alice", "*")).permits("repo:write")).isTrue();
        assertThat(LOGGED_IN.permits("repo:write")).isTrue();
        assertThat(Caller.anonymous().permits("repo:read")).isFalse();
        assertThat(reader).isNotEqualTo(LOGGED_IN).isNotEqualTo(by(issued("alice", "repo:write")));
    }

    @Test
    void a_restricted_token_ends_itself_whatever_its_scopes() {
        IssuedToken own = issued("alice", "repo:read");
        assertThat(tokens.revocation()
                        .revoke(by(own), "alice", own.id().value())
                        .status())
                .isEqualTo(Status.OK);
    }

    @ParameterizedTest
    @CsvSource({
        "alice, repo:read,    FORBIDDEN, FORBIDDEN, FORBIDDEN",
        "alice, tokens,       OK,        FORBIDDEN, FORBIDDEN",
        "alice, tokens:admin, FORBIDDEN, OK,        FORBIDDEN",
        "root,  tokens,       FORBIDDEN, FORBIDDEN, FORBIDDEN",
        "root,  tokens:admin, OK,        OK,        FORBIDDEN",
        "root,  *,            OK,        OK,        FORBIDDEN",
        "alice, *,            OK,        OK,        FORBIDDEN"
    })
    void what_else_it_may_do_with_tokens_needs_a_scope(
            String username, String scope, Status ofAlice, Status ofBob, Status issue) {
        Caller caller = by(issued(username, scope));
        assertThat(tokens.query().list(caller, "alice", PageRequest.first(1)).status())
                .isEqualTo(ofAlice);
        assertThat(tokens.revocation().revokeAll(caller, "alice", PLAIN).status())
                .isEqualTo(ofAlice);
        assertThat(tokens.revocation()
                        .revoke(caller, "bob", issued("bob", "*").id().value())
                        .status())
                .isEqualTo(ofBob);
        assertThat(tokens.issuance().issue(caller, "alice", request("*")).status())
                .isEqualTo(issue);
    }

    @Test
    void a_token_of_an_administrator_acts_as_one_only_with_a_scope_for_it() {
        for (String scope : List.of("repo:read", "tokens")) {
            assertThat(by(issued("root", scope))).hasToString("user root");
        }
        for (String scope : List.of("tokens:admin", "*")) {
            assertThat(by(issued("root", scope))).hasToString("admin root");
        }
    }

    @Test
    void the_audit_names_the_token_that_acted_if_any() {
        IssuedToken acting = issued("root", "tokens:admin");
        IssuedToken first = issued("alice", "*");
        IssuedToken second = issued("alice", "*");
        assertThat(revoked(by(acting), first)).isEqualTo(new Actor(Actor.Kind.ADMIN, "root", acting.id()));
        assertThat(revoked(by(second), second)).isEqualTo(new Actor(Actor.Kind.USER, "alice", second.id()));
        assertThat(revoked(LOGGED_IN, issued("alice", "*"))).isEqualTo(Actor.user("alice"));
    }

    private Actor revoked(Caller caller, IssuedToken token) {
        return tokens.revocation()
                .revoke(caller, token.owner().value(), token.id().value())
                .orElseThrow()
                .by();
    }

    @Test
    void a_repeated_request_is_the_same_act_only_by_the_same_token() {
        String lost = issued("alice", "*").id().value();
        RevocationRequest request = PLAIN.withId(new UUID(0, 1));
        Caller first = by(issued("alice", "tokens"));
        Caller second = by(issued("alice", "tokens"));
        assertThat(Stream.of(first, first, second, LOGGED_IN)
                        .map(caller -> tokens.revocation()
                                .revoke(caller, "alice", lost, request)
                                .status()))
                .containsExactly(Status.OK, Status.OK, Status.NOT_FOUND, Status.NOT_FOUND);
    }

    @Test
    void each_scope_that_the_services_do_not_know_is_an_issue() {
        String[] scopes = {"repo:read", "repo:delete", "a b", "*", "", "tokens"};
        assertThat(tokens.issuance()
                        .issue(LOGGED_IN, "alice", request(scopes))
                        .error()
                        .orElseThrow()
                        .issues())
                .extracting(Violation::message)
                .containsExactly(
                        "scopes[1] is not a scope that this service knows",
                        "scopes[2] is not a scope that this service knows",
                        "scopes[3] must stand alone",
                        "scopes[4] is not a scope that this service knows");
    }

    @Test
    void a_scope_that_is_null_is_a_bad_request_and_no_exception() {
        List<String> scopes = new ArrayList<>(List.of("repo:read"));
        scopes.add(null);
        Result<IssuedToken> result =
                tokens.issuance().issue(LOGGED_IN, "alice", request("*").withScopes(scopes));
        assertThat(result.error().orElseThrow().issues())
                .extracting(violation -> violation.message())
                .containsExactly("scopes[1] is not a scope that this service knows");
    }

    @Test
    void nobody_is_authenticated_within_the_hosts_transaction() {
        TreeMapStore joining = new TreeMapStore() {
            @Override
            public boolean inHostTransaction() {
                return true;
            }
        };
        TokenServices within = services(joining).build();
        String secret = within.issuance()
                .issue(LOGGED_IN, "alice", request("*"))
                .orElseThrow()
                .secret();
        assertThatIllegalStateException()
                .isThrownBy(() -> within.authenticator().authenticate("Bearer " + secret))
                .withMessageContaining("transaction");
    }

    @Test
    void a_policy_is_never_asked_about_a_secret_that_was_pasted_for_the_username() {
        String secret = issued("alice", "*").secret();
        TokenServices watched = services(new TreeMapStore())
                .policy(request -> {
                    throw new IllegalStateException("no such user: " + request.owner());
                })
                .build();
        for (Caller caller : List.of(LOGGED_IN, Caller.admin("ops"))) {
            assertThat(watched.revocation().revoke(caller, secret, "t1").status())
                    .isIn(Status.FORBIDDEN, Status.NOT_FOUND);
        }
    }
}
