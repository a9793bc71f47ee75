package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.entry;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Scopes;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenState;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenUses;
import io.tokenstore.fixtures.EmptyPagesStore;
import io.tokenstore.fixtures.TreeMapStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link TokenQueryService#search} and {@link TokenQueryService#count}. */
class TokenSearchTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Owner ALICE = new Owner("alice");
    private static final Owner BOB = new Owner("bob");
    private static final Caller ADMIN = Caller.admin("ops");
    private static final WalkBudget ALL = WalkBudget.unlimited();
    private static final Predicate<TokenSummary> ANY = token -> true;

    private final CapturedLog log = new CapturedLog(TokenQueryService.class);
    private final List<String> steps = new ArrayList<>();
    private final RecordingStore store = new RecordingStore() {
        @Override
        public synchronized TokenPage scan(TokenId after, int limit) {
            steps.add(limit + " after " + after);
            return super.scan(after, limit);
        }
    };
    private final List<String> found = new ArrayList<>();
    private final List<WalkProgress> told = new ArrayList<>();
    private final BiConsumer<List<TokenSummary>, WalkProgress> collect = (tokens, progress) -> {
        tokens.forEach(token -> found.add(token.id()));
        told.add(progress);
    };

    /** Ten tokens, t0 to t9: those with an even number are alice's, the others bob's. */
    @BeforeEach
    void keepTenTokens() {
        for (int i = 0; i < 10; i++) {
            store.given(token("t" + i, i % 2 == 0 ? ALICE : BOB, null));
        }
    }

    @AfterEach
    void leaveTheLogAlone() {
        log.close();
    }

    @Test
    void an_administrator_finds_matching_tokens_of_all_owners_with_their_owners() {
        List<TokenSummary> hits = new ArrayList<>();
        WalkProgress end = query().search(
                        ADMIN, token -> token.owner().equals("bob"), null, ALL, (page, progress) -> hits.addAll(page))
                .value();
        assertThat(hits).extracting(TokenSummary::id).containsExactly("t1", "t3", "t5", "t7", "t9");
        assertThat(hits).extracting(TokenSummary::owner).containsOnly("bob");
        assertThat(hits.toString()).doesNotContainIgnoringCase("hash");
        assertThat(end).isEqualTo(new WalkProgress(1_000, 5, null));
        assertThat(store.asked).containsExactly("scan");
    }

    @Test
    void each_step_is_one_bounded_page_and_tells_what_it_found_and_where_to_go_on() {
        Result<WalkProgress> result = query().search(
                        ADMIN, token -> token.owner().equals("alice"), null, new WalkBudget(3, 100, HOUR), collect);
        assertThat(steps).containsExactly("3 after null", "3 after t2", "3 after t5", "3 after t8");
        assertThat(told)
                .containsExactly(
                        new WalkProgress(3, 2, new TokenId("t2")),
                        new WalkProgress(6, 3, new TokenId("t5")),
                        new WalkProgress(9, 5, new TokenId("t8")),
                        new WalkProgress(12, 5, null));
        assertThat(found).containsExactly("t0", "t2", "t4", "t6", "t8");
        assertThat(result.value()).isEqualTo(told.get(3));
    }

    @Test
    void a_step_reads_no_more_tokens_than_a_page_has_however_long_it_may_be() {
        query().search(ADMIN, ANY, null, new WalkBudget(10_000, 10_000, HOUR), collect);
        query().count(ADMIN, null, new WalkBudget(10_000, 10_000, HOUR), (counts, progress) -> {});
        assertThat(steps).containsExactly("1000 after null", "1000 after null");
    }

    @Test
    void pages_of_a_search_are_small_walks_that_each_resume_the_one_before() {
        TokenId after = null;
        List<Integer> sizes = new ArrayList<>();
        do {
            List<TokenSummary> page = new ArrayList<>();
            after = query().search(
                            ADMIN,
                            token -> token.id().compareTo("t5") >= 0,
                            after,
                            new WalkBudget(2, 4, HOUR),
                            (tokens, progress) -> page.addAll(tokens))
                    .value()
                    .resumeAfter();
            page.forEach(token -> found.add(token.id()));
            sizes.add(page.size());
        } while (after != null);
        assertThat(found).containsExactly("t5", "t6", "t7", "t8", "t9");
        assertThat(sizes).containsExactly(0, 3, 2);
    }

    @Test
    void pages_that_are_short_or_empty_are_not_the_end() {
        TreeMapStore shortPages = new EmptyPagesStore();
        store.tokens.values().forEach(shortPages::add);
        TokenQueryService query =
                TokenServices.builder(shortPages).clock(CLOCK).build().query();
        assertThat(query.search(ADMIN, ANY, null, ALL, collect).value().resumeAfter())
                .isNull();
        assertThat(found).hasSize(10).doesNotHaveDuplicates();
        assertThat(told).hasSizeGreaterThan(10);
    }

    @Test
    void it_begins_no_other_step_when_its_time_is_up() {
        Instant[] now = {NOW};
        InstantSource clock = () -> now[0];
        TokenQueryService timed = TokenServices.builder(store)
                .clock(clock.withZone(ZoneOffset.UTC))
                .build()
                .query();
        Result<WalkProgress> result = timed.search(
                ADMIN,
                ANY,
                null,
                new WalkBudget(1, 1_000, Duration.ofSeconds(10)),
                (tokens, progress) -> now[0] = now[0].plusSeconds(4));
        assertThat(result.value()).isEqualTo(new WalkProgress(3, 3, new TokenId("t2")));
    }

    @Test
    void of_a_million_tokens_no_more_than_a_page_is_held() {
        int[] most = {0};
        RecordingStore endless = new RecordingStore() {
            @Override
            public synchronized TokenPage scan(TokenId after, int limit) {
                int begin = after == null ? 0 : Integer.parseInt(after.value()) + 1;
                return new TokenPage(
                        IntStream.range(begin, begin + limit)
                                .mapToObj(i -> token(String.valueOf(i), ALICE, null))
                                .toList(),
                        begin + limit < 1_000_000 ? new TokenId(String.valueOf(begin + limit - 1)) : null);
            }
        };
        WalkProgress end = TokenServices.builder(endless)
                .clock(CLOCK)
                .build()
                .query()
                .search(ADMIN, ANY, null, ALL, (tokens, progress) -> most[0] = Math.max(most[0], tokens.size()))
                .value();
        assertThat(end).isEqualTo(new WalkProgress(1_000_000, 1_000_000, null));
        assertThat(most[0]).isEqualTo(1_000);
    }

    @Test
    void a_search_shows_the_last_uses_and_looks_them_up_once_for_each_page() {
        List<Integer> lookUps = new ArrayList<>();
        TokenUses uses = new TokenUses() {
            @Override
            public void record(Map<TokenId, Instant> given) {}

            @Override
            public Map<TokenId, Instant> lastUses(Collection<TokenId> ids) {
                lookUps.add(ids.size());
                return Map.of(new TokenId("t3"), NOW);
            }
        };
        IntStream.range(10, 2_500).forEach(i -> store.given(token("t" + i, BOB, null)));
        TokenQueryService query =
                TokenServices.builder(store).clock(CLOCK).uses(uses).build().query();
        query.search(ADMIN, token -> token.lastUsedAt() != null, null, ALL, collect);
        assertThat(found).containsExactly("t3");
        assertThat(lookUps).containsExactly(1_000, 1_000, 500);
        query.count(ADMIN, null, ALL, (counts, progress) -> {});
        assertThat(lookUps).hasSize(3);
    }

    @Test
    void a_token_expires_within_a_time_if_it_is_active_or_pending_and_its_end_is_within() {
        Instant from = NOW.plus(HOUR);
        Instant to = from.plus(HOUR);
        store.tokens.clear();
        store.given(token("never", ALICE, null));
        store.given(token("earlier", ALICE, from.minusNanos(1_000)));
        store.given(token("first", ALICE, from));
        store.given(token("last", BOB, to.minusNanos(1_000)));
        store.given(token("later", BOB, to));
        store.given(token("revoked", BOB, from).withRevocation(revocation()));
        store.given(token("pending", BOB, from).toBuilder()
                .predecessor(new TokenId("first"))
                .build());
        store.given(token("unreadable", BOB, from).toBuilder()
                .minReaderVersion(Token.READER_VERSION + 1)
                .build());
        query().search(ADMIN, TokenSummary.expiring(from, to), null, ALL, collect);
        assertThat(found).containsExactlyInAnyOrder("first", "last", "pending");
        found.clear();
        query().search(ADMIN, TokenSummary.expiring(from, from), null, ALL, collect);
        assertThat(found).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> TokenSummary.expiring(to, from));
        assertThatNullPointerException().isThrownBy(() -> TokenSummary.expiring(null, to));
        assertThatNullPointerException().isThrownBy(() -> TokenSummary.expiring(from, null));
    }

    @Test
    void an_expired_token_does_not_expire_again() {
        store.given(token("expired", ALICE, NOW));
        query().search(ADMIN, TokenSummary.expiring(NOW.minus(HOUR), NOW.plus(HOUR)), null, ALL, collect);
        assertThat(found).isEmpty();
    }

    @Test
    void tokens_are_counted_by_their_states_and_no_state_is_left_out() {
        store.given(token("expired", ALICE, NOW));
        store.given(token("revoked", ALICE, NOW).withRevocation(revocation()));
        store.given(token("revoked-2", BOB, null).withRevocation(revocation()));
        Map<TokenState, Long> counts = new EnumMap<>(TokenState.class);
        List<Long> running = new ArrayList<>();
        WalkProgress end = query().count(ADMIN, null, new WalkBudget(5, 1_000, HOUR), (byState, progress) -> {
                    counts.putAll(byState);
                    running.add(byState.values().stream().mapToLong(n -> n).sum());
                })
                .value();
        assertThat(counts)
                .containsExactly(
                        entry(TokenState.ACTIVE, 10L),
                        entry(TokenState.PENDING, 0L),
                        entry(TokenState.EXPIRED, 1L),
                        entry(TokenState.REVOKED, 2L),
                        entry(TokenState.UNREADABLE, 0L));
        assertThat(running).containsExactly(5L, 10L, 13L);
        assertThat(end).isEqualTo(new WalkProgress(15, 13, null));
    }

    @Test
    void what_was_counted_is_a_snapshot_that_nobody_changes() {
        List<Map<TokenState, Long>> kept = new ArrayList<>();
        query().count(ADMIN, null, new WalkBudget(6, 1_000, HOUR), (byState, progress) -> kept.add(byState));
        assertThat(kept).extracting(counts -> counts.get(TokenState.ACTIVE)).containsExactly(6L, 10L);
        assertThat(kept.get(0)).isUnmodifiable();
    }

    @Test
    void whoever_is_no_administrator_may_not_search_or_count_and_no_store_is_asked() {
        assertThat(statuses(query(), Caller.anonymous())).containsOnly(Status.UNAUTHORIZED);
        assertThat(statuses(query(), Caller.user(ALICE))).containsOnly(Status.FORBIDDEN);
        assertThat(statuses(query(), Caller.by(withScopes(Scopes.all()), false)))
                .containsOnly(Status.FORBIDDEN);
        assertThat(statuses(query(AccessPolicy.ownerOnly()), ADMIN)).containsOnly(Status.FORBIDDEN);
        assertThat(store.asked).isEmpty();
        assertThat(statuses(query(), Caller.admin(ALICE))).containsOnly(Status.OK);
        assertThat(statuses(query(AccessPolicy.adminOnly()), ADMIN)).containsOnly(Status.OK);
    }

    @Test
    void by_a_token_it_needs_the_scope_for_everybodys_whatever_the_policy_says() {
        TokenQueryService lenient = query(request -> true);
        for (Scopes scopes : List.of(Scopes.none(), Scopes.of(List.of("tokens", "repo:read")))) {
            Result<?> refused = lenient.search(Caller.by(withScopes(scopes), true), ANY, null, ALL, collect);
            assertThat(refused.status()).isEqualTo(Status.FORBIDDEN);
            assertThat(refused.missingScope()).contains("tokens:admin");
        }
        assertThat(store.asked).isEmpty();
        for (Scopes scopes : List.of(Scopes.all(), Scopes.of(List.of("tokens:admin")))) {
            assertThat(statuses(query(), Caller.by(withScopes(scopes), true))).containsOnly(Status.OK);
        }
    }

    @Test
    void the_policy_is_asked_for_this_action_and_for_no_owner() {
        List<Object> asked = new ArrayList<>();
        statuses(
                query(request -> {
                    asked.add(request.action());
                    assertThat(request.owner()).isNull();
                    assertThat(request.caller().isUser(request.owner())).isFalse();
                    return true;
                }),
                Caller.user(ALICE));
        assertThat(asked).containsExactly(Action.SEARCH, Action.SEARCH);
    }

    @Test
    void what_fails_is_a_failure_and_what_was_told_last_says_where_to_go_on() {
        RuntimeException down = new TokenStoreException("down", TokenStoreException.Applied.UNKNOWN, null);
        Result<WalkProgress> result = query().search(
                        ADMIN, ANY, null, new WalkBudget(3, 1_000, HOUR), (tokens, progress) -> {
                            collect.accept(tokens, progress);
                            store.failing.put("scan", down);
                        });
        assertThat(result.status()).isEqualTo(Status.INTERNAL_SERVER_ERROR);
        assertThat(result.cause()).containsSame(down);
        assertThat(told).containsExactly(new WalkProgress(3, 3, new TokenId("t2")));
        store.failing.clear();
        query().search(ADMIN, ANY, told.get(0).resumeAfter(), ALL, collect);
        assertThat(found).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void a_condition_or_a_consumer_that_throws_is_a_failure_too() {
        RuntimeException bug = new IllegalStateException("bug");
        for (Result<?> result : List.<Result<?>>of(
                query().search(
                                ADMIN,
                                token -> {
                                    throw bug;
                                },
                                null,
                                ALL,
                                collect),
                query().search(ADMIN, ANY, null, ALL, (tokens, progress) -> {
                    throw bug;
                }),
                query().count(ADMIN, null, ALL, (counts, progress) -> {
                    throw bug;
                }))) {
            assertThat(result.cause()).containsSame(bug);
        }
        assertThat(told).isEmpty();
    }

    @Test
    void each_attempt_is_one_line_and_what_was_refused_or_failed_one_event() {
        List<String> events = new ArrayList<>();
        TokenQueryService watched = TokenServices.builder(store)
                .clock(CLOCK)
                .events(new TokenEvents() {
                    @Override
                    public void rejected(Unsuccessful event) {
                        events.add("rejected " + event.action());
                    }

                    @Override
                    public void failed(Unsuccessful event) {
                        events.add("failed " + event.action());
                    }
                })
                .build()
                .query();
        statuses(watched, ADMIN);
        statuses(watched, Caller.user(BOB));
        store.failing.put("scan", new IllegalStateException("down"));
        watched.search(ADMIN, ANY, new TokenId("t4"), ALL, collect);
        assertThat(log.lines())
                .containsExactly(
                        "INFO admin ops searches the tokens of all users after null: OK",
                        "INFO admin ops counts the tokens of all users after null: OK",
                        "INFO user bob searches the tokens of all users after null: FORBIDDEN",
                        "INFO user bob counts the tokens of all users after null: FORBIDDEN",
                        "ERROR admin ops searches the tokens of all users after t4: INTERNAL_SERVER_ERROR");
        assertThat(events).containsExactly("rejected SEARCH", "rejected SEARCH", "failed SEARCH");
    }

    @Test
    void null_is_refused_if_it_is_a_programming_error() {
        TokenQueryService query = query();
        assertThatNullPointerException().isThrownBy(() -> query.search(null, ANY, null, ALL, collect));
        assertThatNullPointerException().isThrownBy(() -> query.search(ADMIN, null, null, ALL, collect));
        assertThatNullPointerException().isThrownBy(() -> query.search(ADMIN, ANY, null, null, collect));
        assertThatNullPointerException().isThrownBy(() -> query.search(ADMIN, ANY, null, ALL, null));
        assertThatNullPointerException().isThrownBy(() -> query.count(null, null, ALL, (counts, progress) -> {}));
        assertThatNullPointerException().isThrownBy(() -> query.count(ADMIN, null, null, (counts, progress) -> {}));
        assertThatNullPointerException().isThrownBy(() -> query.count(ADMIN, null, ALL, null));
        assertThat(store.asked).isEmpty();
    }

    private List<Status> statuses(TokenQueryService query, Caller caller) {
        return List.of(
                query.search(caller, ANY, null, ALL, collect).status(),
                query.count(caller, null, ALL, (counts, progress) -> {}).status());
    }

    private TokenQueryService query() {
        return query(AccessPolicy.ownerOrAdmin());
    }

    private TokenQueryService query(AccessPolicy policy) {
        return TokenServices.builder(store).policy(policy).clock(CLOCK).build().query();
    }

    private static Token withScopes(Scopes scopes) {
        return token("mine", ALICE, null).toBuilder().scopes(scopes).build();
    }

    private static Token token(String id, Owner owner, Instant expiresAt) {
        return Token.builder(new TokenId(id), owner, "laptop", NOW.minus(HOUR))
                .hash(new SecretHash(new byte[32]))
                .expiresAt(expiresAt)
                .build();
    }

    private static Revocation revocation() {
        return new Revocation(UUID.randomUUID(), NOW, Actor.admin("ops"), null);
    }
}
