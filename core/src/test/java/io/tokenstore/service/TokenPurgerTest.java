package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import io.tokenstore.fixtures.EmptyPagesStore;
import io.tokenstore.fixtures.TreeMapStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenPurgerTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Instant DAY_AGO = NOW.minus(Duration.ofDays(1));
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Owner ALICE = new Owner("alice");
    private static final Consumer<WalkProgress> UNWATCHED = progress -> {};

    private Instant now = NOW;
    private final List<String> steps = new ArrayList<>();
    private final RecordingStore store = new RecordingStore() {
        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            steps.add(maxExamined + " after " + after);
            return super.purge(endedBefore, after, maxExamined);
        }
    };
    private final TokenPurger purger = TokenServices.builder(store)
            .clock(Clock.fixed(NOW, ZoneOffset.UTC))
            .build()
            .purger();

    /** Ten tokens, t0 to t9: those with an even number ended, the others live. */
    @BeforeEach
    void keepTenTokens() {
        for (int i = 0; i < 10; i++) {
            store.given(token("t" + i, i % 2 == 0 ? DAY_AGO.minusSeconds(1) : null));
        }
    }

    @Test
    void what_ended_before_the_instant_is_removed_and_nothing_else() {
        store.given(token("revoked", null).withRevocation(revokedAt(DAY_AGO.minusNanos(1_000))));
        store.given(token("revoked-then", null).withRevocation(revokedAt(DAY_AGO)));
        store.given(token("revoked-later", DAY_AGO.minusSeconds(60)).withRevocation(revokedAt(NOW)));
        store.given(token("expired-then", DAY_AGO));
        WalkProgress done = purger.purge(DAY_AGO, null, WalkBudget.unlimited(), UNWATCHED);
        assertThat(done).returns(6L, WalkProgress::matched).returns(null, WalkProgress::resumeAfter);
        assertThat(store.tokens.keySet())
                .extracting(TokenId::value)
                .containsExactly("expired-then", "revoked-later", "revoked-then", "t1", "t3", "t5", "t7", "t9");
        assertThat(steps).containsExactly("1000 after null");
    }

    @Test
    void each_step_examines_its_budget_and_resumes_where_the_last_one_stopped() {
        List<WalkProgress> told = new ArrayList<>();
        WalkProgress done = purger.purge(DAY_AGO, null, new WalkBudget(3, 1_000, HOUR), told::add);
        assertThat(steps).containsExactly("3 after null", "3 after t2", "3 after t5", "3 after t8");
        assertThat(told)
                .containsExactly(
                        new WalkProgress(3, 2, new TokenId("t2")),
                        new WalkProgress(6, 3, new TokenId("t5")),
                        new WalkProgress(9, 5, new TokenId("t8")),
                        new WalkProgress(12, 5, null));
        assertThat(done).isEqualTo(told.get(3));
    }

    @Test
    void steps_that_come_back_short_or_empty_are_not_the_end() {
        TreeMapStore shortSteps = new EmptyPagesStore();
        store.tokens.values().forEach(shortSteps::add);
        WalkProgress done = TokenServices.builder(shortSteps)
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .build()
                .purger()
                .purge(DAY_AGO, null, WalkBudget.unlimited(), UNWATCHED);
        assertThat(done).returns(5L, WalkProgress::matched).returns(null, WalkProgress::resumeAfter);
        assertThat(shortSteps.tokens.keySet()).extracting(TokenId::value).containsExactly("t1", "t3", "t5", "t7", "t9");
    }

    @Test
    void it_ends_when_as_many_tokens_were_examined_as_the_budget_says() {
        WalkProgress done = purger.purge(DAY_AGO, null, new WalkBudget(3, 7, HOUR), UNWATCHED);
        assertThat(done).isEqualTo(new WalkProgress(7, 4, new TokenId("t6")));
        assertThat(steps).containsExactly("3 after null", "3 after t2", "1 after t5");
    }

    @Test
    void a_budget_smaller_than_a_step_is_one_smaller_step() {
        WalkProgress done = purger.purge(DAY_AGO, null, new WalkBudget(10_000, 1, HOUR), UNWATCHED);
        assertThat(done).isEqualTo(new WalkProgress(1, 1, new TokenId("t0")));
        assertThat(steps).containsExactly("1 after null");
    }

    @Test
    void it_begins_no_other_step_when_its_time_is_up() {
        TokenPurger timed = timed();
        WalkProgress done = timed.purge(
                DAY_AGO, null, new WalkBudget(1, 1_000, Duration.ofSeconds(10)), progress -> now = now.plusSeconds(4));
        assertThat(done).isEqualTo(new WalkProgress(3, 2, new TokenId("t2")));
    }

    @Test
    void it_ends_at_the_very_end_of_its_time_and_always_takes_one_step() {
        TokenPurger timed = timed();
        Duration time = Duration.ofSeconds(10);
        for (Duration step : List.of(time, time.multipliedBy(1_000))) {
            assertThat(timed.purge(DAY_AGO, null, new WalkBudget(1, 1_000, time), progress -> now = now.plus(step))
                            .examined())
                    .isEqualTo(1);
        }
        now = NOW;
        assertThat(timed.purge(
                                DAY_AGO,
                                null,
                                new WalkBudget(1, 2, time),
                                progress -> now = now.plus(time.minusNanos(1)))
                        .examined())
                .isEqualTo(2);
    }

    @Test
    void the_longest_time_is_for_ever() {
        for (Duration time : List.of(ChronoUnit.FOREVER.getDuration(), Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThat(purger.purge(DAY_AGO, null, new WalkBudget(4, Long.MAX_VALUE, time), UNWATCHED)
                            .resumeAfter())
                    .isNull();
        }
    }

    @Test
    void another_purge_resumes_where_one_stood_on_any_node() {
        WalkBudget budget = new WalkBudget(2, 2, HOUR);
        TokenId after = null;
        long removed = 0;
        do {
            TokenPurger node = TokenServices.builder(store)
                    .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                    .build()
                    .purger();
            WalkProgress progress = node.purge(DAY_AGO, after, budget, UNWATCHED);
            removed += progress.matched();
            after = progress.resumeAfter();
        } while (after != null);
        assertThat(removed).isEqualTo(5);
        assertThat(store.tokens).hasSize(5);
        assertThat(steps).hasSize(6);
    }

    @Test
    void it_resumes_after_a_token_that_is_gone() {
        assertThat(purger.purge(DAY_AGO, new TokenId("t4zzz"), WalkBudget.unlimited(), UNWATCHED)
                        .matched())
                .isEqualTo(2);
        assertThat(store.tokens).containsKeys(new TokenId("t0"), new TokenId("t2"), new TokenId("t4"));
    }

    @Test
    void an_empty_store_is_one_step() {
        store.tokens.clear();
        List<WalkProgress> told = new ArrayList<>();
        purger.purge(DAY_AGO, null, WalkBudget.unlimited(), told::add);
        assertThat(told).containsExactly(new WalkProgress(1_000, 0, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-06-15T11:01:00Z",
                "2026-06-15T11:00:00.123457Z",
                "2026-06-15T12:00:00.123456Z",
                "2026-06-15T12:00:01Z",
                "9999-12-31T23:59:59Z",
                "+10000-01-01T00:00:00Z",
                "1969-12-31T23:59:59.999999999Z",
                "-1000000000-01-01T00:00:00Z"
            })
    void an_instant_less_than_an_hour_ago_or_before_1970_never_reaches_the_store(Instant endedBefore) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> purger.purge(endedBefore, null, WalkBudget.unlimited(), UNWATCHED));
        assertThat(store.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-06-15T11:00:00.123456Z",
                "2026-06-15T11:00:00.123456999Z",
                "2026-06-15T11:00:00Z",
                "1970-01-01T00:00:00Z"
            })
    void an_instant_an_hour_ago_to_the_microsecond_or_earlier_is_taken(Instant endedBefore) {
        assertThat(purger.purge(endedBefore, null, WalkBudget.unlimited(), UNWATCHED)
                        .resumeAfter())
                .isNull();
    }

    @Test
    void a_listener_that_throws_ends_it_and_what_was_done_stays_done() {
        RuntimeException stop = new IllegalStateException("enough");
        List<WalkProgress> told = new ArrayList<>();
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> purger.purge(DAY_AGO, null, new WalkBudget(3, 1_000, HOUR), progress -> {
                    told.add(progress);
                    if (told.size() == 2) {
                        throw stop;
                    }
                }))
                .isSameAs(stop);
        assertThat(store.tokens).hasSize(7);
        assertThat(purger.purge(DAY_AGO, told.get(1).resumeAfter(), WalkBudget.unlimited(), UNWATCHED)
                        .matched())
                .isEqualTo(2);
    }

    @Test
    void a_store_that_fails_ends_it_and_the_progress_told_last_says_where_to_go_on() {
        RuntimeException down = new TokenStoreException("down", TokenStoreException.Applied.UNKNOWN, null);
        List<WalkProgress> told = new ArrayList<>();
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> purger.purge(DAY_AGO, null, new WalkBudget(3, 1_000, HOUR), progress -> {
                    told.add(progress);
                    store.failing.put("purge", down);
                }))
                .isSameAs(down);
        assertThat(told).containsExactly(new WalkProgress(3, 2, new TokenId("t2")));
        store.failing.clear();
        purger.purge(DAY_AGO, told.get(0).resumeAfter(), WalkBudget.unlimited(), UNWATCHED);
        assertThat(store.tokens).hasSize(5);
    }

    @Test
    void many_nodes_at_once_remove_each_token_once() throws Exception {
        TreeMapStore shared = new TreeMapStore();
        for (int i = 0; i < 2_000; i++) {
            shared.add(token("t" + i, i % 2 == 0 ? DAY_AGO.minusSeconds(1) : null));
        }
        ExecutorService nodes = Executors.newFixedThreadPool(4);
        try {
            List<Future<Long>> running = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                TokenPurger node = TokenServices.builder(shared)
                        .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                        .build()
                        .purger();
                running.add(nodes.submit(
                        () -> node.purge(DAY_AGO, null, new WalkBudget(7, Long.MAX_VALUE, HOUR), UNWATCHED)
                                .matched()));
            }
            long removed = 0;
            for (Future<Long> node : running) {
                removed += node.get();
            }
            assertThat(removed).isEqualTo(1_000);
            assertThat(shared.tokens).hasSize(1_000);
        } finally {
            nodes.shutdownNow();
        }
    }

    @Test
    void by_default_it_goes_by_the_systems_time() {
        TokenPurger byDefault = TokenServices.builder(store).build().purger();
        Instant now = Instant.now();
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        byDefault.purge(now.minus(HOUR).plusSeconds(60), null, WalkBudget.unlimited(), UNWATCHED));
        byDefault.purge(now.minus(HOUR).minusSeconds(1), null, WalkBudget.unlimited(), UNWATCHED);
        assertThat(store.asked).containsExactly("purge");
    }

    @Test
    void a_budget_out_of_range_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new WalkBudget(0, 1, HOUR));
        assertThatIllegalArgumentException().isThrownBy(() -> new WalkBudget(10_001, 1, HOUR));
        assertThatIllegalArgumentException().isThrownBy(() -> new WalkBudget(1, 0, HOUR));
        assertThatIllegalArgumentException().isThrownBy(() -> new WalkBudget(1, 1, Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> new WalkBudget(1, 1, HOUR.negated()));
        assertThatNullPointerException().isThrownBy(() -> new WalkBudget(1, 1, null));
        assertThat(new WalkBudget(10_000, Long.MAX_VALUE, Duration.ofNanos(1)).step())
                .isEqualTo(10_000);
    }

    @Test
    void null_is_refused_where_it_is_a_programming_error() {
        WalkBudget budget = WalkBudget.unlimited();
        assertThatNullPointerException().isThrownBy(() -> purger.purge(null, null, budget, UNWATCHED));
        assertThatNullPointerException().isThrownBy(() -> purger.purge(DAY_AGO, null, null, UNWATCHED));
        assertThatNullPointerException().isThrownBy(() -> purger.purge(DAY_AGO, null, budget, null));
        assertThat(store.asked).isEmpty();
    }

    private TokenPurger timed() {
        InstantSource clock = () -> now;
        return TokenServices.builder(store)
                .clock(clock.withZone(ZoneOffset.UTC))
                .build()
                .purger();
    }

    private static Token token(String id, Instant expiresAt) {
        return Token.builder(new TokenId(id), ALICE, "laptop", DAY_AGO.minusSeconds(3_600))
                .expiresAt(expiresAt)
                .build();
    }

    private static Revocation revokedAt(Instant at) {
        return new Revocation(UUID.randomUUID(), at, Actor.user("alice"), null);
    }
}
