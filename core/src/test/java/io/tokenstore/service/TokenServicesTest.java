package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.tokenstore.Owner;
import io.tokenstore.Scopes;
import io.tokenstore.TokenId;
import io.tokenstore.Violation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The entry point: each service has the configuration that it was given once. */
class TokenServicesTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Owner ALICE = new Owner("alice");
    private static final Caller OWNER = Caller.user(ALICE);
    private static final Caller ADMIN = Caller.admin("ops");
    private static final TokenRequest LAPTOP = TokenRequest.named("laptop").withTtl(Duration.ofDays(1));
    private static final RevocationRequest PLAIN = RevocationRequest.plain();

    private final RecordingStore store = new RecordingStore();

    @Test
    void a_store_is_all_that_the_simplest_host_says() {
        TokenServices tokens = TokenServices.builder(store).build();
        IssuedToken issued = tokens.issuance().issue(OWNER, "alice", LAPTOP).value();
        assertThat(issued.secret()).startsWith("pat_");
        assertThat(issued.scopes()).isSameAs(Scopes.all());
        Caller caller = tokens.authenticator().authenticate("Bearer " + issued.secret());
        assertThat(caller).hasToString("user alice");
        assertThat(tokens.query()
                        .list(caller, "alice", PageRequest.first(10))
                        .value()
                        .tokens())
                .extracting(TokenSummary::id)
                .containsExactly(issued.id().value());
        assertThat(tokens.revocation()
                        .revoke(caller, "alice", issued.id().value())
                        .status())
                .isEqualTo(Status.OK);
        assertThat(tokens.authenticator().authenticate("Bearer " + issued.secret()))
                .isSameAs(Caller.anonymous());
    }

    /** Each option as it is by default and otherwise, with each of every other: 15,552 configurations. */
    @Test
    void each_combination_of_options_issues_authenticates_and_revokes_what_was_presented() {
        List<List<UnaryOperator<TokenServicesBuilder>>> options = List.of(
                List.of(b -> b, b -> b.prefix("acme_pat", "pat"), b -> b.prefix("x", "x_y", "x_y_z")),
                List.of(
                        b -> b,
                        b -> b.lifetimes(Duration.ofSeconds(1), Duration.ofDays(366_000)),
                        b -> b.lifetimes(Duration.ofDays(1), Duration.ofDays(1))),
                List.of(b -> b, b -> b.allowNeverExpiring()),
                List.of(b -> b, b -> b.scopes("repo:read"), b -> b.scopes("repo:read", "repo:write")),
                List.of(b -> b, b -> b.roles(owner -> Role.ADMIN)),
                List.of(b -> b, b -> b.policy(AccessPolicy.ownerOnly()), b -> b.policy(request -> true)),
                List.of(b -> b, b -> b.usernames(UsernameRule.any()), b -> b.usernames(username -> List.of())),
                List.of(b -> b, b -> b.clock(CLOCK)),
                List.of(b -> b, b -> b.events(telling(new ArrayList<>()))),
                List.of(b -> b, b -> b.maxStaleness(Duration.ofHours(1), 4)),
                List.of(b -> b, b -> b.limit(1)));
        int configurations = options.stream().mapToInt(List::size).reduce(1, (a, b) -> a * b);
        for (int configuration = 0; configuration < configurations; configuration++) {
            RecordingStore own = new RecordingStore();
            TokenServicesBuilder builder = TokenServices.builder(own);
            int rest = configuration;
            for (List<UnaryOperator<TokenServicesBuilder>> values : options) {
                assertThat(values.get(rest % values.size()).apply(builder)).isSameAs(builder);
                rest /= values.size();
            }
            assertWorks(builder.build(), own);
        }
        assertThat(configurations).isEqualTo(15_552);
    }

    private static void assertWorks(TokenServices tokens, RecordingStore own) {
        TokenRequest request = LAPTOP.withScopes(List.of("*"));
        String secret = tokens.issuance().issue(OWNER, "alice", request).value().secret();
        Caller caller = tokens.authenticator().authenticate("Bearer " + secret);
        assertThat(caller.isUser(ALICE)).isTrue();
        assertThat(tokens.query()
                        .list(caller, "alice", PageRequest.first(10))
                        .value()
                        .tokens())
                .hasSize(1);
        assertThat(tokens.revocation().revokePresented(secret).value()).isSameAs(Verdict.REVOKED_NOW);
        assertThat(own.tokens.firstEntry().getValue().revocation()).isNotNull();
        assertThat(tokens.authenticator().authenticate("Bearer " + secret)).isSameAs(Caller.anonymous());
    }

    private static TokenEvents telling(List<String> told) {
        return new TokenEvents() {
            @Override
            public void issued(Issued event) {
                told.add("issued");
            }

            @Override
            public void revoked(Revoked event) {
                told.add("revoked");
            }

            @Override
            public void authenticationFailed(AuthenticationFailed event) {
                told.add("failed");
            }
        };
    }

    @Test
    void another_store_keeps_the_whole_configuration_and_the_authenticator() {
        List<String> told = new ArrayList<>();
        TokenServices tokens = TokenServices.builder(store)
                .prefix("acme_pat", "pat")
                .lifetimes(Duration.ofHours(1), Duration.ofHours(2))
                .scopes("repo:read")
                .roles(owner -> Role.ADMIN)
                .policy(request -> request.owner().value().startsWith("4"))
                .usernames(UsernameRule.any())
                .clock(CLOCK)
                .events(telling(told))
                .limit(1)
                .build();
        RecordingStore other = new RecordingStore();
        other.inHostTransaction = true;
        TokenServices joined = tokens.withStore(other);
        assertThat(joined.authenticator()).isSameAs(tokens.authenticator());
        TokenRequest request =
                TokenRequest.named("laptop").withTtl(Duration.ofHours(1)).withScopes(List.of("*"));
        assertThat(issues(joined.issuance().issue(ADMIN, "42", request.withTtl(Duration.ofHours(3)))))
                .containsExactly("ttl must be PT1H to PT2H");
        assertThat(issues(joined.issuance().issue(ADMIN, "42", request.withTtl(null))))
                .containsExactly("ttl is required");
        assertThat(issues(joined.issuance().issue(ADMIN, "42", request.withScopes(List.of("repo:write")))))
                .containsExactly("scopes[0] is not a scope that this service knows");
        assertThat(joined.issuance().issue(OWNER, "alice", request).status()).isEqualTo(Status.FORBIDDEN);
        IssuedToken issued = joined.issuance().issue(ADMIN, "42", request).value();
        assertThat(issued.secret()).startsWith("acme_pat_");
        assertThat(issued.createdAt()).isEqualTo(NOW);
        assertThat(issues(joined.issuance().issue(ADMIN, "42", request)))
                .containsExactly("an owner must have at most 1 active tokens");
        assertThat(joined.query()
                        .list(ADMIN, "42", PageRequest.first(10))
                        .value()
                        .tokens())
                .hasSize(1);
        assertThat(joined.query().list(OWNER, "alice", PageRequest.first(10)).status())
                .isEqualTo(Status.FORBIDDEN);
        assertThat(joined.revocation().revokeAll(OWNER, "alice", PLAIN).status())
                .isEqualTo(Status.FORBIDDEN);
        assertThat(joined.revocation().revokeAll(ADMIN, "42", PLAIN).value()).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        joined.purger().purge(NOW.minusSeconds(3_599), null, WalkBudget.unlimited(), progress -> {}));
        assertThat(told).containsExactly("issued", "revoked");
        assertThat(store.asked).isEmpty();
        // The token is in the other store, and authentication still looks in the first one.
        assertThat(joined.authenticator().authenticate("Bearer " + issued.secret()))
                .isSameAs(Caller.anonymous());
        assertThat(store.asked).containsExactly("find");
        assertThatNullPointerException().isThrownBy(() -> tokens.withStore(null));
    }

    @Test
    void what_the_builder_is_told_later_does_not_change_services_that_it_built() {
        String[] known = {"repo:read"};
        TokenServicesBuilder builder = TokenServices.builder(store).scopes(known);
        TokenServices first = builder.build();
        known[0] = "repo:write";
        builder.prefix("acme")
                .scopes()
                .lifetimes(Duration.ofDays(7), Duration.ofDays(8))
                .limit(1);
        for (int i = 0; i < 2; i++) {
            IssuedToken issued = first.issuance()
                    .issue(OWNER, "alice", LAPTOP.withScopes(List.of("repo:read")))
                    .value();
            assertThat(issued.secret()).startsWith("pat_");
        }
    }

    @Test
    void null_is_refused_at_once() {
        TokenServicesBuilder builder = TokenServices.builder(store);
        assertThatNullPointerException().isThrownBy(() -> TokenServices.builder(null));
        assertThatNullPointerException().isThrownBy(() -> builder.prefix(null));
        assertThatNullPointerException().isThrownBy(() -> builder.prefix("pat", (String) null));
        assertThatNullPointerException().isThrownBy(() -> builder.roles(null));
        assertThatNullPointerException().isThrownBy(() -> builder.policy(null));
        assertThatNullPointerException().isThrownBy(() -> builder.usernames(null));
        assertThatNullPointerException().isThrownBy(() -> builder.clock(null));
        assertThatNullPointerException().isThrownBy(() -> builder.events(null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "_", "_pat", "pat_", "1pat", "pat-x", "p t", "\u00E9", "aaaaaaaaaaaaaaaaaaaaa"})
    void a_prefix_that_breaks_its_rule_is_refused_at_once(String prefix) {
        TokenServicesBuilder builder = TokenServices.builder(store);
        assertThatIllegalArgumentException().isThrownBy(() -> builder.prefix(prefix));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.prefix("pat", prefix));
    }

    @Test
    void with_any_rule_numbers_and_addresses_own_tokens_and_a_bad_username_is_explained() {
        TokenServices tokens =
                TokenServices.builder(store).usernames(UsernameRule.any()).build();
        for (String username : List.of("42", "alice@example.com", "auth0|5f7c8ec7")) {
            Caller caller = Caller.user(new Owner(username));
            String secret =
                    tokens.issuance().issue(caller, username, LAPTOP).value().secret();
            assertThat(tokens.authenticator().authenticate("Bearer " + secret)).hasToString(caller.toString());
            assertThat(tokens.revocation().revokeAll(caller, username, PLAIN).value())
                    .isEqualTo(1);
        }
        store.asked.clear();
        for (Result<?> refused : everyCall(tokens, ADMIN, "a b")) {
            assertThat(issues(refused))
                    .containsExactly("username must not have control or format characters, separators,"
                            + " noncharacters or unpaired surrogates");
        }
        assertThat(issues(tokens.query().list(ADMIN, "", PageRequest.first(10))))
                .containsExactly("username must have 1 to 255 characters");
        assertThat(store.asked).isEmpty();
    }

    @Test
    void a_hosts_own_rule_is_asked_by_every_service() {
        Map<String, Owner> directory = Map.of("42", new Owner("42"), "7", new Owner("7"));
        TokenServices tokens = TokenServices.builder(store)
                .usernames(username -> directory.containsKey(username)
                        ? List.of()
                        : List.of(new Violation("username must be in the directory")))
                .build();
        Caller caller = Caller.user(new Owner("42"));
        assertThat(everyCall(tokens, caller, "42"))
                .extracting(Result::status)
                .containsExactly(Status.OK, Status.OK, Status.NOT_FOUND, Status.OK);
        store.asked.clear();
        for (Result<?> refused : everyCall(tokens, caller, "alice")) {
            assertThat(issues(refused)).containsExactly("username must be in the directory");
        }
        assertThat(store.asked).isEmpty();
    }

    @Test
    void a_rule_that_accepts_what_no_store_can_keep_answers_400_and_asks_nobody() {
        TokenServices tokens = TokenServices.builder(store)
                .usernames(username -> List.of())
                .policy(request -> {
                    throw new AssertionError("asked");
                })
                .build();
        for (String username : List.of("", "a b", "a\n", "a\u200B", "\uD800", "x".repeat(256))) {
            for (Result<?> refused : everyCall(tokens, OWNER, username)) {
                assertThat(issues(refused)).singleElement().asString().startsWith("username must");
            }
        }
        assertThat(store.asked).isEmpty();
    }

    private static List<Result<?>> everyCall(TokenServices tokens, Caller caller, String username) {
        return List.of(
                tokens.issuance().issue(caller, username, LAPTOP),
                tokens.query().list(caller, username, PageRequest.first(10)),
                tokens.revocation().revoke(caller, username, "t1", PLAIN.withId(UUID.randomUUID())),
                tokens.revocation().revokeAll(caller, username, PLAIN));
    }

    @Test
    void the_policy_is_asked_who_wants_to_do_what_with_whose_tokens() {
        List<AccessRequest> asked = new ArrayList<>();
        TokenServices tokens = TokenServices.builder(store)
                .policy(request -> asked.add(request))
                .build();
        everyCall(tokens, ADMIN, "alice");
        assertThat(asked)
                .extracting(AccessRequest::action)
                .containsExactly(Action.ISSUE, Action.LIST, Action.REVOKE, Action.REVOKE);
        assertThat(asked)
                .allMatch(request ->
                        request.caller().equals(ADMIN) && request.owner().equals(ALICE));
        assertThat(asked.get(0)).hasToString("AccessRequest[admin ops, ISSUE, alice]");
        assertThat(store.tokens.keySet()).hasSize(1).doesNotContain(new TokenId("t1"));
        assertThat(Set.copyOf(store.asked)).containsExactlyInAnyOrder("add", "list", "revoke", "revokeAll");
    }

    private static List<String> issues(Result<?> result) {
        assertThat(result.status()).isEqualTo(Status.BAD_REQUEST);
        return result.error().orElseThrow().issues().stream()
                .map(Violation::message)
                .toList();
    }
}
