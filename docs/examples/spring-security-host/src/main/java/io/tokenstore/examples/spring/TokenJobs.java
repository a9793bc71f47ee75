package io.tokenstore.examples.spring;

import io.tokenstore.TokenId;
import io.tokenstore.service.TokenServices;
import io.tokenstore.service.WalkBudget;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** The host's scheduled jobs for the library, which has no threads. */
@Component
class TokenJobs {

    private static final WalkBudget BUDGET = new WalkBudget(1_000, 1_000_000, Duration.ofMinutes(5));

    private final TokenServices tokens;
    private final Duration retention;
    private @Nullable TokenId purgedUntil;

    TokenJobs(TokenServices tokens, @Value("${tokens.retention}") Duration retention) {
        this.tokens = tokens;
        this.retention = retention;
    }

    // tag::jobs[]
    /** Spring logs its exceptions, and calls it again. */
    @Scheduled(fixedDelayString = "${tokens.flush-every}", initialDelayString = "${tokens.flush-every}")
    void flushUses() {
        tokens.flushUses();
    }

    /** After the last request was answered, and before the pool is closed. */
    @PreDestroy
    void lastFlush() {
        tokens.flushUses();
    }

    @Scheduled(fixedDelay = 1, initialDelay = 1, timeUnit = TimeUnit.HOURS)
    void purge() {
        Instant endedBefore = Instant.now().minus(retention);
        purgedUntil = tokens.purger()
                .purge(endedBefore, purgedUntil, BUDGET, step -> {})
                .resumeAfter();
    }
    // end::jobs[]
}
