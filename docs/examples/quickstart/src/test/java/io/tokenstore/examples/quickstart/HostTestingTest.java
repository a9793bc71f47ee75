package io.tokenstore.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.AccessPolicy;
import io.tokenstore.Caller;
import io.tokenstore.IssuedToken;
import io.tokenstore.Status;
import io.tokenstore.TokenAuthenticator;
import io.tokenstore.TokenEvents;
import io.tokenstore.TokenIssuanceService;
import io.tokenstore.TokenPrefix;
import io.tokenstore.TokenRequest;
import io.tokenstore.TokenRevocationService;
import io.tokenstore.TokenStore;
import io.tokenstore.Username;
import io.tokenstore.memory.InMemoryTokenStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** What docs/testing.md shows, run. */
class HostTestingTest {

    // tag::fixture[]
    private final TokenStore store = new InMemoryTokenStore();
    private final Clock clock = Clock.fixed(Instant.parse("2026-06-15T12:00:00Z"), ZoneOffset.UTC);
    private final TokenIssuanceService issuance =
            new TokenIssuanceService(store, AccessPolicy.ownerOrAdmin(), clock, TokenEvents.none());

    private IssuedToken issue(String username, Duration ttl) {
        Caller owner = Caller.user(new Username(username));
        return issuance.issue(owner, username, new TokenRequest("test", ttl)).orElseThrow();
    }

    private TokenAuthenticator authenticatorAt(Clock then) {
        return new TokenAuthenticator(store, username -> false, then, TokenPrefix.personalAccessToken());
    }
    // end::fixture[]

    @Test
    void a_token_is_let_in_until_it_expires() {
        // tag::expiry[]
        String authorization = "Bearer " + issue("alice", Duration.ofDays(30)).secret();
        Clock nextMonth = Clock.offset(clock, Duration.ofDays(30));
        assertThat(authenticatorAt(clock).authenticate(authorization)).hasToString("user alice");
        assertThat(authenticatorAt(nextMonth).authenticate(authorization).isAnonymous())
                .isTrue();
        // end::expiry[]
    }

    @Test
    void a_failure_is_had_from_a_policy_that_throws() {
        // tag::failure[]
        AccessPolicy broken = (caller, action, owner) -> {
            throw new IllegalStateException("the directory is down");
        };
        TokenRevocationService failing = new TokenRevocationService(store, broken, clock, TokenEvents.none());
        assertThat(failing.revoke(Caller.admin("ops"), "alice", "t1").status()).isEqualTo(Status.INTERNAL_SERVER_ERROR);
        // end::failure[]
    }
}
