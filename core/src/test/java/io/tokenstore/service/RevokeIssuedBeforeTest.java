package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Scopes;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStoreException;
import io.tokenstore.fixtures.EmptyPagesStore;
import io.tokenstore.fixtures.TreeMapStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link TokenRevocationService#revokeIssuedBefore}. */
class RevokeIssuedBeforeTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Instant BREACH = NOW.minusSeconds(3_600);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Owner ALICE = new Owner("alice");
    private static final Owner BOB = new Owner("bob");
    private static final Caller ADMIN = Caller.admin("ops");
    private static final WalkBudget ALL = WalkBudget.unlimited();
    private static final Consumer<WalkProgress> UNWATCHED = progress -> {};
    private static final RevocationRequest REQUEST =
            RevocationRequest.plain().withId(new UUID(0, 1)).withReason("breach");

    private final CapturedLog log = new CapturedLog(TokenRevocationService.class);
    private final List<String> steps = new ArrayList<>();
    private final RecordingStore store = new RecordingStore() {
        @Override
        public synchronized TokenPage scan(TokenId after, int limit) {
            steps.add(limit + " after " + after);
            return super.scan(after, limit);
        }
    };
    private final List<WalkProgress> told = new ArrayList<>();
    private final List<String> events = new ArrayList<>();

    /** Ten tokens, t0 to t9, of two owners: those with an even number were issued before the breach. */
    @BeforeEach
    void keepTenTokens() {
        for (int i = 0; i < 10; i++) {
            store.given(token("t" + i, i < 5 ? ALICE : BOB, i % 2 == 0 ? BREACH.minusSeconds(i + 1) : BREACH)
                    .build());
        }
    }

    @AfterEach
    void leaveTheLogAlone() {
        log.close();
    }

    @Test
    void every_token_that_was_issued_strictly_before_the_instant_is_revoked_and_no_other() {
        store.given(token("last", BOB, BREACH.minusNanos(1_000)).build());
        store.given(token("later", BOB, BREACH.plusNanos(1_000)).build());
        Result<WalkProgress> result = revoke(ALL);
        assertThat(result.value()).isEqualTo(new WalkProgress(1_000, 6, null));
        assertThat(revoked()).containsExactly("last", "t0", "t2", "t4", "t6", "t8");
        assertThat(store.tokens.get(new TokenId("t8")).revocation())
                .returns(NOW, Revocation::at)
                .returns(Actor.admin("ops"), Revocation::by)
                .returns("breach", Revocation::reason)
                .isEqualTo(store.tokens.get(new TokenId("t0")).revocation());
    }

    @Test
    void an_expired_a_pending_and_an_unreadable_token_are_revoked_too() {
        Instant before = BREACH.minusSeconds(60);
        store.given(
                token("expired", ALICE, before).expiresAt(before.plusSeconds(1)).build());
        store.given(
                token("pending", ALICE, before).predecessor(new TokenId("t1")).build());
        store.given(token("unreadable", BOB, before)
                .minReaderVersion(Token.READER_VERSION + 1)
                .build());
        assertThat(revoke(ALL).value().matched()).isEqualTo(8);
        assertThat(revoked()).contains("expired", "pending", "unreadable");
    }

    @Test
    void what_was_revoked_before_keeps_its_revocation_and_is_not_written_again() {
        Revocation first = new Revocation(UUID.randomUUID(), NOW.minusSeconds(9), Actor.user("alice"), null);
        store.tokens.replaceAll((id, token) -> token.withRevocation(first));
        assertThat(revoke(ALL).value().matched()).isZero();
        assertThat(store.tokens.values()).extracting(Token::revocation).containsOnly(first);
        assertThat(store.asked).containsExactly("scan");
    }

    @Test
    void each_step_is_one_bounded_page_and_tells_how_far_it_is() {
        Result<WalkProgress> result = revoke(new WalkBudget(3, 100, HOUR));
        assertThat(steps).containsExactly("3 after null", "3 after t2", "3 after t5", "3 after t8");
        assertThat(told)
                .containsExactly(
                        new WalkProgress(3, 2, new TokenId("t2")),
                        new WalkProgress(6, 3, new TokenId("t5")),
                        new WalkProgress(9, 5, new TokenId("t8")),
                        new WalkProgress(12, 5, null));
        assertThat(result.value()).isEqualTo(told.get(3));
        steps.clear();
        revoke(new WalkBudget(10_000, 10_000, HOUR));
        assertThat(steps).containsExactly("1000 after null");
    }

    @Test
    void pages_that_are_short_or_empty_are_not_the_end() {
        TreeMapStore shortPages = new EmptyPagesStore();
        store.tokens.values().forEach(shortPages::add);
        Result<WalkProgress> result = TokenServices.builder(shortPages)
                .build()
                .revocation()
                .revokeIssuedBefore(ADMIN, BREACH, REQUEST, null, ALL, UNWATCHED);
        assertThat(result.value()).returns(5L, WalkProgress::matched).returns(null, WalkProgress::resumeAfter);
    }

    @Test
    void a_budget_that_is_spent_is_resumed_on_any_node_as_the_same_act() {
        TokenId after = null;
        long revoked = 0;
        do {
            WalkProgress progress = service(NOW.plusSeconds(revoked))
                    .revokeIssuedBefore(ADMIN, BREACH, REQUEST, after, new WalkBudget(2, 3, HOUR), UNWATCHED)
                    .value();
            revoked += progress.matched();
            after = progress.resumeAfter();
        } while (after != null);
        assertThat(revoked).isEqualTo(5);
        assertThat(store.tokens.values().stream()
                        .map(Token::revocation)
                        .filter(revocation -> revocation != null)
                        .map(Revocation::id)
                        .distinct())
                .hasSize(1);
    }

    @Test
    void repeated_with_the_same_id_it_counts_the_same_and_changes_nothing() {
        revoke(ALL);
        TreeMap<TokenId, Token> kept = new TreeMap<>(store.tokens);
        for (int i = 0; i < 3; i++) {
            store.asked.clear();
            assertThat(service(NOW.plusSeconds(i))
                            .revokeIssuedBefore(ADMIN, BREACH, REQUEST, null, ALL, UNWATCHED)
                            .value()
                            .matched())
                    .isEqualTo(5);
            // A look may show a write that a standby lacks: only the write's own answer is certain.
            assertThat(store.asked).containsExactly("scan", "revoke", "revoke", "revoke", "revoke", "revoke");
        }
        assertThat(store.tokens).isEqualTo(kept);
        assertThat(service(NOW)
                        .revokeIssuedBefore(ADMIN, BREACH, RevocationRequest.plain(), null, ALL, UNWATCHED)
                        .value()
                        .matched())
                .isZero();
    }

    @Test
    void after_a_failure_at_any_call_a_whole_walk_with_the_same_id_counts_exactly() {
        RuntimeException down = new TokenStoreException("down", TokenStoreException.Applied.UNKNOWN, null);
        for (int failing = 1; failing <= 9; failing++) {
            int[] calls = {failing};
            RecordingStore flaky = new RecordingStore() {
                @Override
                public synchronized TokenPage scan(TokenId after, int limit) {
                    fail();
                    return super.scan(after, limit);
                }

                @Override
                public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
                    fail();
                    boolean done = super.revoke(owner, id, revocation);
                    fail(); // Its answer is lost.
                    return done;
                }

                private void fail() {
                    if (--calls[0] == 0) {
                        throw down;
                    }
                }
            };
            store.tokens.values().forEach(flaky::given);
            TokenRevocationService service =
                    TokenServices.builder(flaky).build().revocation();
            WalkBudget budget = new WalkBudget(3, 1_000, HOUR);
            Result<WalkProgress> failed = service.revokeIssuedBefore(ADMIN, BREACH, REQUEST, null, budget, UNWATCHED);
            assertThat(failed.cause()).containsSame(down);
            Result<WalkProgress> whole = service.revokeIssuedBefore(ADMIN, BREACH, REQUEST, null, budget, UNWATCHED);
            assertThat(whole.value().matched()).isEqualTo(5);
            assertThat(flaky.tokens.values())
                    .allMatch(token ->
                            token.revocation() != null == token.createdAt().isBefore(BREACH));
        }
    }

    @Test
    void a_token_that_can_t_be_revoked_is_passed_over_and_the_answer_is_a_failure() {
        RuntimeException broken = new TokenStoreException("broken row", TokenStoreException.Applied.NO, null);
        BrokenRows rows = new BrokenRows();
        store.tokens.values().forEach(rows::given);
        rows.broken.put("revoke t2", broken);
        Result<WalkProgress> failed = TokenServices.builder(rows)
                .build()
                .revocation()
                .revokeIssuedBefore(ADMIN, BREACH, REQUEST, null, new WalkBudget(3, 1_000, HOUR), told::add);
        assertThat(failed.cause()).containsSame(broken);
        assertThat(told).last().isEqualTo(new WalkProgress(12, 4, null));
        assertThat(rows.tokens.values())
                .allMatch(token -> token.revocation()
                        != null
                        == (token.createdAt().isBefore(BREACH)
                                && !token.id().value().equals("t2")));
        assertThat(log.lines())
                .containsExactly(
                        "WARN token t2 is not revoked: " + TokenStoreException.class.getName(),
                        "ERROR admin ops revokes the tokens of all users that were issued before " + BREACH
                                + " after null, 4 tokens: INTERNAL_SERVER_ERROR");
    }

    @Test
    void a_successor_that_can_t_be_read_keeps_no_other_token_from_its_revocation() {
        BrokenRows rows = new BrokenRows();
        store.tokens.values().forEach(rows::given);
        Token bad = token("bad", ALICE, NOW).build();
        rows.given(token("a-rotated", ALICE, BREACH.minusSeconds(60))
                .revocation(Succession.firstUseOf(bad, NOW))
                .build());
        rows.broken.put("find bad", new TokenStoreException("broken row", TokenStoreException.Applied.NO, null));
        Result<WalkProgress> failed = TokenServices.builder(rows)
                .build()
                .revocation()
                .revokeIssuedBefore(ADMIN, BREACH, REQUEST.andSuccessors(), null, ALL, told::add);
        assertThat(failed.cause()).containsSame(rows.broken.get("find bad"));
        assertThat(told).containsExactly(new WalkProgress(1_000, 5, null));
    }

    @Test
    void three_failures_in_a_row_end_the_walk_which_goes_on_at_the_same_step() {
        RuntimeException readOnly = new TokenStoreException("read-only", TokenStoreException.Applied.NO, null);
        store.failing.put("revoke", readOnly);
        assertThat(revoke(ALL).cause()).containsSame(readOnly);
        assertThat(store.asked).containsExactly("scan", "revoke", "revoke", "revoke");
        assertThat(told).isEmpty();
        store.failing.clear();
        assertThat(revoke(ALL).value().matched()).isEqualTo(5);
    }

    @Test
    void the_first_failure_is_the_cause_and_the_one_that_ended_the_walk_is_beside_it() {
        BrokenRows rows = new BrokenRows();
        store.tokens.values().forEach(rows::given);
        for (String id : List.of("t0", "t2", "t4")) {
            rows.broken.put("revoke " + id, new TokenStoreException(id, TokenStoreException.Applied.NO, null));
        }
        Result<WalkProgress> failed = TokenServices.builder(rows)
                .build()
                .revocation()
                .revokeIssuedBefore(ADMIN, BREACH, REQUEST, null, ALL, UNWATCHED);
        assertThat(failed.cause()).containsSame(rows.broken.get("revoke t0"));
        assertThat(failed.cause().orElseThrow().getSuppressed()).contains(rows.broken.get("revoke t4"));
        assertThat(rows.tokens.get(new TokenId("t6")).revocation()).isNull();
    }

    @Test
    void failures_that_are_not_in_a_row_do_not_end_the_walk() {
        BrokenRows rows = new BrokenRows();
        for (int i = 10; i < 20; i++) {
            rows.given(token("t" + i, ALICE, BREACH.minusSeconds(1)).build());
            if (i % 2 == 0) {
                rows.broken.put("revoke t" + i, new TokenStoreException("t" + i, TokenStoreException.Applied.NO, null));
            }
        }
        Result<WalkProgress> failed = TokenServices.builder(rows)
                .build()
                .revocation()
                .revokeIssuedBefore(ADMIN, BREACH, REQUEST, null, ALL, told::add);
        assertThat(told).containsExactly(new WalkProgress(1_000, 5, null));
        assertThat(failed.cause().orElseThrow())
                .isSameAs(rows.broken.get("revoke t10"))
                .satisfies(first -> assertThat(first.getSuppressed()).hasSize(3));
    }

    /** Fails for some tokens. */
    private static final class BrokenRows extends RecordingStore {

        private final Map<String, RuntimeException> broken = new HashMap<>();

        @Override
        public synchronized Optional<Token> find(TokenId id) {
            failIfBroken("find " + id);
            return super.find(id);
        }

        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            failIfBroken("revoke " + id);
            return super.revoke(owner, id, revocation);
        }

        private void failIfBroken(String call) {
            if (broken.containsKey(call)) {
                throw broken.get(call);
            }
        }
    }

    @Test
    void a_line_of_successors_is_followed_once_however_long_it_is() {
        for (int after : List.of(0, 100, 400)) {
            RecordingStore line = new RecordingStore();
            Token next = null;
            for (int i = 399; i >= 0; i--) {
                Instant createdAt = i < 400 - after ? BREACH.minusSeconds(400 - i) : BREACH.plusSeconds(i);
                Token.Builder token = token("c" + (1_000 + i), ALICE, i == 0 ? BREACH.minusSeconds(900) : createdAt);
                next = (next == null ? token : token.revocation(Succession.firstUseOf(next, NOW))).build();
                line.given(next);
            }
            Result<WalkProgress> result = TokenServices.builder(line)
                    .build()
                    .revocation()
                    .revokeIssuedBefore(ADMIN, BREACH, REQUEST.andSuccessors(), null, ALL, UNWATCHED);
            assertThat(result.status()).isEqualTo(Status.OK);
            assertThat(line.tokens.get(new TokenId("c1399")).revocation()).returns(Actor.admin("ops"), Revocation::by);
            assertThat(line.asked).hasSizeLessThan(3 * 400);
        }
    }

    @Test
    void a_token_that_is_rotated_behind_the_look_is_followed_too() {
        Token next = token("next", ALICE, NOW).build();
        RecordingStore racing = new RecordingStore() {
            @Override
            public synchronized TokenPage scan(TokenId after, int limit) {
                TokenPage page = super.scan(after, limit);
                tokens.replaceAll((id, token) ->
                        id.value().equals("t0") ? token.withRevocation(Succession.firstUseOf(next, NOW)) : token);
                return page;
            }
        };
        store.tokens.values().forEach(racing::given);
        racing.given(next);
        Result<WalkProgress> result = TokenServices.builder(racing)
                .build()
                .revocation()
                .revokeIssuedBefore(ADMIN, BREACH, REQUEST.andSuccessors(), null, ALL, UNWATCHED);
        assertThat(result.value().matched()).isEqualTo(4);
        assertThat(racing.tokens.get(next.id()).revocation()).returns(Actor.admin("ops"), Revocation::by);
    }

    @Test
    void within_the_hosts_transaction_it_is_a_failure_before_the_first_look() {
        store.inHostTransaction = true;
        for (RevocationRequest request : List.of(REQUEST, REQUEST.andSuccessors())) {
            Result<WalkProgress> result = service(NOW).revokeIssuedBefore(ADMIN, BREACH, request, null, ALL, told::add);
            assertThat(result.cause()).containsInstanceOf(IllegalStateException.class);
        }
        assertThat(store.asked).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void each_step_records_its_own_time_under_one_act() {
        Instant[] now = {NOW};
        InstantSource clock = () -> now[0];
        TokenRevocationService service = TokenServices.builder(store)
                .clock(clock.withZone(ZoneOffset.UTC))
                .build()
                .revocation();
        service.revokeIssuedBefore(
                ADMIN,
                BREACH,
                RevocationRequest.plain(),
                null,
                new WalkBudget(3, 1_000, HOUR),
                progress -> now[0] = now[0].plusSeconds(1));
        assertThat(store.tokens.get(new TokenId("t2")).revocation().at()).isEqualTo(NOW);
        assertThat(store.tokens.get(new TokenId("t8")).revocation().at()).isEqualTo(NOW.plusSeconds(2));
        assertThat(store.tokens.get(new TokenId("t8")).revocation().id())
                .isEqualTo(store.tokens.get(new TokenId("t2")).revocation().id());
    }

    @Test
    void one_request_id_for_a_leaked_list_and_a_walk_is_two_acts() {
        PresentedToken leaked = PresentedToken.create(new TokenPrefix("pat"), BREACH);
        store.given(Token.builder(leaked.id(), ALICE, "laptop", BREACH.minusSeconds(60))
                .hash(leaked.hash())
                .build());
        service(NOW).revokeLeaked(ADMIN, List.of(leaked.text()), REQUEST, (text, verdict) -> {});
        assertThat(revoke(ALL).value().matched()).isEqualTo(5);
        assertThat(service(NOW).revoke(ADMIN, "alice", "t0", REQUEST).status()).isEqualTo(Status.NOT_FOUND);
    }

    @Test
    void a_successor_that_waits_never_becomes_valid_once_its_predecessor_is_revoked() {
        Rotated rotated = rotated();
        assertThat(revoke(ALL).value().matched()).isEqualTo(6);
        assertThat(rotated.isLive(rotated.next.secret())).isFalse();
        assertThat(revoked()).doesNotContain(rotated.next.id().value());
    }

    @Test
    void a_successor_that_took_its_place_later_stays_unless_successors_are_asked_for() {
        Rotated rotated = rotated();
        assertThat(rotated.isLive(rotated.next.secret())).isTrue();
        assertThat(revoke(ALL).value().matched()).isEqualTo(5);
        assertThat(rotated.isLive(rotated.next.secret())).isTrue();
        Result<WalkProgress> withSuccessors =
                service(NOW).revokeIssuedBefore(ADMIN, BREACH, REQUEST.andSuccessors(), null, ALL, UNWATCHED);
        assertThat(rotated.isLive(rotated.next.secret())).isFalse();
        assertThat(withSuccessors.value().matched()).as("issued before").isEqualTo(5);
        assertThat(events).contains("alice " + rotated.next.id() + " 1");
    }

    @Test
    void it_takes_effect_at_once_on_services_that_remember_looks() {
        TokenServices tokens = TokenServices.builder(store).maxStaleness(HOUR).build();
        PresentedToken presented = PresentedToken.create(new TokenPrefix("pat"), BREACH);
        store.given(Token.builder(presented.id(), ALICE, "laptop", BREACH.minusSeconds(60))
                .hash(presented.hash())
                .build());
        assertThat(tokens.authenticator().authenticateToken(presented.text()).isUser(ALICE))
                .isTrue();
        tokens.revocation().revokeIssuedBefore(ADMIN, BREACH, REQUEST, null, ALL, UNWATCHED);
        assertThat(tokens.authenticator().authenticateToken(presented.text())).isSameAs(Caller.anonymous());
    }

    @Test
    void only_administrators_may_and_by_a_token_only_with_the_scope_for_everybodys() {
        assertThat(status(AccessPolicy.ownerOrAdmin(), Caller.anonymous())).isEqualTo(Status.UNAUTHORIZED);
        assertThat(status(AccessPolicy.ownerOrAdmin(), Caller.user(ALICE))).isEqualTo(Status.FORBIDDEN);
        assertThat(status(AccessPolicy.ownerOnly(), ADMIN)).isEqualTo(Status.FORBIDDEN);
        Token narrow =
                token("mine", ALICE, NOW).scopes(Scopes.of(List.of("tokens"))).build();
        assertThat(status(request -> true, Caller.by(narrow, true))).isEqualTo(Status.FORBIDDEN);
        assertThat(store.asked).isEmpty();
        Token wide = narrow.toBuilder().scopes(Scopes.all()).build();
        assertThat(status(AccessPolicy.ownerOrAdmin(), Caller.by(wide, true))).isEqualTo(Status.OK);
    }

    @Test
    void the_policy_is_asked_for_this_action_and_for_no_owner() {
        List<Object> asked = new ArrayList<>();
        status(
                request -> {
                    asked.addAll(Arrays.asList(request.action(), request.owner()));
                    return false;
                },
                ADMIN);
        assertThat(asked).containsExactly(Action.REVOKE_ISSUED_BEFORE, null);
    }

    @Test
    void a_reason_that_breaks_its_rule_is_an_issue_before_anybody_is_asked() {
        Result<WalkProgress> result =
                service(NOW).revokeIssuedBefore(ADMIN, BREACH, REQUEST.withReason("a\nb"), null, ALL, UNWATCHED);
        assertThat(result.status()).isEqualTo(Status.BAD_REQUEST);
        assertThat(store.asked).isEmpty();
    }

    @Test
    void each_token_is_an_event_and_each_walk_one_line() {
        TokenRevocationService watched = service(NOW);
        watched.revokeIssuedBefore(ADMIN, BREACH, REQUEST, new TokenId("t4"), ALL, UNWATCHED);
        watched.revokeIssuedBefore(ADMIN, BREACH, REQUEST, null, ALL, progress -> {
            throw new IllegalStateException("full");
        });
        assertThat(events)
                .containsExactly(
                        "bob t6 1",
                        "bob t8 1",
                        "alice t0 1",
                        "alice t2 1",
                        "alice t4 1",
                        "bob t6 1",
                        "bob t8 1",
                        "failed REVOKE_ISSUED_BEFORE");
        String attempt = " admin ops revokes the tokens of all users that were issued before " + BREACH + " after ";
        assertThat(log.lines())
                .containsExactly(
                        "INFO" + attempt + "t4, 2 tokens: OK",
                        "ERROR" + attempt + "null, 5 tokens: INTERNAL_SERVER_ERROR");
    }

    @Test
    void null_is_refused_if_it_is_a_programming_error() {
        TokenRevocationService service = service(NOW);
        assertThatNullPointerException()
                .isThrownBy(() -> service.revokeIssuedBefore(null, BREACH, REQUEST, null, ALL, UNWATCHED));
        assertThatNullPointerException()
                .isThrownBy(() -> service.revokeIssuedBefore(ADMIN, null, REQUEST, null, ALL, UNWATCHED));
        assertThatNullPointerException()
                .isThrownBy(() -> service.revokeIssuedBefore(ADMIN, BREACH, null, null, ALL, UNWATCHED));
        assertThatNullPointerException()
                .isThrownBy(() -> service.revokeIssuedBefore(ADMIN, BREACH, REQUEST, null, null, UNWATCHED));
        assertThatNullPointerException()
                .isThrownBy(() -> service.revokeIssuedBefore(ADMIN, BREACH, REQUEST, null, ALL, null));
        assertThat(store.asked).isEmpty();
    }

    /** A token that was issued before the breach and rotated after it. */
    private Rotated rotated() {
        TokenRequest request = TokenRequest.named("laptop")
                .withTtl(Duration.ofDays(1))
                .withRenewableUntil(NOW.plus(Duration.ofDays(9)));
        Caller alice = Caller.user(ALICE);
        IssuedToken old = servicesAt(BREACH.minusSeconds(60))
                .issuance()
                .issue(alice, "alice", request)
                .value();
        IssuedToken next = servicesAt(BREACH.plusSeconds(60))
                .issuance()
                .rotate(alice, "alice", old.id().value(), Duration.ofDays(1))
                .value();
        return new Rotated(servicesAt(NOW).authenticator(), next);
    }

    private record Rotated(TokenAuthenticator authenticator, IssuedToken next) {
        boolean isLive(String secret) {
            return authenticator.authenticateToken(secret).isUser(ALICE);
        }
    }

    private Result<WalkProgress> revoke(WalkBudget budget) {
        return service(NOW).revokeIssuedBefore(ADMIN, BREACH, REQUEST, null, budget, told::add);
    }

    private Status status(AccessPolicy policy, Caller caller) {
        return TokenServices.builder(store)
                .policy(policy)
                .build()
                .revocation()
                .revokeIssuedBefore(caller, BREACH, REQUEST, null, ALL, UNWATCHED)
                .status();
    }

    private TokenRevocationService service(Instant now) {
        return servicesAt(now).revocation();
    }

    private TokenServices servicesAt(Instant now) {
        return TokenServices.builder(store)
                .clock(Clock.fixed(now, ZoneOffset.UTC))
                .events(new TokenEvents() {
                    @Override
                    public void revoked(Revoked event) {
                        events.add(event.owner() + " " + event.id() + " " + event.tokens());
                    }

                    @Override
                    public void failed(Unsuccessful event) {
                        events.add("failed " + event.action());
                    }
                })
                .build();
    }

    private List<String> revoked() {
        return store.tokens.values().stream()
                .filter(token -> token.revocation() != null)
                .filter(token -> token.revocation().by().kind() == Actor.Kind.ADMIN)
                .map(token -> token.id().value())
                .toList();
    }

    private static Token.Builder token(String id, Owner owner, Instant createdAt) {
        return Token.builder(new TokenId(id), owner, "laptop", createdAt);
    }
}
