package io.tokenstore.service;

import io.tokenstore.NotSerializable;
import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenState;
import io.tokenstore.TokenStore;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Lists a user's tokens, for the user and for administrators, and searches all users' tokens.
 *
 * <p>Safe to call from many threads. Every attempt is one line in the log.
 */
public final class TokenQueryService implements NotSerializable {

    private final Object unwritable = UNWRITABLE;
    private final TokenStore store;
    private final Clock clock;
    private final @Nullable RecentUses uses;
    private final Gate gate;
    private final Journal journal;

    TokenQueryService(TokenStore store, TokenServices.Settings settings) {
        this.store = store;
        this.clock = settings.clock();
        this.uses = settings.uses();
        this.gate = settings.gate();
        this.journal = new Journal(settings.events(), LoggerFactory.getLogger(TokenQueryService.class));
    }

    /**
     * Lists a page of a user's tokens in the order of their ids, whatever their states.
     *
     * <p>The answer is {@link Status#UNAUTHORIZED} if the caller is anonymous; else {@link Status#BAD_REQUEST} if the
     * username or the page breaks a rule, with an issue for each violation; else {@link Status#FORBIDDEN} if the caller's
     * token or the policy does not permit it; else {@link Status#OK}, also for a user who has no token or does not exist.
     * {@link Status#INTERNAL_SERVER_ERROR} if the policy, the clock or the store throws.
     *
     * @param caller who asks
     * @param username the user whose tokens they are, as the client sent it
     * @param page which page
     * @return the answer
     * @throws NullPointerException if {@code caller} or {@code page} is null
     */
    public Result<TokenListing> list(Caller caller, @Nullable String username, PageRequest page) {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(page, "page");
        Result<TokenListing> result = gate.admit(
                caller,
                Action.LIST,
                username,
                page::violations,
                false,
                secret -> Result.ok(new TokenListing(List.of(), null)),
                owner -> list(owner, page));
        return journal.record(
                caller,
                Action.LIST,
                result,
                // A secret pasted as the username is answered as a user without tokens.
                () -> caller + " lists tokens of user "
                        + LogText.of(
                                username,
                                result.status() == Status.OK
                                        && !result.value().tokens().isEmpty()),
                watched -> {});
    }

    private Result<TokenListing> list(Owner owner, PageRequest page) {
        TokenId after = page.after() == null ? null : new TokenId(page.after());
        TokenPage found = store.list(owner, after, page.limit());
        return Result.ok(new TokenListing(
                summaries(found.tokens()),
                found.resumeAfter() == null ? null : found.resumeAfter().value()));
    }

    private List<TokenSummary> summaries(List<Token> tokens) {
        Map<TokenId, Instant> lastUses = uses == null
                ? Map.of()
                : uses.lastUses(tokens.stream().map(Token::id).toList(), store);
        Instant now = clock.instant();
        return tokens.stream()
                .map(token -> TokenSummary.of(token, now, lastUses.get(token.id())))
                .toList();
    }

    /**
     * Searches the tokens of all users step by step, in constant memory.
     *
     * <p>It ends when the budget is spent or every token was examined. For one page of hits, search with a small budget, and
     * resume for the next page; a short or empty page need not be the last. A token that is kept throughout a walk is examined
     * once.
     *
     * <p>The answer is {@link Status#UNAUTHORIZED} if the caller is anonymous; else {@link Status#FORBIDDEN} if the caller's
     * token lacks the scope {@code tokens:admin} or the policy does not permit it; else {@link Status#OK}.
     * {@link Status#INTERNAL_SERVER_ERROR} if the policy, the clock, the store, {@code wanted} or {@code found} throws: the
     * last reported progress says where to continue.
     *
     * @param caller who asks
     * @param wanted which tokens; see {@link TokenSummary#expiring}
     * @param after the {@link WalkProgress#resumeAfter()} of an earlier search; null to begin with the first token
     * @param budget how much to do
     * @param found called after each step with the tokens found, perhaps none, and the progress. A host that saves the progress
     *     only after it has dealt with the tokens misses none when it resumes a killed search; it may get some again
     * @return the answer, with the progress; {@linkplain WalkProgress#matched matched} counts the tokens found
     * @throws NullPointerException if an argument other than {@code after} is null
     */
    public Result<WalkProgress> search(
            Caller caller,
            Predicate<TokenSummary> wanted,
            @Nullable TokenId after,
            WalkBudget budget,
            BiConsumer<List<TokenSummary>, WalkProgress> found) {
        Objects.requireNonNull(wanted, "wanted");
        Objects.requireNonNull(found, "found");
        return walk(caller, "searches", after, budget, page -> {
            List<TokenSummary> hits = summaries(page).stream().filter(wanted).toList();
            return new Step(hits.size(), progress -> found.accept(hits, progress));
        });
    }

    /**
     * Counts the tokens of all users by state, step by step like {@link #search}.
     *
     * @param caller who asks
     * @param after the {@link WalkProgress#resumeAfter()} of an earlier count; null to begin with the first token
     * @param budget how much to do
     * @param counts called after each step with this call's counts so far, by state, and the progress
     * @return the answer, as for {@link #search}; {@linkplain WalkProgress#matched matched} is the number of tokens counted
     * @throws NullPointerException if an argument other than {@code after} is null
     */
    public Result<WalkProgress> count(
            Caller caller,
            @Nullable TokenId after,
            WalkBudget budget,
            BiConsumer<Map<TokenState, Long>, WalkProgress> counts) {
        Objects.requireNonNull(counts, "counts");
        Map<TokenState, Long> byState = new EnumMap<>(TokenState.class);
        for (TokenState state : TokenState.values()) {
            byState.put(state, 0L);
        }
        return walk(caller, "counts", after, budget, page -> {
            Instant now = clock.instant();
            page.forEach(token -> byState.merge(token.stateAt(now), 1L, Long::sum));
            return new Step(
                    page.size(),
                    progress -> counts.accept(Collections.unmodifiableMap(new EnumMap<>(byState)), progress));
        });
    }

    /** What a step found: the number of tokens, and what to call with the progress. */
    private record Step(int matched, Consumer<WalkProgress> told) {}

    private Result<WalkProgress> walk(
            Caller caller,
            String verb,
            @Nullable TokenId after,
            WalkBudget budget,
            Function<List<Token>, Step> examine) {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(budget, "budget");
        Result<WalkProgress> result = gate.admitToAll(
                caller,
                Action.SEARCH,
                List::of,
                () -> Result.ok(budget.walk(clock, after, TokenStore.MAX_PAGE, (soFar, maxExamined) -> {
                    TokenPage page = store.scan(soFar.resumeAfter(), maxExamined);
                    Step step = examine.apply(page.tokens());
                    WalkProgress progress = soFar.plus(maxExamined, step.matched(), page.resumeAfter());
                    step.told().accept(progress);
                    return progress;
                })));
        return journal.record(
                caller,
                Action.SEARCH,
                result,
                () -> caller + " " + verb + " the tokens of all users after " + after,
                watched -> {});
    }
}
