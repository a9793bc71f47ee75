package io.tokenstore.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenState;
import io.tokenstore.TokenStore;
import io.tokenstore.memory.InMemoryTokenStore;
import io.tokenstore.service.Caller;
import io.tokenstore.service.IssuedToken;
import io.tokenstore.service.RevocationRequest;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenServices;
import io.tokenstore.service.TokenSummary;
import io.tokenstore.service.Verdict;
import io.tokenstore.service.WalkBudget;
import io.tokenstore.service.WalkProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What the page about tokens shows of all users' tokens, run. */
class AllTokensTest {

    private final TokenStore store = new InMemoryTokenStore();
    private final TokenServices tokens = TokenServices.builder(store).build();
    private final Caller admin = Caller.admin("ops");

    @Test
    void a_page_is_filled_by_short_walks_until_it_is_full_or_the_walk_is_at_its_end() {
        for (int i = 0; i < 5_000; i++) {
            keep("t" + (10_000 + i), i % 1_000 == 0 ? "alice" : "bob");
        }
        assertThat(page(null)).extracting(TokenSummary::owner).containsExactly("alice", "alice", "alice");
        assertThat(page(new TokenId("t12500"))).hasSize(2);
    }

    private List<TokenSummary> page(TokenId after) {
        // tag::page[]
        Predicate<TokenSummary> wanted = token -> token.owner().startsWith("al");
        WalkBudget step = new WalkBudget(1_000, 1_000, Duration.ofSeconds(1));
        List<TokenSummary> page = new ArrayList<>();
        do {
            WalkProgress stands = tokens.query()
                    .search(admin, wanted, after, step, (found, soFar) -> page.addAll(found))
                    .orElseThrow();
            after = stands.resumeAfter();
        } while (after != null && page.size() < 3);
        // The next page begins after this place, and may be empty. Null: there is none.
        // end::page[]
        return page;
    }

    @Test
    void counts_are_by_state() {
        keep("t1", "alice");
        // tag::count[]
        Map<TokenState, Long> counts = new EnumMap<>(TokenState.class);
        tokens.query()
                .count(admin, null, WalkBudget.unlimited(), (byState, soFar) -> counts.putAll(byState))
                .orElseThrow();
        // end::count[]
        assertThat(counts).contains(entry(TokenState.ACTIVE, 1L), entry(TokenState.REVOKED, 0L));
    }

    @Test
    void a_leaked_list_has_a_verdict_for_each_string() {
        IssuedToken laptop = tokens.issuance()
                .issue(
                        Caller.user(new Owner("alice")),
                        "alice",
                        TokenRequest.named("laptop").withTtl(Duration.ofDays(1)))
                .orElseThrow();
        Iterable<String> lines = List.of("x", laptop.secret());
        List<Verdict> report = new ArrayList<>();
        UUID incident = new UUID(0, 7);
        // tag::leaked[]
        RevocationRequest request = RevocationRequest.plain().withId(incident).withReason("in a public repository");
        long revoked = tokens.revocation()
                .revokeLeaked(admin, lines, request, (line, verdict) -> report.add(verdict))
                .orElseThrow();
        // end::leaked[]
        assertThat(revoked).isEqualTo(1);
        assertThat(report).containsExactly(Verdict.NO_TOKEN, Verdict.REVOKED_NOW);
    }

    @Test
    void what_was_issued_before_a_breach_is_revoked() {
        keep("t1", "alice");
        Instant breach = Instant.EPOCH.plusSeconds(1);
        UUID incident = new UUID(0, 7);
        List<TokenId> places = new ArrayList<>();
        TokenId lastTime = null;
        // tag::before[]
        RevocationRequest request =
                RevocationRequest.plain().withId(incident).withReason("breach").andSuccessors();
        WalkBudget budget = new WalkBudget(1_000, Long.MAX_VALUE, Duration.ofMinutes(5));
        WalkProgress stands = tokens.revocation()
                .revokeIssuedBefore(admin, breach, request, lastTime, budget, soFar -> places.add(soFar.resumeAfter()))
                .orElseThrow();
        // Go on after stands.resumeAfter() until it is null, on any node. After a failure: after the last of places.
        // end::before[]
        assertThat(stands.matched()).isEqualTo(1);
    }

    private void keep(String id, String owner) {
        store.add(Token.builder(new TokenId(id), new Owner(owner), "laptop", Instant.EPOCH)
                .build());
    }
}
