package io.tokenstore.project;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.TokenStore;
import io.tokenstore.memory.InMemoryTokenStore;
import io.tokenstore.service.AccessPolicy;
import io.tokenstore.service.Caller;
import io.tokenstore.service.IssuedToken;
import io.tokenstore.service.Status;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenServices;
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

    private IssuedToken issue(String username, Duration ttl) {
        Caller owner = Caller.user(new Owner(username));
        TokenRequest request = TokenRequest.named("test").withTtl(ttl);
        return tokensAt(clock).issuance().issue(owner, username, request).orElseThrow();
    }

    private TokenServices tokensAt(Clock then) {
        return TokenServices.builder(store).clock(then).build();
    }
    // end::fixture[]

    @Test
    void a_token_authenticates_until_it_expires() {
        // tag::expiry[]
        String authorization = "Bearer " + issue("alice", Duration.ofDays(30)).secret();
        Clock nextMonth = Clock.offset(clock, Duration.ofDays(30));
        assertThat(tokensAt(clock).authenticator().authenticate(authorization)).hasToString("user alice");
        assertThat(tokensAt(nextMonth)
                        .authenticator()
                        .authenticate(authorization)
                        .isAnonymous())
                .isTrue();
        // end::expiry[]
    }

    @Test
    void a_policy_that_throws_is_a_failure() {
        // tag::failure[]
        AccessPolicy broken = request -> {
            throw new IllegalStateException("the directory is down");
        };
        TokenServices failing = TokenServices.builder(store).policy(broken).build();
        assertThat(failing.revocation()
                        .revoke(Caller.admin("ops"), "alice", "t1")
                        .status())
                .isEqualTo(Status.INTERNAL_SERVER_ERROR);
        // end::failure[]
    }
}
