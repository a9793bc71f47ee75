package io.tokenstore.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.service.Caller;
import io.tokenstore.service.PageRequest;
import io.tokenstore.service.TokenListing;
import io.tokenstore.service.TokenQueryService;
import io.tokenstore.service.TokenServices;
import io.tokenstore.service.TokenSummary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Walks from page to page: what is there throughout is met exactly once, whatever else comes and goes between the pages. */
class PagingTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(1);
    private static final Owner ALICE = new Owner("alice");
    private static final Owner BOB = new Owner("bob");

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.tokenstore.memory.Seeds#many")
    void a_walk_through_a_list_meets_each_that_stays_exactly_once_and_in_order(long seed) {
        Site site = new Site(new SplittableRandom(seed));
        List<String> met = new ArrayList<>();
        TokenId last = null;
        do {
            int limit = site.someLimit();
            TokenPage page = site.store.list(ALICE, last, limit);
            page.tokens().forEach(token -> met.add(token.id().value()));
            last = page.resumeAfter();
            site.change();
        } while (last != null);
        site.assertAllMet(met);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.tokenstore.memory.Seeds#many")
    void a_scan_meets_each_that_stays_exactly_once_and_in_order(long seed) {
        Site site = new Site(new SplittableRandom(seed));
        List<String> met = new ArrayList<>();
        TokenId last = null;
        do {
            TokenPage page = site.store.scan(last, site.someLimit());
            page.tokens().forEach(token -> met.add(token.id().value()));
            last = page.resumeAfter();
            site.change();
        } while (last != null);
        site.assertAllMet(met);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.tokenstore.memory.Seeds#many")
    void a_walk_by_cursors_meets_each_token_that_stays_exactly_once_and_in_order(long seed) {
        Site site = new Site(new SplittableRandom(seed));
        TokenQueryService queries = TokenServices.builder(site.store).build().query();
        List<String> met = new ArrayList<>();
        String next = null;
        do {
            PageRequest request = new PageRequest(next, site.someLimit());
            TokenListing page =
                    queries.list(Caller.user(ALICE), "alice", request).value();
            page.tokens().stream().map(TokenSummary::id).forEach(met::add);
            next = page.next();
            site.change();
        } while (next != null);
        site.assertAllMet(met);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.tokenstore.memory.Seeds#many")
    void a_purge_removes_each_that_had_ended_when_it_began_and_none_that_had_not(long seed) {
        Site site = new Site(new SplittableRandom(seed));
        List<TokenId> ended = site.ended();
        TokenId last = null;
        do {
            PurgePage page = site.store.purge(LATER, last, site.someLimit());
            last = page.resumeAfter();
            site.addSome();
        } while (last != null);
        assertThat(ended).allSatisfy(id -> assertThat(site.store.find(id)).isEmpty());
        assertThat(site.staying)
                .allSatisfy(id -> assertThat(site.store.find(new TokenId(id))).isPresent());
    }

    /** Two users' tokens, some of which come and go. */
    private static final class Site {

        private final RandomGenerator random;
        private final RandomIds ids;
        private final InMemoryTokenStore store = new InMemoryTokenStore();
        private final NavigableSet<String> used = new TreeSet<>();

        /** Alice's tokens that do not end. */
        private final NavigableSet<String> staying = new TreeSet<>();

        Site(RandomGenerator random) {
            this.random = random;
            this.ids = new RandomIds(random);
            for (int tokens = random.nextInt(1, 600); tokens > 0; tokens--) {
                add(random.nextInt(3) == 0);
            }
        }

        int someLimit() {
            return random.nextInt(1, 20 + used.size() / 10);
        }

        /** Adds and removes some of those that have ended. */
        void change() {
            addSome();
            if (random.nextInt(3) == 0) {
                store.purge(LATER, random.nextBoolean() ? null : new TokenId(ids.next()), random.nextInt(1, 300));
            }
        }

        void addSome() {
            for (int tokens = random.nextInt(10); tokens > 0; tokens--) {
                add(false);
            }
        }

        /** Adds a token by an id that was never used, if there is one at hand. */
        private void add(boolean stays) {
            String id = ids.next();
            if (used.add(id)) {
                Owner owner = stays || random.nextBoolean() ? ALICE : BOB;
                store.add(Token.builder(new TokenId(id), owner, "laptop", NOW)
                        .expiresAt(stays ? null : NOW)
                        .build());
                if (stays) {
                    staying.add(id);
                }
            }
        }

        List<TokenId> ended() {
            return used.stream()
                    .filter(id -> !staying.contains(id))
                    .map(TokenId::new)
                    .toList();
        }

        void assertAllMet(List<String> met) {
            assertThat(met).isSorted().doesNotHaveDuplicates();
            met.retainAll(staying);
            assertThat(met).isEqualTo(List.copyOf(staying));
        }
    }
}
