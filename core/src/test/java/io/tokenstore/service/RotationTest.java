package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Scopes;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenState;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.fixtures.TreeMapStore;
import io.tokenstore.service.TokenEvents.AuthenticationFailed;
import io.tokenstore.service.TokenEvents.AuthenticationFailed.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RotationTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final Instant UNTIL = NOW.plus(DAY.multipliedBy(30));
    private static final Owner ALICE = new Owner("alice");
    private static final Caller OWNER = Caller.user(ALICE);

    private final UnreliableStore store = new UnreliableStore();
    private final List<AuthenticationFailed> refused = new ArrayList<>();
    private final List<TokenEvents.Issued> issued = new ArrayList<>();
    private final List<TokenEvents.Revoked> revoked = new ArrayList<>();
    private Role role = Role.USER;

    private void assertAuthenticatedBy(IssuedToken token) {
        Caller caller = present(token);
        assertThat(caller).hasToString("user alice");
        assertThat(caller.token().id()).isEqualTo(token.id());
    }

    private enum Cut {
        BEFORE_REVOKE,
        AFTER_REVOKE,
        BEFORE_ACTIVATE,
        AFTER_ACTIVATE
    }

    /** Fails once, before a write or after it. */
    private static final class UnreliableStore extends TreeMapStore {
        private Cut next;
        private Runnable beforeActivate = () -> {};
        private Runnable afterList = () -> {};

        private void fail(Cut here) {
            if (next == here) {
                next = null;
                throw new TokenStoreException("the connection was lost", Applied.UNKNOWN, null);
            }
        }

        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            fail(Cut.BEFORE_REVOKE);
            boolean revoked = super.revoke(owner, id, revocation);
            fail(Cut.AFTER_REVOKE);
            return revoked;
        }

        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            TokenPage page = super.list(owner, after, limit);
            afterList.run();
            return page;
        }

        @Override
        public synchronized boolean activate(Owner owner, TokenId id) {
            fail(Cut.BEFORE_ACTIVATE);
            beforeActivate.run();
            boolean active = super.activate(owner, id);
            fail(Cut.AFTER_ACTIVATE);
            return active;
        }
    }

    private TokenServices at(Instant now) {
        return TokenServices.builder(store)
                .scopes("repo:read")
                .allowNeverExpiring()
                .clock(Clock.fixed(now, ZoneOffset.UTC))
                .roles(owner -> role)
                .events(new TokenEvents() {
                    @Override
                    public void authenticationFailed(AuthenticationFailed event) {
                        refused.add(event);
                    }

                    @Override
                    public void issued(Issued event) {
                        issued.add(event);
                    }

                    @Override
                    public void revoked(Revoked event) {
                        revoked.add(event);
                    }
                })
                .build();
    }

    private IssuedToken issue() {
        return issue(Duration.ofHours(1));
    }

    private IssuedToken issue(Duration ttl) {
        TokenRequest request = TokenRequest.named("laptop")
                .withTtl(ttl)
                .withScopes(List.of("repo:read"))
                .withRenewableUntil(UNTIL);
        return at(NOW).issuance().issue(OWNER, "alice", request).orElseThrow();
    }

    private IssuedToken rotate(IssuedToken token) {
        return rotateAt(NOW, token, null).orElseThrow();
    }

    private Result<IssuedToken> rotateAt(Instant now, IssuedToken token, Duration ttl) {
        return at(now).issuance().rotate(OWNER, "alice", token.id().value(), ttl);
    }

    private Caller present(IssuedToken token) {
        return at(NOW).authenticator().authenticateToken(token.secret());
    }

    private TokenState stateOf(IssuedToken token) {
        return store.find(token.id()).orElseThrow().stateAt(NOW);
    }

    private List<Reason> reasons() {
        return refused.stream().map(AuthenticationFailed::reason).toList();
    }

    private static List<String> messages(Result<?> result) {
        return result.error().orElseThrow().issues().stream()
                .map(violation -> violation.message())
                .toList();
    }

    @Test
    void a_successor_waits_and_its_predecessor_goes_on_until_the_first_use() {
        IssuedToken old = issue();
        IssuedToken next = rotate(old);
        assertThat(stateOf(next)).isEqualTo(TokenState.PENDING);
        assertAuthenticatedBy(old);
        assertAuthenticatedBy(next);
        assertThat(stateOf(next)).isEqualTo(TokenState.ACTIVE);
        assertAuthenticatedBy(next);
        assertThat(present(old).isAnonymous()).isTrue();
        assertThat(reasons()).containsExactly(Reason.ROTATED);
        assertThat(refused.get(0).successor()).isEqualTo(next.id());
        assertThat(refused.get(0).id()).isEqualTo(old.id());
    }

    @Test
    void a_successor_is_as_its_predecessor_and_names_it() {
        IssuedToken old = issue();
        IssuedToken next = rotate(old);
        Token kept = store.find(old.id()).orElseThrow();
        assertThat(store.find(next.id()))
                .contains(Token.builder(next.id(), ALICE, "laptop", NOW)
                        .hash(PresentedToken.parse(next.secret()).orElseThrow().hash())
                        .scopes(kept.scopes())
                        .renewableUntil(UNTIL)
                        .minReaderVersion(kept.minReaderVersion())
                        .expiresAt(kept.expiresAt())
                        .predecessor(old.id())
                        .build());
        assertThat(next.predecessor()).isEqualTo(old.id());
        assertThat(next.renewableUntil()).isEqualTo(UNTIL);
        assertThat(issued).extracting(TokenEvents.Issued::predecessor).containsExactly(null, old.id());
    }

    @Test
    void of_many_successors_the_first_to_be_used_is_valid_and_no_other() {
        IssuedToken old = issue();
        List<IssuedToken> successors =
                IntStream.range(0, 8).mapToObj(i -> rotate(old)).toList();
        assertAuthenticatedBy(successors.get(3));
        for (IssuedToken other : successors) {
            boolean first = other == successors.get(3);
            assertThat(present(other).isAnonymous()).isEqualTo(!first);
        }
        assertThat(reasons()).hasSize(7).containsOnly(Reason.PENDING);
    }

    @Test
    void the_first_use_is_told_as_a_revocation_that_names_the_successor() {
        IssuedToken old = issue();
        IssuedToken next = rotate(old);
        present(next);
        assertThat(revoked).hasSize(1);
        assertThat(revoked.get(0).id()).isEqualTo(old.id());
        assertThat(revoked.get(0).revocation().by()).isEqualTo(new Actor(Actor.Kind.ROTATION, "alice", next.id()));
        assertThat(store.find(old.id()).orElseThrow().revocation())
                .isEqualTo(revoked.get(0).revocation());
    }

    @Test
    void no_successor_of_a_token_that_was_revoked_before_becomes_valid() {
        IssuedToken old = issue();
        IssuedToken next = rotate(old);
        at(NOW).revocation().revoke(OWNER, "alice", old.id().value()).orElseThrow();
        assertThat(present(next).isAnonymous()).isTrue();
        assertThat(reasons()).containsExactly(Reason.PENDING);
        assertThat(stateOf(next)).isEqualTo(TokenState.PENDING);
    }

    @Test
    void a_revoked_successor_leaves_its_predecessor_as_it_is() {
        IssuedToken old = issue();
        IssuedToken next = rotate(old);
        at(NOW).revocation().revoke(OWNER, "alice", next.id().value()).orElseThrow();
        assertThat(present(next).isAnonymous()).isTrue();
        assertThat(reasons()).containsExactly(Reason.REVOKED);
        assertAuthenticatedBy(old);
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    void a_failure_within_the_first_use_is_a_failure_and_the_next_use_repeats_it(Cut cut) {
        IssuedToken old = issue();
        IssuedToken next = rotate(old);
        store.next = cut;
        assertThatExceptionOfType(TokenStoreException.class).isThrownBy(() -> present(next));
        assertThat(refused).isEmpty();
        assertAuthenticatedBy(next);
        assertThat(present(old).isAnonymous()).isTrue();
    }

    @Test
    void a_suspended_owner_uses_no_successor_and_ends_no_predecessor() {
        IssuedToken old = issue();
        IssuedToken next = rotate(old);
        role = Role.NONE;
        assertThat(present(next).isAnonymous()).isTrue();
        assertThat(reasons()).containsExactly(Reason.SUSPENDED_OWNER);
        role = Role.USER;
        assertAuthenticatedBy(old);
    }

    @Test
    void an_id_alone_is_not_a_first_use() {
        IssuedToken old = issue();
        IssuedToken next = rotate(old);
        assertThat(at(NOW).authenticator().isLive(next.id().value())).isFalse();
        assertThat(at(NOW).authenticator().isLive(old.id().value())).isTrue();
        assertThat(reasons()).containsExactly(Reason.PENDING);
    }

    @Test
    void a_successor_lives_as_long_as_its_predecessor_was_to_and_no_longer_than_renewable() {
        IssuedToken old = issue(Duration.ofHours(1));
        Instant later = NOW.plus(Duration.ofMinutes(50));
        assertThat(rotateAt(later, old, null).orElseThrow().expiresAt()).isEqualTo(later.plus(Duration.ofHours(1)));
        assertThat(rotateAt(later, old, Duration.ofDays(300)).orElseThrow().expiresAt())
                .isEqualTo(later.plus(Duration.ofHours(1)));
        assertThat(rotateAt(later, old, Duration.ofMinutes(5)).orElseThrow().expiresAt())
                .isEqualTo(later.plus(Duration.ofMinutes(5)));
        IssuedToken endless = issue(null);
        assertThat(rotateAt(later, endless, null).orElseThrow().expiresAt()).isEqualTo(UNTIL);
        IssuedToken month = issue(DAY.multipliedBy(40));
        Instant last = UNTIL.minus(Duration.ofMinutes(5));
        assertThat(rotateAt(last, month, null).orElseThrow().expiresAt()).isEqualTo(UNTIL);
        assertThat(messages(rotateAt(last.plusNanos(1_000), month, null)))
                .containsExactly("token_id is of a token that is not renewable");
        TokenServices strict = TokenServices.builder(store)
                .lifetimes(Duration.ofMinutes(5), DAY)
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .build();
        assertThat(strict.issuance()
                        .rotate(OWNER, "alice", endless.id().value(), null)
                        .orElseThrow()
                        .expiresAt())
                .isEqualTo(NOW.plus(DAY));
    }

    @Test
    void a_caller_by_a_token_rotates_that_very_token_and_no_other() {
        IssuedToken own = issue();
        IssuedToken other = issue();
        Caller byToken = present(own);
        TokenIssuanceService issuance = at(NOW).issuance();
        assertThat(issuance.rotate(byToken, "alice", other.id().value(), null).status())
                .isEqualTo(Status.FORBIDDEN);
        assertThat(issuance.rotate(byToken, "alice", own.id().value(), null).status())
                .isEqualTo(Status.OK);
    }

    @Test
    void an_administrator_never_holds_anothers_secret_whatever_the_policy() {
        IssuedToken old = issue();
        TokenServices lax = TokenServices.builder(store).policy(request -> true).build();
        for (Caller admin :
                List.of(Caller.admin("ops"), Caller.admin(new Owner("bob")), Caller.user(new Owner("bob")))) {
            assertThat(lax.issuance()
                            .rotate(admin, "alice", old.id().value(), null)
                            .status())
                    .isEqualTo(Status.FORBIDDEN);
        }
        TokenServices strict = TokenServices.builder(store)
                .policy(request -> request.action() != Action.ROTATE)
                .build();
        assertThat(strict.issuance()
                        .rotate(OWNER, "alice", old.id().value(), null)
                        .status())
                .isEqualTo(Status.FORBIDDEN);
        assertThat(lax.issuance()
                        .rotate(Caller.anonymous(), "alice", old.id().value(), null)
                        .status())
                .isEqualTo(Status.UNAUTHORIZED);
        assertThat(issued).hasSize(1);
    }

    @Test
    void what_has_ended_or_is_unknown_is_not_found() {
        IssuedToken old = issue();
        assertThat(rotateAt(NOW.plus(Duration.ofHours(1)), old, null).status()).isEqualTo(Status.NOT_FOUND);
        TokenIssuanceService issuance = at(NOW).issuance();
        for (String unknown : List.of("t1", "", "x".repeat(256), old.secret())) {
            assertThat(issuance.rotate(OWNER, "alice", unknown, null).status()).isEqualTo(Status.NOT_FOUND);
        }
        assertThat(issuance.rotate(
                                Caller.user(new Owner("bob")), "bob", old.id().value(), null)
                        .status())
                .isEqualTo(Status.NOT_FOUND);
        at(NOW).revocation().revoke(OWNER, "alice", old.id().value()).orElseThrow();
        assertThat(rotateAt(NOW, old, null).status()).isEqualTo(Status.NOT_FOUND);
    }

    @Test
    void what_can_not_be_rotated_now_is_a_bad_request() {
        IssuedToken old = issue(DAY.multipliedBy(60));
        IssuedToken next = rotate(old);
        assertThat(messages(rotateAt(NOW, next, null))).containsExactly("token_id is of a token that was not used yet");
        assertThat(messages(rotateAt(UNTIL, old, null)))
                .containsExactly("token_id is of a token that is not renewable");
        TokenRequest plain = TokenRequest.named("ci").withScopes(List.of("*"));
        IssuedToken fixed = at(NOW).issuance().issue(OWNER, "alice", plain).orElseThrow();
        assertThat(messages(rotateAt(NOW, fixed, null)))
                .containsExactly("token_id is of a token that is not renewable");
        Token later = Token.builder(new TokenId("later"), ALICE, "laptop", NOW)
                .renewableUntil(UNTIL)
                .minReaderVersion(1)
                .build();
        store.add(later);
        assertThat(messages(at(NOW).issuance().rotate(OWNER, "alice", "later", null)))
                .containsExactly("token_id is of a token that a later release issued");
        assertThat(messages(at(NOW).issuance().rotate(OWNER, null, null, Duration.ZERO)))
                .hasSize(3);
    }

    @Test
    void a_token_without_a_secret_or_with_an_unknown_scope_is_not_rotated() {
        Token renewable = store.find(issue().id()).orElseThrow();
        List<Token> changed = List.of(
                renewable.toBuilder().hash(null).build(),
                renewable.toBuilder()
                        .scopes(Scopes.of(List.of("repo:read", "repo:write")))
                        .build());
        assertThat(changed)
                .map(token -> {
                    store.tokens.put(token.id(), token);
                    return messages(
                            at(NOW).issuance().rotate(OWNER, "alice", token.id().value(), null));
                })
                .containsExactly(
                        List.of("token_id is of a token that this service did not issue"),
                        List.of("token_id is of a token that has a scope that this service does not know"));
    }

    @Test
    void until_when_a_token_is_renewable_has_the_configured_limits() {
        TokenServices tokens = TokenServices.builder(store)
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .lifetimes(Duration.ofMinutes(5), Duration.ofHours(1))
                .renewableFor(DAY)
                .build();
        TokenRequest request = TokenRequest.named("laptop").withTtl(Duration.ofMinutes(5));
        for (Instant outside :
                List.of(NOW, NOW.plusSeconds(299), NOW.plus(DAY).plusNanos(1), Instant.MIN, Instant.MAX)) {
            assertThat(messages(tokens.issuance().issue(OWNER, "alice", request.withRenewableUntil(outside))))
                    .containsExactly("renewableUntil must be PT5M to PT24H from now");
        }
        for (Instant within : List.of(NOW.plusSeconds(300), NOW.plus(DAY))) {
            assertThat(tokens.issuance()
                            .issue(OWNER, "alice", request.withRenewableUntil(within))
                            .orElseThrow()
                            .renewableUntil())
                    .isEqualTo(within);
        }
        TokenServicesBuilder builder =
                TokenServices.builder(store).lifetimes(Duration.ofMinutes(5), Duration.ofHours(1));
        Duration most = Duration.ofDays(366_000);
        for (Duration wrong : List.of(Duration.ofMinutes(5).minusNanos(1), most.plusNanos(1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.renewableFor(wrong).build());
        }
        for (Duration right : List.of(Duration.ofMinutes(5), most)) {
            assertThat(builder.renewableFor(right).build()).isNotNull();
        }
    }

    @Test
    void beyond_eight_unused_successors_the_oldest_is_revoked() {
        IssuedToken old = issue();
        List<IssuedToken> successors = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            successors.add(rotateAt(NOW.plusMillis(i), old, null).orElseThrow());
        }
        assertThat(successors.subList(0, 4)).allMatch(token -> stateOf(token) == TokenState.REVOKED);
        assertThat(successors.subList(4, 12)).allMatch(token -> stateOf(token) == TokenState.PENDING);
        assertThat(present(successors.get(0)).isAnonymous()).isTrue();
        assertThat(reasons()).containsExactly(Reason.REVOKED);
        assertAuthenticatedBy(successors.get(11));
    }

    @Test
    void the_oldest_successor_stays_if_it_is_used_just_before_it_would_be_revoked() {
        IssuedToken old = issue();
        List<IssuedToken> successors = IntStream.range(0, 8)
                .mapToObj(i -> rotateAt(NOW.plusMillis(i), old, null).orElseThrow())
                .toList();
        IssuedToken oldest = successors.get(0);
        Token used = store.find(oldest.id()).orElseThrow().toBuilder()
                .predecessor(null)
                .build();
        store.afterList = () -> store.tokens.put(oldest.id(), used);
        rotateAt(NOW.plusMillis(8), old, null).orElseThrow();
        assertThat(store.find(oldest.id())).contains(used);
        assertThat(successors.subList(1, 8)).allMatch(token -> stateOf(token) == TokenState.PENDING);
    }

    @Test
    void each_attempt_to_rotate_is_one_line() {
        IssuedToken old = issue();
        try (CapturedLog log = new CapturedLog(TokenIssuanceService.class)) {
            IssuedToken next = rotate(old);
            rotateAt(UNTIL, next, null);
            assertThat(log.lines())
                    .containsExactly(
                            "INFO user alice rotates token " + old.id() + " of user alice to token " + next.id()
                                    + ": OK",
                            "INFO user alice rotates token \""
                                    + next.id().value().substring(0, 8)
                                    + "…\" (length 22) of user \"alice\" (length 5): NOT_FOUND");
        }
    }

    /** Only a broken store keeps such a token. */
    @Test
    void another_owners_token_leads_to_no_successor() {
        IssuedToken own = issue();
        Token bobs = Token.builder(new TokenId("bobs"), new Owner("bob"), "laptop", NOW)
                .revocation(Succession.firstUseOf(store.find(own.id()).orElseThrow(), NOW))
                .build();
        store.add(bobs);
        RevocationRequest line = RevocationRequest.plain().andSuccessors();
        assertThat(at(NOW).revocation().revoke(OWNER, "alice", "bobs", line).status())
                .isEqualTo(Status.NOT_FOUND);
        assertAuthenticatedBy(own);
    }

    @Test
    void unused_successors_do_not_count_for_the_limit() {
        TokenServices one = TokenServices.builder(store)
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .limit(2)
                .build();
        IssuedToken old = issue();
        for (int i = 0; i < 3; i++) {
            assertThat(one.issuance()
                            .rotate(OWNER, "alice", old.id().value(), null)
                            .status())
                    .isEqualTo(Status.OK);
        }
        TokenRequest request = TokenRequest.named("ci").withTtl(DAY);
        assertThat(one.issuance().issue(OWNER, "alice", request).status()).isEqualTo(Status.OK);
        assertThat(one.issuance().issue(OWNER, "alice", request).status()).isEqualTo(Status.BAD_REQUEST);
        assertThat(one.issuance().rotate(OWNER, "alice", old.id().value(), null).status())
                .isEqualTo(Status.OK);
    }

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"USER", "ADMIN"})
    void three_generations_follow_each_other(Role everybody) {
        role = everybody;
        IssuedToken token = issue();
        List<IssuedToken> ended = new ArrayList<>();
        for (int generation = 0; generation < 3; generation++) {
            IssuedToken next = rotate(token);
            assertThat(present(next).isUser(ALICE)).isTrue();
            ended.add(token);
            token = next;
        }
        assertThat(ended).allMatch(old -> present(old).isAnonymous());
        assertThat(reasons()).hasSize(3).containsOnly(Reason.ROTATED);
        assertThat(present(token).isUser(ALICE)).isTrue();
    }

    @Test
    void a_late_report_of_a_rotated_secret_ends_its_successors_only_if_asked_to() {
        IssuedToken first = issue();
        IssuedToken second = rotate(first);
        present(second);
        IssuedToken third = rotate(second);
        present(third);
        IssuedToken pending = rotate(third);
        TokenRevocationService revocation = at(NOW).revocation();
        String id = first.id().value();
        assertThat(revocation.revoke(OWNER, "alice", id).status()).isEqualTo(Status.NOT_FOUND);
        assertAuthenticatedBy(third);
        RevocationRequest line =
                RevocationRequest.plain().withId(UUID.randomUUID()).andSuccessors();
        assertThat(revocation.revoke(OWNER, "alice", id, line).status()).isEqualTo(Status.OK);
        assertThat(revoked.get(revoked.size() - 1).id()).isEqualTo(third.id());
        assertThat(present(third).isAnonymous()).isTrue();
        assertThat(present(pending).isAnonymous()).isTrue();
        assertThat(revocation.revoke(OWNER, "alice", id, line).status()).isEqualTo(Status.OK);
        assertThat(revocation
                        .revoke(OWNER, "alice", id, RevocationRequest.plain().andSuccessors())
                        .status())
                .isEqualTo(Status.NOT_FOUND);
        assertThat(revocation
                        .revoke(Caller.user(new Owner("bob")), "bob", id, line)
                        .status())
                .isEqualTo(Status.NOT_FOUND);
    }

    @Test
    void a_live_token_is_revoked_with_the_successors_that_wait() {
        IssuedToken old = issue();
        IssuedToken next = rotate(old);
        RevocationRequest line = RevocationRequest.plain().andSuccessors();
        assertThat(at(NOW).revocation()
                        .revoke(OWNER, "alice", old.id().value(), line)
                        .status())
                .isEqualTo(Status.OK);
        assertThat(present(next).isAnonymous()).isTrue();
    }

    @Test
    void no_request_of_a_client_passes_for_a_first_use() {
        IssuedToken old = issue();
        IssuedToken next = rotate(old);
        UUID firstUse =
                Succession.firstUseOf(store.find(next.id()).orElseThrow(), NOW).id();
        RevocationRequest guessed = RevocationRequest.plain().withId(firstUse);
        assertThat(at(NOW).revocation()
                        .revoke(OWNER, "alice", old.id().value(), guessed)
                        .status())
                .isEqualTo(Status.OK);
        assertThat(present(next).isAnonymous()).isTrue();
    }

    @Test
    void lists_show_what_waits_and_for_what() {
        IssuedToken old = issue();
        IssuedToken next = rotate(old);
        List<TokenSummary> tokens = at(NOW).query()
                .list(OWNER, "alice", PageRequest.first(10))
                .orElseThrow()
                .tokens();
        assertThat(tokens)
                .filteredOn(summary -> summary.id().equals(next.id().value()))
                .singleElement()
                .satisfies(summary -> {
                    assertThat(summary.state()).isEqualTo(TokenState.PENDING);
                    assertThat(summary.predecessor()).isEqualTo(old.id().value());
                    assertThat(summary.renewableUntil()).isEqualTo(UNTIL);
                });
    }

    @Test
    void scopes_of_a_successor_are_never_wider() {
        IssuedToken old = issue();
        present(rotate(old));
        assertThat(store.list(ALICE, null, 10).tokens())
                .extracting(Token::scopes)
                .containsOnly(Scopes.of(List.of("repo:read")));
    }

    @Test
    void a_clock_that_throws_is_a_failure() {
        InstantSource broken = () -> {
            throw new IllegalStateException("no time");
        };
        IssuedToken old = issue();
        TokenIssuanceService issuance = TokenServices.builder(store)
                .clock(broken.withZone(ZoneOffset.UTC))
                .build()
                .issuance();
        TokenRequest request = TokenRequest.named("laptop").withTtl(DAY).withRenewableUntil(UNTIL);
        assertThat(issuance.issue(OWNER, "alice", request).status()).isEqualTo(Status.INTERNAL_SERVER_ERROR);
        assertThat(issuance.issue(Caller.anonymous(), "alice", request).status())
                .isEqualTo(Status.UNAUTHORIZED);
        assertThat(issuance.rotate(OWNER, "alice", old.id().value(), null).status())
                .isEqualTo(Status.INTERNAL_SERVER_ERROR);
    }

    @Test
    void an_end_of_the_old_token_is_told_also_if_the_successor_does_not_begin() {
        IssuedToken old = issue();
        IssuedToken next = rotate(old);
        store.next = Cut.BEFORE_ACTIVATE;
        assertThatExceptionOfType(TokenStoreException.class).isThrownBy(() -> present(next));
        assertThat(revoked).extracting(TokenEvents.Revoked::id).containsExactly(old.id());
        at(NOW).revocation().revoke(OWNER, "alice", next.id().value()).orElseThrow();
        assertThat(present(next).isAnonymous()).isTrue();
        assertThat(reasons()).containsExactly(Reason.REVOKED);
    }

    @Test
    void a_successor_that_is_revoked_within_its_first_use_authenticates_nobody() {
        IssuedToken old = issue();
        IssuedToken next = rotate(old);
        store.beforeActivate =
                () -> at(NOW).revocation().revoke(OWNER, "alice", next.id().value());
        assertThat(present(next).isAnonymous()).isTrue();
        assertThat(reasons()).containsExactly(Reason.REVOKED);
    }

    @Test
    void a_token_ends_its_successors_only_with_the_scope_for_others() {
        IssuedToken old = issue();
        Caller byOld = present(old);
        present(rotate(old));
        RevocationRequest line = RevocationRequest.plain().andSuccessors();
        Result<Revocation> current = at(NOW).revocation().revokeCurrent(byOld, line);
        assertThat(current.status()).isEqualTo(Status.FORBIDDEN);
        assertThat(current.missingScope()).contains("tokens");
        Result<Revocation> itself =
                at(NOW).revocation().revoke(byOld, "alice", old.id().value(), line);
        assertThat(itself.status()).isEqualTo(Status.FORBIDDEN);
        assertThat(itself.missingScope()).contains("tokens");
    }

    @Test
    void successors_are_not_revoked_within_the_hosts_transaction_which_may_not_show_them() {
        IssuedToken old = issue();
        present(rotate(old));
        RecordingStore joined = new RecordingStore();
        joined.inHostTransaction = true;
        RevocationRequest line = RevocationRequest.plain().andSuccessors();
        assertThat(at(NOW).withStore(joined)
                        .revocation()
                        .revoke(OWNER, "alice", old.id().value(), line)
                        .status())
                .isEqualTo(Status.INTERNAL_SERVER_ERROR);
    }

    @Test
    void an_expired_successor_does_not_count_as_waiting() {
        IssuedToken old = issue();
        IssuedToken first = rotate(old);
        for (int i = 0; i < 7; i++) {
            rotateAt(NOW, old, Duration.ofMinutes(5)).orElseThrow();
        }
        rotateAt(NOW.plus(Duration.ofMinutes(6)), old, null).orElseThrow();
        assertThat(stateOf(first)).isEqualTo(TokenState.PENDING);
    }

    @Test
    void a_client_can_not_ask_for_the_act_of_a_first_use() {
        IssuedToken old = issue();
        IssuedToken next = rotate(old);
        UUID firstUse =
                Succession.firstUseOf(store.find(next.id()).orElseThrow(), NOW).id();
        for (UUID id : List.of(new UUID(0, 0), firstUse)) {
            for (Actor by : List.of(
                    Actor.user("alice"),
                    new Actor(Actor.Kind.USER, "alice", next.id()),
                    new Actor(Actor.Kind.ADMIN, "alice", next.id()))) {
                assertThat(RevocationIds.of(by, id)).isNotEqualTo(firstUse);
            }
        }
    }
}
