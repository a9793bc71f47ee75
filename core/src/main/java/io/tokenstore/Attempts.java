package io.tokenstore;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** What every service does around its work: the checks, always in one order, then a line in the log and an event. */
final class Attempts {

    private final AccessPolicy policy;
    private final TokenEvents events;
    private final Logger log;

    Attempts(AccessPolicy policy, TokenEvents events, Logger log) {
        this.policy = Objects.requireNonNull(policy, "policy");
        this.events = Objects.requireNonNull(events, "events");
        this.log = log;
    }

    /** Checks who asks, then what, then whether they may, before the work looks at anything. */
    <T extends @Nullable Object> Result<T> check(
            Caller caller,
            Action action,
            @Nullable String username,
            List<Issue> otherIssues,
            Function<Username, Result<T>> work) {
        if (caller.isAnonymous()) {
            return Result.refused(Status.UNAUTHORIZED);
        }
        if (username == null) {
            return Result.badRequest(Issue.joined(Username.violations(null), otherIssues));
        }
        Username owner;
        try {
            owner = new Username(username); // which checks it, and once is enough
        } catch (InvalidInputException e) {
            return Result.badRequest(Issue.joined(e.issues(), otherIssues));
        }
        if (!otherIssues.isEmpty()) {
            return Result.badRequest(otherIssues);
        }
        return guard(
                () -> policy.permits(caller, action, owner) ? work.apply(owner) : Result.refused(Status.FORBIDDEN));
    }

    interface Work<T extends @Nullable Object> {
        Result<T> answer() throws Exception;
    }

    /** Makes a failure of whatever the work throws; an Error propagates. */
    static <T extends @Nullable Object> Result<T> guard(Work<T> work) {
        try {
            return work.answer();
        } catch (Exception e) {
            return Result.failed(e);
        }
    }

    /**
     * Writes the line and tells the event; a failure is logged here and nowhere else.
     *
     * @param attempt who wanted what, safe to log
     * @param done the event of an OK answer
     */
    <T extends @Nullable Object> Result<T> conclude(
            Result<T> result, Action action, LogLine attempt, Consumer<TokenEvents> done) {
        if (result.status() == Status.INTERNAL_SERVER_ERROR) {
            log.error("{}: {}", attempt.text(), result.status(), result.cause().orElseThrow());
        } else if (log.isInfoEnabled()) {
            log.info("{}: {}", attempt.text(), result.status());
        }
        try {
            switch (result.status()) {
                case OK -> done.accept(events);
                case INTERNAL_SERVER_ERROR ->
                    events.failed(action, result.cause().orElseThrow());
                default -> events.rejected(action, result.status());
            }
        } catch (Exception e) { // A listener in another language throws checked ones too.
            log.warn("an event listener failed; the answer stands", e);
        }
        return result;
    }

    /** The text of a line, built only when it is written. */
    interface LogLine {
        String text();
    }
}
