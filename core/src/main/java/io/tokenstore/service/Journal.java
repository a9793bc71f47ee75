package io.tokenstore.service;

import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.service.TokenEvents.AuthenticationFailed;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Records what a service answered: one line in the log, and an event. */
final class Journal {

    private final TokenEvents events;
    private final Logger log;

    Journal(TokenEvents events, Logger log) {
        this.events = events;
        this.log = log;
    }

    /**
     * Writes the log line and reports the event. Failures are logged only here.
     *
     * @param attempt who wanted what, safe to log; built only if the line is written
     * @param done reports the event of an OK answer
     */
    <T> Result<T> record(
            Caller caller, Action action, Result<T> result, Supplier<String> attempt, Consumer<TokenEvents> done) {
        Status status = result.status();
        RuntimeException cause = result.cause().orElse(null);
        if (cause != null) {
            log.error("{}: {}", attempt.get(), status, cause);
            tell(watched -> watched.failed(new TokenEvents.Unsuccessful(caller, action, status, cause)));
            return result;
        }
        if (log.isInfoEnabled()) {
            log.info("{}: {}", attempt.get(), status);
        }
        tell(
                status == Status.OK
                        ? done
                        : watched -> watched.rejected(new TokenEvents.Unsuccessful(caller, action, status, null)));
        return result;
    }

    void authenticationFailed(
            AuthenticationFailed.Reason reason,
            @Nullable TokenId id,
            @Nullable Owner owner,
            @Nullable TokenId successor) {
        log.debug("not authenticated: {}, token {}, owner {}", reason, id, owner);
        tell(watched -> watched.authenticationFailed(new AuthenticationFailed(reason, id, owner, successor)));
    }

    /** Records that a successor replaced its predecessor. */
    void began(Caller caller, Token successor, TokenId predecessor, Revocation firstUse) {
        log.info("{} replaces token {} by {}", caller, predecessor, successor.id());
        tell(watched ->
                watched.revoked(new TokenEvents.Revoked(caller, successor.owner(), predecessor, firstUse, 1, false)));
    }

    /** Logs which of many tokens failed; the answer holds only the first failures. */
    void passedOver(TokenId id, RuntimeException e) {
        log.warn("token {} is not revoked: {}", id, e.getClass().getName());
    }

    /** Reports an event at once, such as that of one of many tokens; a listener that fails changes nothing. */
    void tell(Consumer<TokenEvents> event) {
        try {
            event.accept(events);
        } catch (Throwable e) { // Not even a listener's Error changes an answer that the store has given.
            log.warn("an event listener failed; the answer stands", e);
        }
    }
}
