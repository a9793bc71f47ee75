package io.tokenstore.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenState;
import io.tokenstore.TokenStore;
import io.tokenstore.service.Caller;
import io.tokenstore.service.IssuedToken;
import io.tokenstore.service.PageRequest;
import io.tokenstore.service.Status;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenServices;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A later release restricts a token in a way that this one does not know. */
class TokensOfLaterReleasesTest {

    @ParameterizedTest
    @ValueSource(ints = {Token.READER_VERSION + 1, 7, Integer.MAX_VALUE})
    void it_authenticates_nobody_and_is_listed_and_revoked(int minReaderVersion) {
        TokenStore next = new InMemoryTokenStore();
        Caller alice = Caller.user(new Owner("alice"));
        TokenRequest request = TokenRequest.named("laptop").withTtl(Duration.ofDays(1));
        IssuedToken issued = TokenServices.builder(next)
                .build()
                .issuance()
                .issue(alice, "alice", request)
                .orElseThrow();
        Token readable = next.find(issued.id()).orElseThrow();
        TokenServices before = services(readable);
        assertThat(before.authenticator().authenticateToken(issued.secret())).hasToString("user alice");

        TokenServices tokens =
                services(readable.toBuilder().minReaderVersion(minReaderVersion).build());
        String id = issued.id().value();
        assertThat(tokens.authenticator().authenticateToken(issued.secret()).isAnonymous())
                .isTrue();
        assertThat(tokens.authenticator().isLive(id)).isFalse();
        assertThat(tokens.query()
                        .list(alice, "alice", PageRequest.first(1))
                        .value()
                        .tokens())
                .singleElement()
                .matches(token -> token.state() == TokenState.UNREADABLE);
        assertThat(tokens.revocation().revoke(alice, "alice", id).status()).isEqualTo(Status.OK);
    }

    private static TokenServices services(Token token) {
        TokenStore store = new InMemoryTokenStore();
        store.add(token);
        return TokenServices.builder(store).build();
    }
}
