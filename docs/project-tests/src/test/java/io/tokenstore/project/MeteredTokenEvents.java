package io.tokenstore.project;

import io.micrometer.core.instrument.MeterRegistry;
import io.tokenstore.service.TokenEvents;

// tag::events[]
/** Counts what happens to tokens. Users and tokens do not become tags, since there would be too many tags. */
final class MeteredTokenEvents implements TokenEvents {

    private final MeterRegistry meters;

    MeteredTokenEvents(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public void issued(Issued event) {
        meters.counter("tokens.issued").increment();
    }

    @Override
    public void revoked(Revoked event) {
        meters.counter("tokens.revoked").increment(event.tokens());
    }

    @Override
    public void rejected(Unsuccessful event) {
        String action = event.action().name();
        String status = event.status().name();
        meters.counter("tokens.rejected", "action", action, "status", status).increment();
    }

    @Override
    public void failed(Unsuccessful event) {
        meters.counter("tokens.failed", "action", event.action().name()).increment();
    }

    @Override
    public void authenticationFailed(AuthenticationFailed event) {
        String reason = event.reason().name();
        meters.counter("tokens.authentication.failed", "reason", reason).increment();
    }
}
// end::events[]
