package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenState;
import io.tokenstore.fixtures.TreeMapStore;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that a host made and authenticates itself, such as JWTs that the store knows by their {@code jti} alone. */
class HostsOwnTokensTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Owner ALICE = new Owner("alice");
    private static final Caller OWNER = Caller.user(ALICE);
    private static final String JTI = "6f1c1a4e-0d0a-4c27-9a53-5f0d5c9b7e11";
    private static final String JWT =
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJqdGkiOiI2ZjFjMWE0ZSJ9.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    private final TreeMapStore store = new TreeMapStore();
    private final TokenRevocationService revocation =
            TokenServices.builder(store).clock(CLOCK).build().revocation();

    @ParameterizedTest
    @ValueSource(
            strings = {
                JTI,
                "42",
                "urn:uuid:6f1c1a4e-0d0a-4c27-9a53-5f0d5c9b7e11",
                "https://issuer.example/jti/1?x=y&z",
                "-",
                "_0Kc.~!$'()*+,;=:@%"
            })
    void a_token_of_any_id_without_a_hash_is_listed_revoked_and_found_revoked(String jti) {
        store.add(hosts(jti));
        TokenQueryService query =
                TokenServices.builder(store).clock(CLOCK).build().query();
        assertThat(query.list(OWNER, "alice", PageRequest.first(10)).value().tokens())
                .extracting(TokenSummary::id, TokenSummary::state)
                .containsExactly(tuple(jti, TokenState.ACTIVE));
        Result<Revocation> revoked = revocation.revoke(OWNER, "alice", jti);
        assertThat(revoked.status()).isEqualTo(Status.OK);
        // What such a host asks at each request, once it has verified its own token.
        assertThat(store.find(new TokenId(jti)).orElseThrow())
                .returns(TokenState.REVOKED, token -> token.stateAt(NOW))
                .returns(null, Token::hash)
                .returns(revoked.value(), Token::revocation);
        assertThat(query.list(OWNER, "alice", PageRequest.first(10)).value().tokens())
                .extracting(TokenSummary::state)
                .containsExactly(TokenState.REVOKED);
    }

    @Test
    void it_is_revoked_with_all_of_the_users_tokens_and_purged_like_any_other() {
        store.add(hosts(JTI));
        assertThat(revocation
                        .revokeAll(OWNER, "alice", RevocationRequest.plain())
                        .value())
                .isEqualTo(1);
        Clock later = Clock.fixed(NOW.plusSeconds(86_400), ZoneOffset.UTC);
        TokenServices.builder(store)
                .clock(later)
                .build()
                .purger()
                .purge(NOW.plusSeconds(1), null, PurgeBudget.unlimited(), progress -> {});
        assertThat(store.tokens).isEmpty();
    }

    @Test
    void it_never_authenticates_and_is_not_revoked_by_being_presented() {
        String shaped = TokenText.of("pat", BigInteger.ONE, BigInteger.ONE);
        String id = TokenText.idDigits(shaped);
        for (String jti : List.of(JTI, id)) {
            store.add(hosts(jti));
        }
        TokenAuthenticator authenticator = TokenServices.builder(store)
                .roles(owner -> Role.ADMIN)
                .clock(CLOCK)
                .build()
                .authenticator();
        for (String presented : List.of(JTI, JWT, id, shaped, "pat_" + id, "pat_" + JTI)) {
            assertThat(authenticator.authenticate("Bearer " + presented)).isSameAs(Caller.anonymous());
            assertThat(revocation.revokePresented(presented).status()).isEqualTo(Status.OK);
        }
        assertThat(store.tokens.values()).hasSize(2).allMatch(token -> token.revocation() == null);
    }

    private static Token hosts(String jti) {
        return Token.builder(new TokenId(jti), ALICE, "JWT", NOW)
                .expiresAt(NOW.plusSeconds(3_600))
                .build();
    }
}
