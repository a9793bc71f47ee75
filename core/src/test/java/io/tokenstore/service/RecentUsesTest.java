package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.TokenUses;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecentUsesTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123Z");
    private static final Owner ALICE = new Owner("alice");
    private static final Caller OWNER = Caller.user(ALICE);

    private final RecordingStore store = new RecordingStore();
    private final RecordedUses kept = new RecordedUses();
    private Instant now = NOW;
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    private Role role = Role.USER;
    private final TokenServices tokens = TokenServices.builder(store)
            .allowNeverExpiring()
            .roles(owner -> role)
            .clock(clock)
            .uses(kept)
            .build();

    /** Keeps uses, and does or throws something when told to. */
    private static final class RecordedUses implements TokenUses {

        private final Map<TokenId, Instant> uses = new HashMap<>();
        private final List<List<TokenId>> batches = new ArrayList<>();
        private Runnable within = () -> {};

        @Override
        public synchronized void record(Map<TokenId, Instant> given) {
            within.run();
            batches.add(List.copyOf(given.keySet()));
            given.forEach((id, at) -> uses.merge(id, at, (one, other) -> one.isAfter(other) ? one : other));
        }

        @Override
        public synchronized Map<TokenId, Instant> lastUses(Collection<TokenId> ids) {
            Map<TokenId, Instant> last = new HashMap<>(uses);
            last.keySet().retainAll(ids);
            return Map.copyOf(last);
        }
    }

    private void after(String duration) {
        now = now.plus(Duration.parse(duration));
    }

    @Test
    void each_way_to_authenticate_is_a_use_and_a_flush_writes_it() {
        IssuedToken byHeader = issue(null);
        IssuedToken bare = issue(Duration.ofDays(1));
        IssuedToken ofTheHost = issue(null);
        after("PT1S");
        assertThat(authenticates(byHeader)).isTrue();
        after("PT1S");
        assertThat(tokens.authenticator().authenticateToken(bare.secret()).isAnonymous())
                .isFalse();
        after("PT1S");
        assertThat(tokens.authenticator().isLive(ofTheHost.id().value())).isTrue();
        assertThat(kept.uses).isEmpty();
        assertThat(tokens.flushUses()).isEqualTo(3);
        assertThat(kept.uses)
                .containsOnly(
                        Map.entry(byHeader.id(), NOW.plusSeconds(1)),
                        Map.entry(bare.id(), NOW.plusSeconds(2)),
                        Map.entry(ofTheHost.id(), NOW.plusSeconds(3)));
        assertThat(tokens.flushUses()).isZero();
    }

    @Test
    void what_does_not_authenticate_is_no_use() {
        IssuedToken revoked = issue(null);
        tokens.revocation().revoke(OWNER, "alice", revoked.id().value()).orElseThrow();
        IssuedToken expired = issue(Duration.ofHours(1));
        after("PT2H");
        IssuedToken suspended = issue(null);
        assertThat(authenticates(revoked)).isFalse();
        assertThat(authenticates(expired)).isFalse();
        assertThat(tokens.authenticator().isLive(expired.id().value())).isFalse();
        String otherSecret = PresentedToken.create(new TokenPrefix("pat"), NOW).text();
        assertThat(tokens.authenticator().authenticateToken(otherSecret).isAnonymous())
                .isTrue();
        role = Role.NONE;
        assertThat(authenticates(suspended)).isFalse();
        assertThat(tokens.flushUses()).isZero();
    }

    @Test
    void a_successors_first_use_is_one_and_none_of_its_predecessor() {
        TokenRequest request = TokenRequest.named("laptop")
                .withTtl(Duration.ofDays(1))
                .withRenewableUntil(NOW.plus(Duration.ofDays(9)));
        IssuedToken old = tokens.issuance().issue(OWNER, "alice", request).orElseThrow();
        IssuedToken successor =
                tokens.issuance().rotate(OWNER, "alice", old.id().value(), null).orElseThrow();
        assertThat(tokens.authenticator().isLive(successor.id().value())).isFalse();
        assertThat(tokens.flushUses()).isZero();
        assertThat(authenticates(successor)).isTrue();
        tokens.flushUses();
        assertThat(kept.uses).containsOnlyKeys(successor.id());
    }

    @Test
    void a_successor_that_lost_the_race_for_its_first_use_is_not_used() {
        TokenRequest request = TokenRequest.named("laptop")
                .withTtl(Duration.ofDays(1))
                .withRenewableUntil(NOW.plus(Duration.ofDays(9)));
        IssuedToken old = tokens.issuance().issue(OWNER, "alice", request).orElseThrow();
        IssuedToken successor =
                tokens.issuance().rotate(OWNER, "alice", old.id().value(), null).orElseThrow();
        tokens.revocation().revoke(OWNER, "alice", old.id().value()).orElseThrow();
        assertThat(authenticates(successor)).isFalse();
        assertThat(tokens.flushUses()).isZero();
    }

    @Test
    void a_use_that_max_staleness_answered_without_a_look_is_one() {
        TokenServices remembering = TokenServices.builder(store)
                .clock(clock)
                .maxStaleness(Duration.ofHours(1))
                .uses(kept)
                .build();
        IssuedToken issued = issue(Duration.ofDays(1));
        remembering.authenticator().authenticateToken(issued.secret());
        store.asked.clear();
        after("PT2M");
        assertThat(remembering
                        .authenticator()
                        .authenticateToken(issued.secret())
                        .isAnonymous())
                .isFalse();
        assertThat(store.asked).isEmpty();
        remembering.flushUses();
        assertThat(kept.uses).containsOnly(Map.entry(issued.id(), NOW.plusSeconds(120)));
    }

    @Test
    void one_instant_is_written_for_each_token_and_granule() {
        IssuedToken issued = issue(null);
        authenticates(issued);
        after("PT59.999S");
        authenticates(issued);
        assertThat(tokens.flushUses()).isEqualTo(1);
        assertThat(kept.uses).containsEntry(issued.id(), NOW);
        authenticates(issued);
        assertThat(tokens.flushUses()).isZero();
        after("PT0.001S");
        authenticates(issued);
        assertThat(tokens.flushUses()).isEqualTo(1);
        assertThat(kept.uses).containsEntry(issued.id(), NOW.plusSeconds(60));
    }

    @Test
    void a_clock_that_is_set_back_moves_no_use_back() {
        IssuedToken issued = issue(null);
        after("PT1H");
        authenticates(issued);
        after("-PT1H");
        authenticates(issued);
        tokens.flushUses();
        authenticates(issued);
        tokens.flushUses();
        assertThat(kept.uses).containsEntry(issued.id(), NOW.plusSeconds(3_600));
    }

    @Test
    void a_flush_writes_in_the_order_of_ids_in_batches_of_a_page() {
        IntStream.range(0, 2_500).forEach(i -> used("t" + i));
        assertThat(tokens.flushUses()).isEqualTo(2_500);
        assertThat(kept.batches).extracting(List::size).containsExactly(1_000, 1_000, 500);
        assertThat(kept.batches.stream().flatMap(List::stream)).isSorted();
    }

    @Test
    void a_batch_that_failed_waits_and_those_after_it_are_written() {
        IntStream.range(0, 2_500).forEach(i -> used("t" + i));
        AtomicInteger calls = new AtomicInteger();
        kept.within = () -> {
            if (calls.incrementAndGet() == 2) {
                throw new TokenStoreException("away", Applied.UNKNOWN, null);
            }
        };
        assertThatThrownBy(tokens::flushUses).isInstanceOf(TokenStoreException.class);
        assertThat(kept.uses).hasSize(1_500);
        assertThat(tokens.flushUses()).isEqualTo(1_000);
        assertThat(kept.uses).hasSize(2_500);
    }

    @Test
    void after_two_failures_a_flush_gives_up_and_throws_the_first_one() {
        IntStream.range(0, 4_500).forEach(i -> used("t" + i));
        AtomicInteger calls = new AtomicInteger();
        kept.within = () -> {
            int call = calls.incrementAndGet();
            if (call == 2 || call == 4) {
                throw new TokenStoreException("failure of call " + call, Applied.UNKNOWN, null);
            }
        };
        assertThatThrownBy(tokens::flushUses).hasMessage("failure of call 2");
        assertThat(calls).hasValue(4);
        assertThat(kept.uses).hasSize(2_000);
        after("PT1M");
        tokens.authenticator().isLive("t999");
        assertThat(tokens.flushUses()).isEqualTo(2_500);
        assertThat(kept.uses).hasSize(4_500).containsEntry(new TokenId("t999"), NOW.plusSeconds(60));
    }

    @Test
    void a_use_that_comes_during_the_flush_waits_for_the_next_one() {
        used("t");
        kept.within = () -> {
            after("PT1M");
            tokens.authenticator().isLive("t");
        };
        assertThat(tokens.flushUses()).isEqualTo(1);
        assertThat(kept.uses).containsEntry(new TokenId("t"), NOW);
        kept.within = () -> {};
        assertThat(tokens.flushUses()).isEqualTo(1);
        assertThat(kept.uses).containsEntry(new TokenId("t"), NOW.plusSeconds(60));
    }

    @Test
    void flushes_at_once_lose_no_use_and_write_none_twice() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            CountDownLatch begun = new CountDownLatch(1);
            List<Future<Integer>> flushes = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int from = 1_000 * i;
                IntStream.range(from, from + 1_000).forEach(each -> store.given(token("t" + each)));
                threads.submit(() -> {
                    begun.await();
                    return IntStream.range(from, from + 1_000)
                            .filter(each -> tokens.authenticator().isLive("t" + each))
                            .count();
                });
                flushes.add(threads.submit(() -> {
                    begun.await();
                    return IntStream.range(0, 50)
                            .map(flush -> tokens.flushUses())
                            .sum();
                }));
            }
            begun.countDown();
            int written = 0;
            for (Future<Integer> flush : flushes) {
                written += flush.get();
            }
            threads.shutdown();
            assertThat(threads.awaitTermination(1, java.util.concurrent.TimeUnit.MINUTES))
                    .isTrue();
            assertThat(written + tokens.flushUses()).isEqualTo(4_000);
            assertThat(kept.uses).hasSize(4_000);
            assertThat(kept.batches.stream().flatMap(List::stream)).doesNotHaveDuplicates();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void beyond_the_bound_uses_are_lost_and_the_log_tells_it_once_a_flush() {
        RecentUses recent = new RecentUses(kept, true, Duration.ofMinutes(1), clock, 10);
        try (CapturedLog log = new CapturedLog(TokenServices.class)) {
            IntStream.range(10, 25).forEach(i -> recent.add(new TokenId("t" + i), NOW));
            assertThat(recent.flush()).isEqualTo(10);
            assertThat(log.lines())
                    .containsExactly(
                            "WARN 5 uses of tokens were not recorded, because 10 tokens had uses to be written:"
                                    + " flush more often");
            assertThat(recent.flush()).isZero();
            IntStream.range(30, 40).forEach(i -> recent.add(new TokenId("t" + i), NOW));
            assertThat(recent.flush()).isEqualTo(10);
            assertThat(log.lines()).hasSize(1);
        }
    }

    @Test
    void what_is_written_and_still_remembered_takes_no_room_of_what_waits() {
        RecentUses recent = new RecentUses(kept, true, Duration.ofMinutes(1), clock, 10);
        try (CapturedLog log = new CapturedLog(TokenServices.class)) {
            IntStream.range(0, 5).forEach(i -> recent.add(new TokenId("written" + i), NOW));
            assertThat(recent.flush()).isEqualTo(5);
            IntStream.range(10, 20).forEach(i -> recent.add(new TokenId("t" + i), NOW));
            assertThat(recent.flush()).isEqualTo(10);
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void written_uses_are_remembered_unless_they_take_more_than_half_of_the_room() {
        for (int tokens : new int[] {5, 6}) {
            RecentUses recent = new RecentUses(kept, true, Duration.ofMinutes(1), clock, 10);
            for (int flush = 0; flush < 2; flush++) {
                IntStream.range(0, tokens).forEach(i -> recent.add(new TokenId("t" + i), NOW));
                assertThat(recent.flush()).as("%d tokens", tokens).isEqualTo(flush == 0 || tokens == 6 ? tokens : 0);
            }
        }
    }

    @Test
    void a_flush_without_waiting_uses_writes_nothing() {
        assertThat(tokens.flushUses()).isZero();
        assertThat(kept.batches).isEmpty();
    }

    @Test
    void another_use_of_a_token_whose_use_waits_needs_no_more_room() {
        RecentUses recent = new RecentUses(kept, true, Duration.ofMinutes(1), clock, 10);
        try (CapturedLog log = new CapturedLog(TokenServices.class)) {
            IntStream.range(10, 20).forEach(i -> recent.add(new TokenId("t" + i), NOW));
            IntStream.range(10, 20).forEach(i -> recent.add(new TokenId("t" + i), NOW.plusSeconds(60)));
            assertThat(recent.flush()).isEqualTo(10);
            assertThat(kept.uses.values()).containsOnly(NOW.plusSeconds(60));
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void a_use_before_the_issue_by_a_slow_clock_is_shown_at_the_issue() {
        IssuedToken issued = issue(null);
        kept.record(Map.of(issued.id(), NOW.minusSeconds(9)));
        assertThat(listed(tokens)).containsEntry(issued.id().value(), NOW);
    }

    @Test
    void a_list_shows_the_later_of_what_is_kept_and_what_waits_here() {
        IssuedToken unused = issue(null);
        IssuedToken used = issue(null);
        IssuedToken usedElsewhere = issue(null);
        authenticates(used);
        authenticates(usedElsewhere);
        kept.record(
                new LinkedHashMap<>(Map.of(used.id(), NOW.minusSeconds(9), usedElsewhere.id(), NOW.plusSeconds(9))));
        assertThat(listed(tokens))
                .containsEntry(unused.id().value(), null)
                .containsEntry(used.id().value(), NOW)
                .containsEntry(usedElsewhere.id().value(), NOW.plusSeconds(9));
        tokens.flushUses();
        assertThat(listed(tokens)).containsEntry(used.id().value(), NOW);
    }

    @Test
    void services_without_uses_show_none_and_flush_none() {
        IssuedToken issued = issue(null);
        TokenServices without = TokenServices.builder(store).clock(clock).build();
        without.authenticator().authenticateToken(issued.secret());
        assertThat(listed(without)).containsEntry(issued.id().value(), null);
        assertThatIllegalStateException().isThrownBy(without::flushUses).withMessageContaining("builder");
    }

    @Test
    void services_on_another_store_share_the_uses() {
        IssuedToken issued = issue(null);
        authenticates(issued);
        TokenServices joined = tokens.withStore(store);
        assertThat(listed(joined)).containsEntry(issued.id().value(), NOW);
        assertThat(joined.flushUses()).isEqualTo(1);
        assertThat(tokens.flushUses()).isZero();
    }

    /** A store of tokens and uses, which may be in the host's transaction. */
    private static final class StoreOfBoth extends RecordingStore implements TokenUses {

        private final RecordedUses uses = new RecordedUses();

        @Override
        public void record(Map<TokenId, Instant> given) {
            uses.record(given);
        }

        @Override
        public Map<TokenId, Instant> lastUses(Collection<TokenId> ids) {
            ask("lastUses");
            return uses.lastUses(ids);
        }
    }

    private static TokenServicesBuilder services(StoreOfBoth store, Duration maxStaleness) {
        TokenServicesBuilder builder = TokenServices.builder(store);
        return maxStaleness == null ? builder : builder.maxStaleness(maxStaleness);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = "PT1S")
    void a_list_in_the_hosts_transaction_reads_uses_there(Duration maxStaleness) {
        StoreOfBoth ownStore = new StoreOfBoth();
        StoreOfBoth joining = new StoreOfBoth();
        joining.given(token("t"));
        joining.record(Map.of(new TokenId("t"), NOW.plusSeconds(1)));
        TokenServices joined =
                services(ownStore, maxStaleness).uses(ownStore).build().withStore(joining);
        listed(joined);
        assertThat(joining.asked).containsExactly("list");
        joining.inHostTransaction = true;
        ownStore.asked.clear();
        assertThat(listed(joined)).containsEntry("t", NOW.plusSeconds(1));
        assertThat(joining.asked).containsExactly("list", "list", "lastUses");
        assertThat(ownStore.asked).isEmpty();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = "PT1S")
    void uses_that_are_kept_elsewhere_are_read_there_also_in_the_hosts_transaction(Duration maxStaleness) {
        StoreOfBoth joining = new StoreOfBoth();
        joining.inHostTransaction = true;
        joining.given(token("t"));
        kept.record(Map.of(new TokenId("t"), NOW.plusSeconds(1)));
        TokenServices joined =
                services(new StoreOfBoth(), maxStaleness).uses(kept).build().withStore(joining);
        assertThat(listed(joined)).containsEntry("t", NOW.plusSeconds(1));
        assertThat(joining.asked).containsExactly("list");
    }

    @Test
    void a_list_whose_uses_can_not_be_read_is_a_failure() {
        TokenServices failing = TokenServices.builder(store)
                .uses(new TokenUses() {
                    @Override
                    public void record(Map<TokenId, Instant> uses) {}

                    @Override
                    public Map<TokenId, Instant> lastUses(Collection<TokenId> ids) {
                        throw new TokenStoreException("away", Applied.NO, null);
                    }
                })
                .build();
        assertThat(failing.query().list(OWNER, "alice", PageRequest.first(10)).status())
                .isSameAs(Status.INTERNAL_SERVER_ERROR);
    }

    @Test
    void a_granule_out_of_range_is_refused() {
        TokenServicesBuilder builder = TokenServices.builder(store);
        for (String granule : List.of("PT0S", "-PT1M", "PT0.999999999S", "PT24H0.000000001S")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.uses(kept, Duration.parse(granule)))
                    .withMessage("the granule must be 1 second to 1 day");
        }
        builder.uses(kept, Duration.ofSeconds(1)).uses(kept, Duration.ofDays(1));
        assertThatNullPointerException().isThrownBy(() -> builder.uses(null));
        assertThatNullPointerException().isThrownBy(() -> builder.uses(kept, null));
    }

    @Test
    void the_granule_is_a_minute_again_once_none_is_given() {
        TokenServices minutes = TokenServices.builder(store)
                .clock(clock)
                .uses(kept, Duration.ofDays(1))
                .uses(kept)
                .build();
        used("t");
        minutes.authenticator().isLive("t");
        after("PT1M");
        minutes.authenticator().isLive("t");
        minutes.flushUses();
        assertThat(kept.uses).containsEntry(new TokenId("t"), NOW.plusSeconds(60));
    }

    private IssuedToken issue(Duration ttl) {
        TokenRequest request = TokenRequest.named("laptop");
        return tokens.issuance()
                .issue(OWNER, "alice", ttl == null ? request : request.withTtl(ttl))
                .orElseThrow();
    }

    private boolean authenticates(IssuedToken issued) {
        return !tokens.authenticator().authenticate("Bearer " + issued.secret()).isAnonymous();
    }

    private void used(String id) {
        store.given(token(id));
        assertThat(tokens.authenticator().isLive(id)).isTrue();
    }

    private static Token token(String id) {
        return Token.builder(new TokenId(id), ALICE, "laptop", NOW).build();
    }

    private static Map<String, Instant> listed(TokenServices services) {
        Map<String, Instant> listed = new HashMap<>();
        services.query()
                .list(OWNER, "alice", PageRequest.first(10))
                .orElseThrow()
                .tokens()
                .forEach(token -> listed.put(token.id(), token.lastUsedAt()));
        return listed;
    }
}
