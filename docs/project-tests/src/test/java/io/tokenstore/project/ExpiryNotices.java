package io.tokenstore.project;

import io.tokenstore.TokenState;
import io.tokenstore.service.Caller;
import io.tokenstore.service.TokenServices;
import io.tokenstore.service.TokenSummary;
import io.tokenstore.service.WalkBudget;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

// tag::notices[]
/** Tells owners that a token of theirs is about to expire: each of them, whenever this job is killed. */
record ExpiryNotices(TokenServices tokens, Caller job, Duration lead, Mark mark, Mail mail, Clock clock) {

    /** Longer than a token takes from its {@code createdAt} until it is kept, and than clocks differ. */
    private static final Duration SLACK = Duration.ofMinutes(5);

    /** Up to when notices were given: a row of the host's, written whole or not at all. */
    interface Mark {
        Instant read();

        void write(Instant until);
    }

    /** Sends a message under an id, such as a Message-ID, by which whoever receives it twice drops one. */
    interface Mail {
        void send(UUID id, TokenSummary token);
    }

    void run() {
        Instant from = mark.read();
        Instant to = clock.instant().minus(SLACK);
        tokens.query()
                .search(job, token -> isDue(token, from, to), null, WalkBudget.unlimited(), (found, soFar) -> {
                    found.forEach(token -> mail.send(idOfNotice(token), token));
                })
                .orElseThrow();
        mark.write(to); // Only now: a job that is killed before gives the notices of this time again.
    }

    private boolean isDue(TokenSummary token, Instant from, Instant to) {
        if (token.state() != TokenState.ACTIVE || token.expiresAt() == null) {
            return false;
        }
        Instant due = token.expiresAt().minus(lead);
        if (due.isBefore(token.createdAt())) {
            due = token.createdAt(); // It lives for less than the lead.
        }
        return !due.isBefore(from) && due.isBefore(to);
    }

    private UUID idOfNotice(TokenSummary token) {
        String notice = token.id() + " " + token.expiresAt() + " " + lead;
        return UUID.nameUUIDFromBytes(notice.getBytes(StandardCharsets.UTF_8));
    }
}
// end::notices[]
