package io.tokenstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenEventsTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final TokenPrefix PAT = TokenPrefix.personalAccessToken();
    private static final Username ALICE = new Username("alice");
    private static final Caller OWNER = Caller.user(ALICE);
    private static final Caller OTHER = Caller.user(new Username("bob"));
    private static final TokenRequest LAPTOP = new TokenRequest("laptop", null);
    private static final RevocationRequest PLAIN = new RevocationRequest(null, null);
    private static final PageRequest FIRST = PageRequest.first(10);
    private static final TokenId T1 = new TokenId("t1");

    private final CapturedLog log = CapturedLog.ofAll();
    private final RecordingStore store = new RecordingStore();
    private final Recorder events = new Recorder();
    private final PresentedToken presented = PresentedToken.create(PAT, NOW);

    @BeforeEach
    void keepTwoTokens() {
        store.given(new Token(T1, ALICE, "laptop", null, NOW, null, null));
        store.given(new Token(presented.id(), ALICE, "phone", presented.hash(), NOW, null, null));
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
        assertThat(events.seen).containsExactly(new Issued(ALICE, issued.id(), provisional));
    }

    @Test
    void nothing_is_provisional_in_a_store_that_joins_no_transaction_of_the_host() {
        IssuedToken issued = new TokenIssuanceService(new TreeMapStore(), AccessPolicy.ownerOnly(), CLOCK, events)
                .issue(OWNER, "alice", LAPTOP)
                .value();
        assertThat(events.seen).containsExactly(new Issued(ALICE, issued.id(), false));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_revoked_token_is_one_event_and_a_repeated_revocation_another(boolean provisional) {
        store.inHostTransaction = provisional;
        RevocationRequest request = new RevocationRequest(UUID.randomUUID(), "lost");
        Revocation how =
                revocation(events).revoke(OWNER, "alice", "t1", request).value();
        Revoked revoked = new Revoked(ALICE, T1, how, 1, provisional);
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
        assertThat(events.seen).containsExactly(new Revoked(ALICE, null, how, 2, provisional));
        events.seen.clear();
        revocation(events).revokeAll(OWNER, "alice", PLAIN);
        assertThat(events.seen)
                .singleElement()
                .isInstanceOfSatisfying(
                        Revoked.class, none -> assertThat(none.tokens()).isZero());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_presented_token_is_one_event_when_it_was_revoked_and_else_none(boolean provisional) {
        store.inHostTransaction = provisional;
        revocation(events).revokePresented(presented.text());
        Revocation how = store.tokens.get(presented.id()).revocation();
        assertThat(events.seen).containsExactly(new Revoked(ALICE, presented.id(), how, 1, provisional));
        events.seen.clear();
        for (String not : new String[] {
            presented.text(), null, "garbage", PresentedToken.create(PAT, NOW).text()
        }) {
            revocation(events).revokePresented(not);
        }
        assertThat(events.seen).isEmpty();
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
                expected.add(new Rejected(action, status));
            }
        }
        expected.add(new Rejected(Action.REVOKE, Status.NOT_FOUND));
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
                        new Failed(Action.ISSUE, down),
                        new Failed(Action.LIST, down),
                        new Failed(Action.REVOKE, down),
                        new Failed(Action.REVOKE, down),
                        new Failed(Action.REVOKE, down));
    }

    @Test
    void an_event_comes_on_the_callers_thread_after_the_store_answered_and_outside_its_locks() {
        Thread caller = Thread.currentThread();
        List<Object> seen = new ArrayList<>();
        TokenEvents watching = new TokenEvents() {
            @Override
            public void issued(Username owner, TokenId id, boolean provisional) {
                assertThat(store.tokens).containsKey(id);
                look();
            }

            @Override
            public void revoked(Username owner, TokenId id, Revocation how, int tokens, boolean provisional) {
                assertThat(store.tokens.get(id == null ? T1 : id).revocation()).isEqualTo(how);
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
    void a_listener_that_throws_is_logged_and_changes_no_answer() {
        for (Throwable bug :
                List.of(new IllegalStateException("metrics are down"), new IOException("metrics are down"))) {
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
        TokenEvents throwing = throwing(new IllegalStateException("metrics are down"));
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
        forgetful.add(new Token(T1, ALICE, "laptop", null, NOW, null, null));
        TokenRevocationService service =
                new TokenRevocationService(forgetful, AccessPolicy.ownerOrAdmin(), CLOCK, events);
        assertThat(service.revoke(OWNER, "alice", "t1").status()).isEqualTo(Status.OK);
        assertThat(events.seen).isEmpty();
    }

    @Test
    void an_error_of_the_virtual_machine_is_not_caught() {
        TokenEvents throwing = throwing(new OutOfMemoryError("test"));
        assertThatExceptionOfType(OutOfMemoryError.class)
                .isThrownBy(() -> revocation(throwing).revoke(OWNER, "alice", "t1"));
    }

    @Test
    void a_listener_may_call_back_into_the_services_on_its_own_thread_and_on_another() {
        List<Result<?>> answers = new ArrayList<>();
        TokenEvents callingBack = new TokenEvents() {
            @Override
            public void revoked(Username owner, TokenId id, Revocation how, int tokens, boolean provisional) {
                if (id != null) {
                    answers.add(revocation(this).revokeAll(OWNER, "alice", PLAIN));
                    answers.add(onAnotherThread(() -> revocation(this).revoke(OWNER, "alice", "t1")));
                } else {
                    answers.add(onAnotherThread(() -> issuance(this).issue(OWNER, "alice", LAPTOP)));
                }
            }

            @Override
            public void issued(Username owner, TokenId id, boolean provisional) {
                answers.add(query(this).list(OWNER, "alice", FIRST));
            }

            @Override
            public void rejected(Action action, Status status) {
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
        Revocation how = new Revocation(UUID.randomUUID(), NOW, "alice", null);
        none.issued(ALICE, T1, false);
        none.revoked(ALICE, T1, how, 1, false);
        none.rejected(Action.LIST, Status.FORBIDDEN);
        none.failed(Action.LIST, new IllegalStateException());
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
        return new TokenIssuanceService(store, AccessPolicy.ownerOrAdmin(), CLOCK, watching);
    }

    private TokenQueryService query(TokenEvents watching) {
        return new TokenQueryService(store, AccessPolicy.ownerOrAdmin(), CLOCK, watching);
    }

    private TokenRevocationService revocation(TokenEvents watching) {
        return new TokenRevocationService(store, AccessPolicy.ownerOrAdmin(), CLOCK, watching);
    }

    private static <T> T onAnotherThread(Supplier<T> call) {
        return CompletableFuture.supplyAsync(call)
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private static TokenEvents throwing(Throwable bug) {
        return new TokenEvents() {
            @Override
            public void issued(Username owner, TokenId id, boolean provisional) {
                RecordingStore.sneak(bug);
            }

            @Override
            public void revoked(Username owner, TokenId id, Revocation how, int tokens, boolean provisional) {
                RecordingStore.sneak(bug);
            }

            @Override
            public void rejected(Action action, Status status) {
                RecordingStore.sneak(bug);
            }

            @Override
            public void failed(Action action, RuntimeException cause) {
                RecordingStore.sneak(bug);
            }
        };
    }

    private record Issued(Username owner, TokenId id, boolean provisional) {}

    private record Revoked(Username owner, TokenId id, Revocation how, int tokens, boolean provisional) {}

    private record Rejected(Action action, Status status) {}

    private record Failed(Action action, RuntimeException cause) {}

    private static final class Recorder implements TokenEvents {

        private final List<Object> seen = new ArrayList<>();

        @Override
        public void issued(Username owner, TokenId id, boolean provisional) {
            seen.add(new Issued(owner, id, provisional));
        }

        @Override
        public void revoked(Username owner, TokenId id, Revocation how, int tokens, boolean provisional) {
            seen.add(new Revoked(owner, id, how, tokens, provisional));
        }

        @Override
        public void rejected(Action action, Status status) {
            seen.add(new Rejected(action, status));
        }

        @Override
        public void failed(Action action, RuntimeException cause) {
            seen.add(new Failed(action, cause));
        }
    }
}
