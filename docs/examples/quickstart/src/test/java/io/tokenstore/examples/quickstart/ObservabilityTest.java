package io.tokenstore.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tokenstore.AccessPolicy;
import io.tokenstore.Caller;
import io.tokenstore.Result;
import io.tokenstore.Revocation;
import io.tokenstore.RevocationRequest;
import io.tokenstore.TokenAuthenticator;
import io.tokenstore.TokenIssuanceService;
import io.tokenstore.TokenRequest;
import io.tokenstore.TokenRevocationService;
import io.tokenstore.TokenStore;
import io.tokenstore.Username;
import io.tokenstore.memory.InMemoryTokenStore;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What docs/observability.md shows, run. */
class ObservabilityTest {

    @Test
    void meters_count_what_happens_and_time_what_it_takes() {
        TokenStore store = new InMemoryTokenStore();
        MeterRegistry meters = new SimpleMeterRegistry();
        // tag::wiring[]
        MeteredTokenEvents events = new MeteredTokenEvents(meters);
        AccessPolicy policy = AccessPolicy.ownerOrAdmin();
        Clock clock = Clock.systemUTC();
        TokenIssuanceService issuance = new TokenIssuanceService(store, policy, clock, events);
        TokenRevocationService revocation = new TokenRevocationService(store, policy, clock, events);
        TokenAuthenticator authenticator = new TokenAuthenticator(store, username -> false);
        // end::wiring[]
        Caller alice = Caller.user(new Username("alice"));
        String secret = issuance.issue(alice, "alice", new TokenRequest("laptop", null))
                .orElseThrow()
                .secret();
        issuance.issue(alice, "alice", new TokenRequest("phone", null)).orElseThrow();
        revocation.revoke(alice, "bob", "t1");
        String authorization = "Bearer " + secret;
        // tag::timers[]
        Caller caller = meters.timer("tokens.authenticate").record(() -> authenticator.authenticate(authorization));
        Result<Integer> result = meters.timer("tokens.revoke.all")
                .record(() -> revocation.revokeAll(caller, "alice", RevocationRequest.plain()));
        // end::timers[]
        assertThat(result.value()).isEqualTo(2);
        assertThat(meters.counter("tokens.issued").count()).isEqualTo(2);
        assertThat(meters.counter("tokens.revoked").count()).isEqualTo(2);
        assertThat(meters.counter("tokens.rejected", "action", "REVOKE", "status", "FORBIDDEN")
                        .count())
                .isEqualTo(1);
        assertThat(meters.timer("tokens.authenticate").count()).isEqualTo(1);
        assertThat(meters.timer("tokens.authenticate").totalTime(TimeUnit.NANOSECONDS))
                .isPositive();
    }

    @Test
    void a_failure_is_counted_too() {
        MeterRegistry meters = new SimpleMeterRegistry();
        AccessPolicy broken = (caller, action, owner) -> {
            throw new IllegalStateException("directory is down");
        };
        Result<Revocation> result = new TokenRevocationService(
                        new InMemoryTokenStore(), broken, Clock.systemUTC(), new MeteredTokenEvents(meters))
                .revoke(Caller.admin("ops"), "alice", "t1");
        assertThat(result.status().code()).isEqualTo(500);
        assertThat(meters.counter("tokens.failed", "action", "REVOKE").count()).isEqualTo(1);
    }
}
