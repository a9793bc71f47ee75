package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import io.tokenstore.fixtures.TreeMapStore;
import io.tokenstore.service.TokenEvents.AuthenticationFailed.Reason;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenEventsTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final TokenPrefix PAT = new TokenPrefix("pat");
    private static final Owner ALICE = new Owner("alice");
    private static final Caller OWNER = Caller.user(ALICE);
    private static final Caller OTHER = Caller.user(new Owner("bob"));
    private static final TokenRequest LAPTOP = TokenRequest.named("laptop").withTtl(Duration.ofDays(1));
    private static final RevocationRequest PLAIN = RevocationRequest.plain();
    private static final PageRequest FIRST = PageRequest.first(10);
    private static final TokenId T1 = new TokenId("t1");

    private final CapturedLog log = CapturedLog.ofAll();
    private final RecordingStore store = new RecordingStore();
    private final Recorder events = new Recorder();
    private final PresentedToken presented = PresentedToken.create(PAT, NOW);

    @BeforeEach
    void keepTwoTokens() {
        store.given(Token.builder(T1, ALICE, "laptop", NOW).build());
        store.given(Token.builder(presented.id(), ALICE, "phone", NOW)
                .hash(presented.hash())
                .build());
    }

    @AfterEach
    void leaveTheLogAlone() {
        log.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_issued_token_is_one_event(boolean provisional) {
        store.inHostTransaction = provisional;
        IssuedToken issued = issuance(events).issue(OWNER, "alice", LAPTOP).value();
        assertThat(events.seen).containsExactly(List.of(OWNER, ALICE, issued.id(), provisional));
    }

    @Test
    void nothing_is_provisional_in_a_store_that_joins_no_transaction_of_the_host() {
        IssuedToken issued = TokenServices.builder(new TreeMapStore())
                .policy(AccessPolicy.ownerOnly())
                .clock(CLOCK)
                .events(events)
                .build()
                .issuance()
                .issue(OWNER, "alice", LAPTOP)
                .value();
        assertThat(events.seen).containsExactly(List.of(OWNER, ALICE, issued.id(), false));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_revoked_token_is_one_event_and_a_repeated_revocation_another(boolean provisional) {
        store.inHostTransaction = provisional;
        RevocationRequest request =
                RevocationRequest.plain().withId(UUID.randomUUID()).withReason("lost");
        Revocation how =
                revocation(events).revoke(OWNER, "alice", "t1", request).value();
        List<Object> revoked = List.of(OWNER, ALICE, T1, how, 1, provisional);
        assertThat(events.seen).containsExactly(revoked);
        revocation(events).revoke(OWNER, "alice", "t1", request);
        assertThat(events.seen).containsExactly(revoked, revoked);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void all_of_a_users_tokens_are_one_event_without_an_id(boolean provisional) {
        store.inHostTransaction = provisional;
        revocation(events).revokeAll(OWNER, "alice", PLAIN);
        Revocation how = store.tokens.get(T1).revocation();
        assertThat(events.seen).containsExactly(Arrays.asList(OWNER, ALICE, null, how, 2, provisional));
        events.seen.clear();
        revocation(events).revokeAll(OWNER, "alice", PLAIN);
        assertThat(events.seen)
                .singleElement(InstanceOfAssertFactories.LIST)
                .element(4)
                .isEqualTo(0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_presented_token_is_one_event_when_it_was_revoked_and_else_none(boolean provisional) {
        store.inHostTransaction = provisional;
        revocation(events).revokePresented(presented.text());
        Revocation how = store.tokens.get(presented.id()).revocation();
        assertThat(events.seen)
                .containsExactly(List.of(Caller.anonymous(), ALICE, presented.id(), how, 1, provisional));
        events.seen.clear();
        for (String not : new String[] {
            presented.text(), null, "garbage", PresentedToken.create(PAT, NOW).text()
        }) {
            revocation(events).revokePresented(not);
        }
        assertThat(events.seen).isEmpty();
    }

    @Test
    void whoever_is_not_authenticated_is_one_event_and_one_debug_line_that_says_why() {
        String text = presented.text();
        PresentedToken unknown = PresentedToken.create(PAT, NOW);
        PresentedToken expired = given(token -> token.expiresAt(NOW));
        PresentedToken revoked =
                given(token -> token.revocation(new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null)));
        PresentedToken pending = given(token -> token.predecessor(new TokenId("gone")));
        PresentedToken later = given(token -> token.minReaderVersion(Token.READER_VERSION + 1));
        Owner bob = new Owner("bob");
        PresentedToken suspended = PresentedToken.create(PAT, NOW);
        store.given(Token.builder(suspended.id(), bob, "laptop", NOW)
                .hash(suspended.hash())
                .build());
        assertNotAuthenticated(null, Reason.NO_TOKEN, null, null);
        assertNotAuthenticated("", Reason.NO_TOKEN, null, null);
        assertNotAuthenticated("Basic YWxpY2U6eA==", Reason.NO_TOKEN, null, null);
        assertNotAuthenticated("Bearer ", Reason.MALFORMED, null, null);
        assertNotAuthenticated("Bearer x" + text, Reason.MALFORMED, null, null);
        assertNotAuthenticated("Bearer " + TokenText.withPrefix("acme", text), Reason.MALFORMED, null, null);
        assertNotAuthenticated("Bearer " + " ".repeat(1_024) + text, Reason.MALFORMED, null, null);
        assertNotAuthenticated("Bearer " + unknown.text(), Reason.UNKNOWN, unknown.id(), null);
        assertNotAuthenticated(
                "Bearer " + TokenText.withAnotherSecret(text), Reason.WRONG_SECRET, presented.id(), ALICE);
        assertNotAuthenticated("Bearer " + expired.text(), Reason.EXPIRED, expired.id(), ALICE);
        assertNotAuthenticated("Bearer " + revoked.text(), Reason.REVOKED, revoked.id(), ALICE);
        assertNotAuthenticated("Bearer " + pending.text(), Reason.PENDING, pending.id(), ALICE);
        assertNotAuthenticated("Bearer " + suspended.text(), Reason.SUSPENDED_OWNER, suspended.id(), bob);
        assertNotAuthenticated("Bearer " + later.text(), Reason.UNKNOWN_READER_VERSION, later.id(), ALICE);
    }

    private PresentedToken given(UnaryOperator<Token.Builder> change) {
        PresentedToken given = PresentedToken.create(PAT, NOW);
        store.given(change.apply(Token.builder(given.id(), ALICE, "laptop", NOW).hash(given.hash()))
                .build());
        return given;
    }

    private void assertNotAuthenticated(String header, Reason reason, TokenId id, Owner owner) {
        for (TokenEvents watching : List.of(events, throwing(new OutOfMemoryError("metrics are down")))) {
            log.clear();
            assertThat(authenticator(watching).authenticate(header)).isSameAs(Caller.anonymous());
            assertThat(log.lines().get(0))
                    .isEqualTo("DEBUG not authenticated: " + reason + ", token " + id + ", owner " + owner);
        }
        assertThat(log.lines()).hasSize(2).last().asString().startsWith("WARN");
        assertThat(events.seen).containsExactly(Arrays.asList(reason, id, owner));
        events.seen.clear();
    }

    private TokenAuthenticator authenticator(TokenEvents watching) {
        return TokenServices.builder(store)
                .roles(owner -> owner.equals(ALICE) ? Role.USER : Role.NONE)
                .clock(CLOCK)
                .events(watching)
                .build()
                .authenticator();
    }

    @Test
    void whoever_is_authenticated_is_no_event_and_no_line() {
        assertThat(authenticator(events).authenticate("Bearer " + presented.text()))
                .hasToString("user alice");
        assertThat(events.seen).isEmpty();
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void a_list_is_no_event() {
        assertThat(query(events).list(OWNER, "alice", FIRST).status()).isEqualTo(Status.OK);
        assertThat(events.seen).isEmpty();
    }

    @Test
    void each_refusal_is_one_event_with_its_action_and_its_status() {
        for (Caller caller : List.of(Caller.anonymous(), OTHER)) {
            for (String username : new String[] {"alice", "1-"}) {
                issuance(events).issue(caller, username, LAPTOP);
                query(events).list(caller, username, FIRST);
                revocation(events).revoke(caller, username, "t1");
                revocation(events).revokeAll(caller, username, PLAIN);
            }
        }
        revocation(events).revoke(OTHER, "bob", "t1");
        List<Object> expected = new ArrayList<>();
        for (Status status : List.of(Status.UNAUTHORIZED, Status.UNAUTHORIZED, Status.FORBIDDEN, Status.BAD_REQUEST)) {
            for (Action action : List.of(Action.ISSUE, Action.LIST, Action.REVOKE, Action.REVOKE)) {
                expected.add(List.of(status == Status.UNAUTHORIZED ? Caller.anonymous() : OTHER, action, status));
            }
        }
        expected.add(List.of(OTHER, Action.REVOKE, Status.NOT_FOUND));
        assertThat(events.seen).isEqualTo(expected);
    }

    @Test
    void each_failure_is_one_event_with_its_cause() {
        RuntimeException down = new TokenStoreException("down", TokenStoreException.Applied.UNKNOWN, null);
        for (String method : List.of("add", "find", "list", "revoke", "revokeAll")) {
            store.failing.put(method, down);
        }
        assertThat(everyCall(events)).allMatch(result -> result.status() == Status.INTERNAL_SERVER_ERROR);
        assertThat(events.seen)
                .containsExactly(
                        List.of(OWNER, Action.ISSUE, down),
                        List.of(OWNER, Action.LIST, down),
                        List.of(OWNER, Action.REVOKE, down),
                        List.of(Caller.anonymous(), Action.REVOKE, down),
                        List.of(OWNER, Action.REVOKE, down));
    }

    @Test
    void an_event_comes_on_the_callers_thread_after_the_answer_and_outside_locks() {
        Thread caller = Thread.currentThread();
        List<Object> seen = new ArrayList<>();
        TokenEvents watching = new TokenEvents() {
            @Override
            public void issued(Issued event) {
                assertThat(store.tokens).containsKey(event.id());
                look();
            }

            @Override
            public void revoked(Revoked event) {
                TokenId id = event.id() == null ? T1 : event.id();
                assertThat(store.tokens.get(id).revocation()).isEqualTo(event.revocation());
                look();
            }

            private void look() {
                assertThat(Thread.currentThread()).isSameAs(caller);
                assertThat(Thread.holdsLock(store)).isFalse();
                // The line is written first, so that a listener that hangs hides nothing.
                assertThat(log.lines()).hasSize(seen.size() + 1);
                seen.add(store.asked.get(store.asked.size() - 1));
            }
        };
        issuance(watching).issue(OWNER, "alice", LAPTOP);
        revocation(watching).revokePresented(presented.text());
        revocation(watching).revokeAll(OWNER, "alice", PLAIN);
        assertThat(log.lines()).hasSize(3).allMatch(line -> line.endsWith(": OK"));
        assertThat(seen).containsExactly("add", "revoke", "revoke");
    }

    @Test
    void a_listener_that_throws_an_error_too_is_logged_and_changes_no_answer() {
        for (Throwable bug : List.of(
                new IllegalStateException("metrics are down"),
                new IOException("metrics are down"),
                new OutOfMemoryError("metrics are down"),
                new AssertionError("metrics are down"))) {
            List<Result<?>> results = everyCall(throwing(bug));
            assertThat(results).extracting(result -> result.status()).containsOnly(Status.OK);
            assertThat(log.lines()).filteredOn(line -> line.startsWith("WARN")).hasSize(4);
            assertThat(log.events())
                    .filteredOn(event -> event.getThrowableProxy() != null)
                    .hasSize(4)
                    .allMatch(event -> event.getThrowableProxy().getMessage().equals("metrics are down"));
            assertThat(store.tokens.values()).allMatch(token -> token.revocation() != null);
            log.clear();
            store.tokens.clear();
            keepTwoTokens();
        }
    }

    @Test
    void a_listener_that_throws_changes_no_refusal_and_no_failure_either() {
        TokenEvents throwing = throwing(new OutOfMemoryError("metrics are down"));
        assertThat(issuance(throwing).issue(OTHER, "alice", LAPTOP).status()).isEqualTo(Status.FORBIDDEN);
        assertThat(query(throwing).list(OTHER, "alice", FIRST).status()).isEqualTo(Status.FORBIDDEN);
        assertThat(revocation(throwing).revoke(OWNER, "alice", "t2").status()).isEqualTo(Status.NOT_FOUND);
        RuntimeException down = new TokenStoreException("down", TokenStoreException.Applied.UNKNOWN, null);
        for (String method : List.of("add", "find", "list", "revoke", "revokeAll")) {
            store.failing.put(method, down);
        }
        log.clear();
        assertThat(everyCall(throwing)).allMatch(result -> result.cause().orElseThrow() == down);
        assertThat(log.lines()).filteredOn(line -> line.startsWith("ERROR")).hasSize(5);
        assertThat(log.lines()).filteredOn(line -> line.startsWith("WARN")).hasSize(5);
    }

    @Test
    void a_store_that_can_not_tell_of_the_hosts_transaction_changes_no_answer() {
        TreeMapStore forgetful = new TreeMapStore() {
            @Override
            public boolean inHostTransaction() {
                throw new IllegalStateException("no transaction manager");
            }
        };
        forgetful.add(Token.builder(T1, ALICE, "laptop", NOW).build());
        TokenRevocationService service = TokenServices.builder(forgetful)
                .clock(CLOCK)
                .events(events)
                .build()
                .revocation();
        assertThat(service.revoke(OWNER, "alice", "t1").status()).isEqualTo(Status.OK);
        assertThat(events.seen).isEmpty();
    }

    @Test
    void a_listener_may_call_back_into_the_services_on_its_own_thread_and_on_another() {
        List<Result<?>> answers = new ArrayList<>();
        TokenEvents callingBack = new TokenEvents() {
            @Override
            public void revoked(Revoked event) {
                if (event.id() != null) {
                    answers.add(revocation(this).revokeAll(OWNER, "alice", PLAIN));
                    answers.add(onAnotherThread(() -> revocation(this).revoke(OWNER, "alice", "t1")));
                } else {
                    answers.add(onAnotherThread(() -> issuance(this).issue(OWNER, "alice", LAPTOP)));
                }
            }

            @Override
            public void issued(Issued event) {
                answers.add(query(this).list(OWNER, "alice", FIRST));
            }

            @Override
            public void rejected(Unsuccessful event) {
                answers.add(query(this).list(OWNER, "alice", FIRST));
            }
        };
        assertThat(revocation(callingBack).revoke(OWNER, "alice", "t1").status())
                .isEqualTo(Status.OK);
        assertThat(answers)
                .extracting(result -> result.status())
                .containsExactly(Status.OK, Status.OK, Status.OK, Status.OK, Status.NOT_FOUND);
        assertThat(store.tokens).hasSize(3);
    }

    @Test
    void nobody_watches_by_default() {
        TokenEvents none = TokenEvents.none();
        Revocation how = new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
        none.issued(new TokenEvents.Issued(OWNER, ALICE, T1, null, false));
        none.revoked(new TokenEvents.Revoked(OWNER, ALICE, T1, how, 1, false));
        none.rejected(new TokenEvents.Unsuccessful(OWNER, Action.LIST, Status.FORBIDDEN, null));
        none.failed(new TokenEvents.Unsuccessful(
                OWNER, Action.LIST, Status.INTERNAL_SERVER_ERROR, new IllegalStateException()));
        none.authenticationFailed(new TokenEvents.AuthenticationFailed(Reason.NO_TOKEN, null, null, null));
        assertThat(everyCall(none)).allMatch(result -> result.status() == Status.OK);
        assertThat(log.lines()).hasSize(5).allMatch(line -> line.startsWith("INFO"));
    }

    /** Issues, lists, revokes one, what is presented, and all: each event but a refusal's. */
    private List<Result<?>> everyCall(TokenEvents watching) {
        return List.of(
                issuance(watching).issue(OWNER, "alice", LAPTOP),
                query(watching).list(OWNER, "alice", FIRST),
                revocation(watching).revoke(OWNER, "alice", "t1"),
                revocation(watching).revokePresented(presented.text()),
                revocation(watching).revokeAll(OWNER, "alice", PLAIN));
    }

    private TokenIssuanceService issuance(TokenEvents watching) {
        return TokenServices.builder(store)
                .clock(CLOCK)
                .events(watching)
                .build()
                .issuance();
    }

    private TokenQueryService query(TokenEvents watching) {
        return TokenServices.builder(store)
                .clock(CLOCK)
                .events(watching)
                .build()
                .query();
    }

    private TokenRevocationService revocation(TokenEvents watching) {
        return TokenServices.builder(store)
                .clock(CLOCK)
                .events(watching)
                .build()
                .revocation();
    }

    private static <T> T onAnotherThread(Supplier<T> call) {
        return CompletableFuture.supplyAsync(call)
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private static TokenEvents throwing(Throwable bug) {
        return new TokenEvents() {
            @Override
            public void issued(Issued event) {
                RecordingStore.sneak(bug);
            }

            @Override
            public void revoked(Revoked event) {
                RecordingStore.sneak(bug);
            }

            @Override
            public void rejected(Unsuccessful event) {
                RecordingStore.sneak(bug);
            }

            @Override
            public void failed(Unsuccessful event) {
                RecordingStore.sneak(bug);
            }

            @Override
            public void authenticationFailed(AuthenticationFailed event) {
                RecordingStore.sneak(bug);
            }
        };
    }

    /** Keeps what each event says, in the order of its getters. */
    private static final class Recorder implements TokenEvents {

        private final List<List<?>> seen = new ArrayList<>();

        @Override
        public void issued(Issued event) {
            seen.add(List.of(event.caller(), event.owner(), event.id(), event.provisional()));
        }

        @Override
        public void revoked(Revoked event) {
            seen.add(Arrays.asList(
                    event.caller(),
                    event.owner(),
                    event.id(),
                    event.revocation(),
                    event.tokens(),
                    event.provisional()));
        }

        @Override
        public void rejected(Unsuccessful event) {
            seen.add(List.of(event.caller(), event.action(), event.status()));
        }

        @Override
        public void failed(Unsuccessful event) {
            seen.add(List.of(event.caller(), event.action(), event.cause()));
        }

        @Override
        public void authenticationFailed(AuthenticationFailed event) {
            seen.add(Arrays.asList(event.reason(), event.id(), event.owner()));
        }
    }
}
