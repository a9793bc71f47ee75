package io.tokenstore.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.TokenStore;
import io.tokenstore.memory.InMemoryTokenStore;
import io.tokenstore.service.AccessPolicy;
import io.tokenstore.service.Caller;
import io.tokenstore.service.IssuedToken;
import io.tokenstore.service.Result;
import io.tokenstore.service.RevocationRequest;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenServices;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What docs/observability.md shows, run. */
class ObservabilityTest {

    @Test
    void meters_count_what_happens_and_time_what_it_takes() {
        TokenStore store = new InMemoryTokenStore();
        MeterRegistry meters = new SimpleMeterRegistry();
        // tag::wiring[]
        TokenServices tokens = TokenServices.builder(store)
                .events(new MeteredTokenEvents(meters))
                .build();
        // end::wiring[]
        Caller alice = Caller.user(new Owner("alice"));
        String secret = issue(tokens, alice).secret();
        issue(tokens, alice);
        tokens.revocation().revoke(alice, "bob", "t1");
        String authorization = "Bearer " + secret;
        // tag::timers[]
        Caller caller = meters.timer("tokens.authenticate")
                .record(() -> tokens.authenticator().authenticate(authorization));
        Result<Integer> result = meters.timer("tokens.revoke.all")
                .record(() -> tokens.revocation().revokeAll(caller, "alice", RevocationRequest.plain()));
        // end::timers[]
        tokens.authenticator().authenticate(authorization);
        assertThat(result.value()).isEqualTo(2);
        assertThat(meters.counter("tokens.issued").count()).isEqualTo(2);
        assertThat(meters.counter("tokens.revoked").count()).isEqualTo(2);
        assertThat(meters.counter("tokens.rejected", "action", "REVOKE", "status", "FORBIDDEN")
                        .count())
                .isEqualTo(1);
        assertThat(meters.counter("tokens.authentication.failed", "reason", "REVOKED")
                        .count())
                .isEqualTo(1);
        assertThat(meters.timer("tokens.authenticate").count()).isEqualTo(1);
        assertThat(meters.timer("tokens.authenticate").totalTime(TimeUnit.NANOSECONDS))
                .isPositive();
    }

    @Test
    void a_failure_is_counted_too() {
        MeterRegistry meters = new SimpleMeterRegistry();
        AccessPolicy broken = request -> {
            throw new IllegalStateException("directory is down");
        };
        TokenServices tokens = TokenServices.builder(new InMemoryTokenStore())
                .policy(broken)
                .events(new MeteredTokenEvents(meters))
                .build();
        Result<Revocation> result = tokens.revocation().revoke(Caller.admin("ops"), "alice", "t1");
        assertThat(result.status().code()).isEqualTo(500);
        assertThat(meters.counter("tokens.failed", "action", "REVOKE").count()).isEqualTo(1);
    }

    private static IssuedToken issue(TokenServices tokens, Caller alice) {
        return tokens.issuance()
                .issue(alice, "alice", TokenRequest.named("laptop").withTtl(Duration.ofDays(30)))
                .orElseThrow();
    }
}
