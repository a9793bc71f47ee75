package io.tokenstore.examples.quickstart;

import io.micrometer.core.instrument.MeterRegistry;
import io.tokenstore.Action;
import io.tokenstore.Revocation;
import io.tokenstore.Status;
import io.tokenstore.TokenEvents;
import io.tokenstore.TokenId;
import io.tokenstore.Username;

// tag::events[]
/** Counts what happens to tokens; no user and no token becomes a tag, since a tag for each would be without end. */
final class MeteredTokenEvents implements TokenEvents {

    private final MeterRegistry meters;

    MeteredTokenEvents(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public void issued(Username owner, TokenId id, boolean provisional) {
        meters.counter("tokens.issued").increment();
    }

    @Override
    public void revoked(Username owner, TokenId id, Revocation how, int tokens, boolean provisional) {
        meters.counter("tokens.revoked").increment(tokens);
    }

    @Override
    public void rejected(Action action, Status status) {
        meters.counter("tokens.rejected", "action", action.name(), "status", status.name())
                .increment();
    }

    @Override
    public void failed(Action action, RuntimeException cause) {
        meters.counter("tokens.failed", "action", action.name()).increment();
    }
}
// end::events[]
