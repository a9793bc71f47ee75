package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Scopes;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@link TokenRevocationService#revokeLeaked}. */
class RevokeLeakedTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final TokenPrefix PAT = new TokenPrefix("pat");
    private static final Owner ALICE = new Owner("alice");
    private static final Owner BOB = new Owner("bob");
    private static final Caller ADMIN = Caller.admin("scanner");
    private static final RevocationRequest REQUEST =
            RevocationRequest.plain().withId(new UUID(0, 1)).withReason("leaked");

    private final CapturedLog log = new CapturedLog(TokenRevocationService.class);
    private final List<Integer> lookUps = new ArrayList<>();
    private final StoreWithBrokenRows store = new StoreWithBrokenRows();
    private final List<String> strings = new ArrayList<>();
    private final List<Verdict> verdicts = new ArrayList<>();
    private final BiConsumer<String, Verdict> collect = (text, verdict) -> {
        strings.add(text);
        verdicts.add(verdict);
    };

    /** Counts the ids of each look-up, and fails for some of them. */
    private final class StoreWithBrokenRows extends RecordingStore {

        private final Map<String, RuntimeException> broken = new HashMap<>();

        @Override
        public synchronized Map<TokenId, Token> findAll(Collection<TokenId> ids) {
            lookUps.add(ids.size());
            ids.forEach(id -> failIfBroken(id, "find"));
            return super.findAll(ids);
        }

        @Override
        public synchronized Optional<Token> find(TokenId id) {
            failIfBroken(id, "find");
            return super.find(id);
        }

        @Override
        public synchronized boolean revoke(Owner owner, TokenId id, Revocation revocation) {
            failIfBroken(id, "revoke");
            return super.revoke(owner, id, revocation);
        }

        private void failIfBroken(TokenId id, String method) {
            if (broken.containsKey(id + " " + method)) {
                throw broken.get(id + " " + method);
            }
        }
    }

    @AfterEach
    void leaveTheLogAlone() {
        log.close();
    }

    @Test
    void each_string_has_its_verdict_in_order_and_what_was_live_is_revoked() {
        PresentedToken live = keep(PAT, ALICE);
        PresentedToken other = keep(new TokenPrefix("acme_pat"), BOB);
        PresentedToken ended = keep(PAT, ALICE);
        Revocation first = new Revocation(UUID.randomUUID(), NOW.minusSeconds(9), Actor.user("alice"), null);
        store.revoke(ALICE, ended.id(), first);
        PresentedToken unknown = PresentedToken.create(PAT, NOW);
        List<String> list = Arrays.asList(
                "garbage", live.text(), null, unknown.text(), ended.text(), other.text(), live.text() + "x", "");
        Result<Long> result = service().revokeLeaked(ADMIN, list, REQUEST, collect);
        assertThat(verdicts)
                .containsExactly(
                        Verdict.NO_TOKEN,
                        Verdict.REVOKED_NOW,
                        Verdict.NO_TOKEN,
                        Verdict.UNKNOWN,
                        Verdict.REVOKED_ALREADY,
                        Verdict.REVOKED_NOW,
                        Verdict.NO_TOKEN,
                        Verdict.NO_TOKEN);
        assertThat(strings).isEqualTo(list);
        assertThat(result.value()).isEqualTo(2);
        assertThat(revocation(live))
                .returns(NOW, Revocation::at)
                .returns(Actor.admin("scanner"), Revocation::by)
                .returns("leaked", Revocation::reason)
                .isEqualTo(revocation(other));
        assertThat(revocation(ended)).isEqualTo(first);
    }

    @Test
    void only_the_secret_revokes_a_token_not_its_id_nor_another_prefix() {
        PresentedToken kept = keep(PAT, ALICE);
        PresentedToken hashless = PresentedToken.create(PAT, NOW);
        store.given(token(hashless, BOB).hash(null).build());
        verdicts(List.of(
                TokenText.withAnotherSecret(kept.text()),
                TokenText.withPrefix("acme_pat", kept.text()),
                hashless.text(),
                kept.id().value()));
        assertThat(verdicts).containsExactly(Verdict.UNKNOWN, Verdict.UNKNOWN, Verdict.UNKNOWN, Verdict.NO_TOKEN);
        assertThat(store.tokens.values()).allMatch(token -> token.revocation() == null);
        assertThat(store.asked).doesNotContain("revoke");
    }

    @Test
    void strings_that_are_no_tokens_cost_no_look_up() {
        String text = keep(PAT, ALICE).text();
        char last = text.charAt(text.length() - 1);
        String wrongChecksum = text.substring(0, text.length() - 1) + (last == '0' ? '1' : '0');
        verdicts(Collections.nCopies(5_000, wrongChecksum));
        verdicts(List.of("", " ", "Bearer " + text, text + "\n", "ghp_0123456789", "\uD800"));
        verdicts(List.of());
        assertThat(verdicts).hasSize(5_006).containsOnly(Verdict.NO_TOKEN);
        assertThat(store.asked).isEmpty();
    }

    @Test
    void a_long_list_is_looked_up_a_page_at_a_time() {
        List<String> list = new ArrayList<>();
        IntStream.range(0, 2_300)
                .forEach(i -> list.add(
                        i % 2 == 0
                                ? "garbage" + i
                                : PresentedToken.create(PAT, NOW).text()));
        PresentedToken first = keep(PAT, ALICE);
        PresentedToken last = keep(PAT, BOB);
        list.set(0, first.text());
        list.add(last.text());
        assertThat(verdicts(list).value()).isEqualTo(2);
        assertThat(strings).isEqualTo(list);
        assertThat(lookUps).containsExactly(501, 500, 151);
        assertThat(verdicts.get(0)).isEqualTo(Verdict.REVOKED_NOW);
        assertThat(verdicts.get(2_300)).isEqualTo(Verdict.REVOKED_NOW);
        assertThat(verdicts).filteredOn(verdict -> verdict == Verdict.UNKNOWN).hasSize(1_150);
    }

    @Test
    void a_list_of_tokens_alone_is_looked_up_a_thousand_at_a_time() {
        List<String> list =
                IntStream.range(0, 2_001).mapToObj(i -> keep(PAT, ALICE).text()).toList();
        assertThat(verdicts(list).value()).isEqualTo(2_001);
        assertThat(lookUps).containsExactly(1_000, 1_000, 1);
        assertThat(store.tokens.values()).noneMatch(token -> token.revocation() == null);
    }

    @Test
    void verdicts_are_told_batch_by_batch_while_the_list_is_still_read() {
        String text = keep(PAT, ALICE).text();
        int[] read = {0};
        int[] ahead = {0};
        Iterator<String> endless = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return read[0] < 100_000;
            }

            @Override
            public String next() {
                return read[0]++ % 1_000 == 7 ? text : "garbage";
            }
        };
        Result<Long> result = service().revokeLeaked(ADMIN, () -> endless, REQUEST, (string, verdict) -> {
            collect.accept(string, verdict);
            ahead[0] = Math.max(ahead[0], read[0] - verdicts.size());
        });
        assertThat(result.value()).isEqualTo(100);
        assertThat(ahead[0]).isEqualTo(999);
        assertThat(lookUps).hasSize(100).containsOnly(1);
    }

    @Test
    void a_verdict_does_not_depend_on_what_else_is_in_the_list() {
        String text = keep(PAT, ALICE).text();
        List<String> twice = List.of(text, "garbage", text, TokenText.withAnotherSecret(text), text);
        for (RevocationRequest request : List.of(RevocationRequest.plain(), REQUEST)) {
            verdicts.clear();
            Token kept = store.tokens.firstEntry().getValue();
            store.tokens.put(kept.id(), kept.toBuilder().revocation(null).build());
            service().revokeLeaked(ADMIN, twice, request, collect);
            assertThat(verdicts)
                    .containsExactly(
                            Verdict.REVOKED_NOW,
                            Verdict.NO_TOKEN,
                            Verdict.REVOKED_NOW,
                            Verdict.UNKNOWN,
                            Verdict.REVOKED_NOW);
        }
    }

    @Test
    void the_same_request_has_the_same_verdicts_again_and_another_one_does_not() {
        List<String> list = List.of(
                keep(PAT, ALICE).text(),
                PresentedToken.create(PAT, NOW).text(),
                "garbage",
                keep(PAT, BOB).text());
        assertThat(verdicts(list).value()).isEqualTo(2);
        List<Verdict> first = List.copyOf(verdicts);
        Map<TokenId, Token> kept = new LinkedHashMap<>(store.tokens);
        for (Clock later : List.of(CLOCK, Clock.fixed(NOW.plusSeconds(99), ZoneOffset.UTC))) {
            verdicts.clear();
            TokenRevocationService node =
                    TokenServices.builder(store).clock(later).build().revocation();
            assertThat(node.revokeLeaked(ADMIN, list, REQUEST, collect).value()).isEqualTo(2);
            assertThat(verdicts).isEqualTo(first);
            assertThat(store.tokens).isEqualTo(kept);
        }
        verdicts.clear();
        service().revokeLeaked(ADMIN, list, REQUEST.withId(new UUID(0, 2)), collect);
        service().revokeLeaked(Caller.admin("ops"), list, REQUEST, collect);
        service().revokeLeaked(ADMIN, list, RevocationRequest.plain(), collect);
        assertThat(verdicts).doesNotContain(Verdict.REVOKED_NOW).contains(Verdict.REVOKED_ALREADY);
    }

    @Test
    void an_expired_a_pending_and_an_unreadable_token_are_revoked_too() {
        PresentedToken expired = PresentedToken.create(PAT, NOW);
        store.given(token(expired, ALICE).expiresAt(NOW.minusSeconds(1)).build());
        PresentedToken pending = PresentedToken.create(PAT, NOW);
        store.given(token(pending, ALICE).predecessor(expired.id()).build());
        PresentedToken unreadable = PresentedToken.create(PAT, NOW);
        store.given(token(unreadable, ALICE)
                .minReaderVersion(Token.READER_VERSION + 1)
                .build());
        verdicts(List.of(expired.text(), pending.text(), unreadable.text()));
        assertThat(verdicts).containsOnly(Verdict.REVOKED_NOW);
    }

    @Test
    void a_token_that_was_rotated_had_ended_unless_its_successors_are_asked_for() {
        TokenServices tokens = TokenServices.builder(store).clock(CLOCK).build();
        Caller alice = Caller.user(ALICE);
        IssuedToken old = tokens.issuance()
                .issue(
                        alice,
                        "alice",
                        TokenRequest.named("laptop")
                                .withTtl(Duration.ofDays(1))
                                .withRenewableUntil(NOW.plusSeconds(864_000)))
                .value();
        IssuedToken next = tokens.issuance()
                .rotate(alice, "alice", old.id().value(), Duration.ofDays(1))
                .value();
        assertThat(tokens.authenticator().authenticateToken(next.secret()).isUser(ALICE))
                .isTrue();
        List<String> list = List.of(old.secret());
        tokens.revocation().revokeLeaked(ADMIN, list, REQUEST, collect);
        assertThat(tokens.authenticator().isLive(next.id().value())).isTrue();
        tokens.revocation().revokeLeaked(ADMIN, list, REQUEST.andSuccessors(), collect);
        assertThat(tokens.authenticator().isLive(next.id().value())).isFalse();
        assertThat(verdicts).containsExactly(Verdict.REVOKED_ALREADY, Verdict.REVOKED_NOW);
    }

    @Test
    void it_takes_effect_at_once_on_services_that_remember_looks() {
        TokenServices tokens = TokenServices.builder(store)
                .clock(CLOCK)
                .maxStaleness(Duration.ofHours(1))
                .build();
        String text = keep(PAT, ALICE).text();
        assertThat(tokens.authenticator().authenticateToken(text).isUser(ALICE)).isTrue();
        tokens.revocation().revokeLeaked(ADMIN, List.of(text), REQUEST, collect);
        assertThat(tokens.authenticator().authenticateToken(text)).isSameAs(Caller.anonymous());
    }

    @Test
    void only_administrators_may_and_by_a_token_only_with_the_scope_for_everybodys() {
        List<String> list = List.of(keep(PAT, ALICE).text());
        assertThat(status(AccessPolicy.ownerOrAdmin(), Caller.anonymous(), list))
                .isEqualTo(Status.UNAUTHORIZED);
        assertThat(status(AccessPolicy.ownerOrAdmin(), Caller.user(ALICE), list))
                .isEqualTo(Status.FORBIDDEN);
        assertThat(status(AccessPolicy.ownerOnly(), ADMIN, list)).isEqualTo(Status.FORBIDDEN);
        Token narrow = token(PresentedToken.create(PAT, NOW), ALICE)
                .scopes(Scopes.of(List.of("tokens")))
                .build();
        Result<Long> refused = service(request -> true).revokeLeaked(Caller.by(narrow, true), list, REQUEST, collect);
        assertThat(refused.missingScope()).contains("tokens:admin");
        assertThat(verdicts).isEmpty();
        assertThat(store.asked).isEmpty();
        Token wide =
                narrow.toBuilder().scopes(Scopes.of(List.of("tokens:admin"))).build();
        assertThat(status(AccessPolicy.ownerOrAdmin(), Caller.by(wide, true), list))
                .isEqualTo(Status.OK);
    }

    @Test
    void the_policy_is_asked_for_this_action_alone_and_before_the_list_is_read() {
        List<Object> asked = new ArrayList<>();
        Iterable<String> unread = () -> {
            throw new AssertionError("read");
        };
        Result<Long> result = service(request -> {
                    asked.addAll(Arrays.asList(request.action(), request.owner()));
                    return false;
                })
                .revokeLeaked(ADMIN, unread, REQUEST, collect);
        assertThat(result.status()).isEqualTo(Status.FORBIDDEN);
        assertThat(asked).containsExactly(Action.REVOKE_LEAKED, null);
        assertThat(service()
                        .revokeLeaked(ADMIN, unread, REQUEST.withReason("a\nb"), collect)
                        .status())
                .isEqualTo(Status.BAD_REQUEST);
    }

    @Test
    void what_fails_is_a_failure_and_repeating_the_request_finishes() {
        List<String> list =
                IntStream.range(0, 1_005).mapToObj(i -> keep(PAT, ALICE).text()).toList();
        RuntimeException down = new TokenStoreException("down", TokenStoreException.Applied.UNKNOWN, null);
        Result<Long> failed = service().revokeLeaked(ADMIN, list, REQUEST, (text, verdict) -> {
            collect.accept(text, verdict);
            if (verdicts.size() == 1_000) {
                for (String method : List.of("find", "findAll", "revoke")) {
                    store.failing.put(method, down);
                }
            }
        });
        assertThat(failed.status()).isEqualTo(Status.INTERNAL_SERVER_ERROR);
        assertThat(failed.cause()).containsSame(down);
        assertThat(verdicts).hasSize(1_002).endsWith(Verdict.REVOKED_NOW, Verdict.FAILED, Verdict.FAILED);
        store.failing.clear();
        verdicts.clear();
        assertThat(verdicts(list).value()).isEqualTo(1_005);
        assertThat(verdicts).hasSize(1_005).containsOnly(Verdict.REVOKED_NOW);
    }

    @Test
    void a_token_that_can_t_be_looked_up_or_revoked_fails_alone_and_is_not_unknown() {
        for (String method : List.of("find", "revoke")) {
            verdicts.clear();
            PresentedToken before = keep(PAT, ALICE);
            PresentedToken broken = keep(PAT, ALICE);
            PresentedToken after = keep(PAT, BOB);
            String unknown = PresentedToken.create(PAT, NOW).text();
            List<String> list = List.of(before.text(), broken.text(), "garbage", unknown, broken.text(), after.text());
            RuntimeException failure = new TokenStoreException("broken row", TokenStoreException.Applied.NO, null);
            store.broken.put(broken.id() + " " + method, failure);
            Result<Long> result = verdicts(list);
            assertThat(verdicts)
                    .containsExactly(
                            Verdict.REVOKED_NOW,
                            Verdict.FAILED,
                            Verdict.NO_TOKEN,
                            Verdict.UNKNOWN,
                            Verdict.FAILED,
                            Verdict.REVOKED_NOW);
            assertThat(result.status()).isEqualTo(Status.INTERNAL_SERVER_ERROR);
            assertThat(result.cause()).containsSame(failure);
            store.broken.clear();
            verdicts.clear();
            assertThat(verdicts(list).value()).isEqualTo(4);
            assertThat(verdicts.get(1)).isEqualTo(Verdict.REVOKED_NOW);
        }
    }

    @Test
    void a_store_that_is_away_ends_the_list_after_three_failures_in_a_row() {
        List<String> list =
                IntStream.range(0, 1_005).mapToObj(i -> keep(PAT, ALICE).text()).toList();
        RuntimeException down = new TokenStoreException("down", TokenStoreException.Applied.NO, null);
        store.failing.put("findAll", down);
        store.failing.put("find", down);
        assertThat(verdicts(list).cause()).containsSame(down);
        assertThat(store.asked).containsExactly("findAll", "find", "find", "find");
        assertThat(verdicts).containsExactly(Verdict.FAILED, Verdict.FAILED);
    }

    @Test
    void a_store_that_reads_and_can_t_write_ends_the_list_after_three_failures() {
        List<String> list = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            list.addAll(List.of(
                    keep(PAT, ALICE).text(), PresentedToken.create(PAT, NOW).text(), "garbage"));
        }
        RuntimeException readOnly = new TokenStoreException("read-only", TokenStoreException.Applied.NO, null);
        store.failing.put("revoke", readOnly);
        assertThat(verdicts(list).cause()).containsSame(readOnly);
        assertThat(store.asked).filteredOn("revoke"::equals).hasSize(3);
        assertThat(log.lines())
                .containsExactly("ERROR admin scanner revokes the tokens of a leaked list, 0 of its strings:"
                        + " INTERNAL_SERVER_ERROR");
    }

    @Test
    void any_number_of_tokens_that_can_t_be_read_fail_alone_between_others() {
        List<String> list = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            PresentedToken broken = keep(PAT, ALICE);
            store.broken.put(
                    broken.id() + " find", new TokenStoreException("row", TokenStoreException.Applied.NO, null));
            list.addAll(List.of(broken.text(), PresentedToken.create(PAT, NOW).text()));
        }
        list.add(keep(PAT, BOB).text());
        assertThat(verdicts(list).cause()).isPresent();
        assertThat(verdicts).hasSize(21).endsWith(Verdict.REVOKED_NOW);
    }

    @Test
    void a_token_that_fails_again_and_again_does_not_end_the_list() {
        PresentedToken broken = keep(PAT, ALICE);
        store.broken.put(broken.id() + " revoke", new TokenStoreException("row", TokenStoreException.Applied.NO, null));
        List<String> list = new ArrayList<>(Collections.nCopies(9, broken.text()));
        list.add(keep(PAT, BOB).text());
        assertThat(verdicts(list).cause()).isPresent();
        assertThat(verdicts).hasSize(10).endsWith(Verdict.FAILED, Verdict.REVOKED_NOW);
    }

    @Test
    void strings_for_which_a_format_fails_fail_alone_however_many_follow_each_other() {
        TokenFormat failing = text -> {
            throw new IllegalArgumentException(text);
        };
        List<String> strings = List.of(
                keep(PAT, ALICE).text(),
                "bo om",
                "bo om",
                "bo om",
                "bo om",
                keep(PAT, BOB).text());
        Result<Long> result = TokenServices.builder(store)
                .formats(failing)
                .build()
                .revocation()
                .revokeLeaked(ADMIN, strings, REQUEST, collect);
        assertThat(result.cause().orElseThrow())
                .hasMessageNotContaining("bo om")
                .hasNoCause();
        assertThat(verdicts)
                .containsExactly(
                        Verdict.REVOKED_NOW,
                        Verdict.FAILED,
                        Verdict.FAILED,
                        Verdict.FAILED,
                        Verdict.FAILED,
                        Verdict.REVOKED_NOW);
    }

    @Test
    void a_list_that_breaks_off_is_handled_up_to_there() {
        List<String> read = List.of(keep(PAT, ALICE).text(), keep(PAT, BOB).text());
        Iterable<String> broken = () -> Stream.concat(read.stream(), Stream.generate(() -> {
                    throw new IllegalStateException("broken pipe");
                }))
                .map(String.class::cast)
                .iterator();
        Result<Long> result = service().revokeLeaked(ADMIN, broken, REQUEST, collect);
        assertThat(result.status()).isEqualTo(Status.INTERNAL_SERVER_ERROR);
        assertThat(verdicts).containsExactly(Verdict.REVOKED_NOW, Verdict.REVOKED_NOW);
        assertThat(store.tokens.values()).noneMatch(token -> token.revocation() == null);
        assertThat(log.lines())
                .containsExactly("ERROR admin scanner revokes the tokens of a leaked list, 2 of its strings:"
                        + " INTERNAL_SERVER_ERROR");
    }

    @Test
    void a_list_or_a_consumer_that_throws_is_a_failure_which_is_told_without_its_message() {
        String secret = keep(PAT, ALICE).text();
        RuntimeException bug = new UncheckedIOException("unrecognized token " + secret, new IOException(secret));
        List<Result<Long>> results = List.of(
                service()
                        .revokeLeaked(
                                ADMIN,
                                () -> {
                                    throw bug;
                                },
                                REQUEST,
                                collect),
                service()
                        .revokeLeaked(
                                ADMIN,
                                () -> Stream.generate(() -> "x")
                                        .peek(text -> {
                                            throw bug;
                                        })
                                        .iterator(),
                                REQUEST,
                                collect),
                service().revokeLeaked(ADMIN, List.of("x"), REQUEST, (text, verdict) -> {
                    throw bug;
                }));
        assertThat(results).extracting(Result::status).containsOnly(Status.INTERNAL_SERVER_ERROR);
        assertThat(log.events()).hasSize(3).allMatch(event -> {
            String logged = ThrowableProxyUtil.asString(event.getThrowableProxy());
            return logged.contains(UncheckedIOException.class.getName())
                    && logged.contains(RevokeLeakedTest.class.getName())
                    && !logged.contains(secret);
        });
    }

    @Test
    void within_the_hosts_transaction_it_is_a_failure_before_the_list_is_read() {
        store.inHostTransaction = true;
        Iterable<String> unread = () -> {
            throw new AssertionError("read");
        };
        assertThat(service().revokeLeaked(ADMIN, unread, REQUEST, collect).cause())
                .containsInstanceOf(IllegalStateException.class);
        assertThat(store.asked).isEmpty();
    }

    @Test
    void each_batch_records_its_own_time_under_one_act() {
        List<PresentedToken> kept =
                IntStream.range(0, 1_001).mapToObj(i -> keep(PAT, ALICE)).toList();
        Instant[] now = {NOW};
        InstantSource clock = () -> now[0];
        TokenServices.builder(store)
                .clock(clock.withZone(ZoneOffset.UTC))
                .build()
                .revocation()
                .revokeLeaked(
                        ADMIN,
                        kept.stream().map(PresentedToken::text).toList(),
                        RevocationRequest.plain(),
                        (text, verdict) -> now[0] = now[0].plusSeconds(1));
        assertThat(revocation(kept.get(999)).at()).isEqualTo(NOW);
        assertThat(revocation(kept.get(1_000)).at()).isEqualTo(NOW.plusSeconds(1_000));
        assertThat(revocation(kept.get(1_000)).id())
                .isEqualTo(revocation(kept.get(0)).id());
    }

    @Test
    void each_token_is_an_event_each_list_a_line_and_no_secret_is_in_it() {
        List<TokenEvents.Revoked> events = new ArrayList<>();
        List<Object> others = new ArrayList<>();
        TokenRevocationService watched = TokenServices.builder(store)
                .clock(CLOCK)
                .events(new TokenEvents() {
                    @Override
                    public void revoked(Revoked event) {
                        events.add(event);
                        assertThat(verdicts).as("told before the verdict").hasSize(events.size() - 1);
                    }

                    @Override
                    public void rejected(Unsuccessful event) {
                        others.add(event.action());
                    }
                })
                .build()
                .revocation();
        PresentedToken first = keep(PAT, ALICE);
        PresentedToken second = keep(PAT, BOB);
        watched.revokeLeaked(ADMIN, List.of(first.text(), second.text(), "x", first.text()), REQUEST, collect);
        watched.revokeLeaked(Caller.user(BOB), List.of(second.text()), REQUEST, collect);
        assertThat(events)
                .as("once, however often it is in the list")
                .extracting(TokenEvents.Revoked::owner, TokenEvents.Revoked::id, TokenEvents.Revoked::tokens)
                .containsExactly(tuple(ALICE, first.id(), 1), tuple(BOB, second.id(), 1));
        assertThat(events).noneMatch(TokenEvents.Revoked::provisional);
        assertThat(events).extracting(TokenEvents.Revoked::caller).containsOnly(ADMIN);
        assertThat(others).containsExactly(Action.REVOKE_LEAKED);
        assertThat(log.lines())
                .containsExactly(
                        "INFO admin scanner revokes the tokens of a leaked list, 3 of its strings: OK",
                        "INFO user bob revokes the tokens of a leaked list: FORBIDDEN");
    }

    @Test
    void null_is_refused_if_it_is_a_programming_error() {
        TokenRevocationService service = service();
        List<String> list = List.of();
        assertThatNullPointerException().isThrownBy(() -> service.revokeLeaked(null, list, REQUEST, collect));
        assertThatNullPointerException().isThrownBy(() -> service.revokeLeaked(ADMIN, null, REQUEST, collect));
        assertThatNullPointerException().isThrownBy(() -> service.revokeLeaked(ADMIN, list, null, collect));
        assertThatNullPointerException().isThrownBy(() -> service.revokeLeaked(ADMIN, list, REQUEST, null));
    }

    private Result<Long> verdicts(List<String> list) {
        return service().revokeLeaked(ADMIN, list, REQUEST, collect);
    }

    private Status status(AccessPolicy policy, Caller caller, List<String> list) {
        return service(policy).revokeLeaked(caller, list, REQUEST, collect).status();
    }

    private TokenRevocationService service() {
        return service(AccessPolicy.ownerOrAdmin());
    }

    private TokenRevocationService service(AccessPolicy policy) {
        return TokenServices.builder(store)
                .policy(policy)
                .prefix("other") // whatever prefix new tokens get
                .clock(CLOCK)
                .build()
                .revocation();
    }

    private PresentedToken keep(TokenPrefix prefix, Owner owner) {
        PresentedToken presented = PresentedToken.create(prefix, NOW);
        store.given(token(presented, owner).build());
        return presented;
    }

    private static Token.Builder token(PresentedToken presented, Owner owner) {
        return Token.builder(presented.id(), owner, "laptop", NOW.minusSeconds(60))
                .hash(presented.hash());
    }

    private Revocation revocation(PresentedToken presented) {
        return store.tokens.get(presented.id()).revocation();
    }
}
