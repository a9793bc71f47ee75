package io.tokenstore.service;

import io.tokenstore.NotSerializable;
import io.tokenstore.PurgePage;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Removes tokens that ended long enough ago, step by step.
 *
 * <p>Safe to call from many threads and on many nodes at once; each then examines every token. The host decides how long ended
 * tokens are kept: a removed token leaves no audit, and its id may be added again.
 */
public final class TokenPurger implements NotSerializable {

    private static final Duration LEAST_RETENTION = Duration.ofHours(1);

    private final Object unwritable = UNWRITABLE;
    private final TokenStore store;
    private final Clock clock;

    TokenPurger(TokenStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Removes the tokens that were revoked, or else expired, strictly before an instant. It ends when the budget is spent or
     * every token was examined.
     *
     * @param endedBefore the instant, at least an hour ago, so that a repeated revocation still finds its token, and clocks
     *     that differ do no harm; truncated to whole microseconds
     * @param after the {@link WalkProgress#resumeAfter()} of an earlier purge; null to begin with the first token
     * @param budget how much to do
     * @param progress called after each step; what it throws ends the purge and propagates
     * @return the progress; {@linkplain WalkProgress#matched matched} counts the removed tokens
     * @throws NullPointerException if {@code endedBefore}, {@code budget} or {@code progress} is null
     * @throws IllegalArgumentException if {@code endedBefore} is less than an hour ago or before 1970
     * @throws TokenStoreException if the store failed; the last reported progress says where to continue
     */
    public WalkProgress purge(
            Instant endedBefore, @Nullable TokenId after, WalkBudget budget, Consumer<WalkProgress> progress) {
        Objects.requireNonNull(progress, "progress");
        Instant limit = endedBefore.truncatedTo(ChronoUnit.MICROS);
        if (limit.isBefore(Instant.EPOCH) || limit.isAfter(clock.instant().minus(LEAST_RETENTION))) {
            throw new IllegalArgumentException("endedBefore must be at least an hour ago, and not before 1970");
        }
        return budget.walk(clock, after, budget.step(), (soFar, maxExamined) -> {
            PurgePage page = store.purge(limit, soFar.resumeAfter(), maxExamined);
            WalkProgress now = soFar.plus(maxExamined, page.removed(), page.resumeAfter());
            progress.accept(now);
            return now;
        });
    }
}
