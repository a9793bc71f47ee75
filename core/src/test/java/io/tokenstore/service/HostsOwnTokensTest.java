package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.tuple;

import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenState;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.fixtures.TreeMapStore;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
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
                .purge(NOW.plusSeconds(1), null, WalkBudget.unlimited(), progress -> {});
        assertThat(store.tokens).isEmpty();
    }

    @Test
    void it_is_live_only_while_a_bearer_token_in_its_place_would_authenticate() {
        store.add(hosts(JTI));
        store.add(hosts("expired").toBuilder().expiresAt(NOW).build());
        store.add(hosts("pending").toBuilder().predecessor(new TokenId(JTI)).build());
        store.add(hosts("later").toBuilder()
                .minReaderVersion(Token.READER_VERSION + 1)
                .build());
        store.add(hosts("revoked"));
        revocation.revoke(OWNER, "alice", "revoked").orElseThrow();
        store.add(Token.builder(new TokenId("suspended"), new Owner("mallory"), "JWT", NOW)
                .build());
        List<String> told = new ArrayList<>();
        TokenAuthenticator authenticator =
                authenticator(store, owner -> owner.equals(ALICE) ? Role.USER : Role.NONE, told);
        assertThat(authenticator.isLive(JTI)).isTrue();
        assertThat(told).isEmpty();
        for (String not :
                new String[] {"expired", "pending", "later", "revoked", "suspended", "unknown", "a b", null}) {
            assertThat(authenticator.isLive(not)).as(not).isFalse();
        }
        assertThat(told)
                .containsExactly(
                        "EXPIRED expired alice",
                        "PENDING pending alice",
                        "UNKNOWN_READER_VERSION later alice",
                        "REVOKED revoked alice",
                        "SUSPENDED_OWNER suspended mallory",
                        "UNKNOWN unknown null",
                        "MALFORMED null null",
                        "NO_TOKEN null null");
    }

    @Test
    void nobody_is_told_that_it_is_live_or_not_while_the_host_or_the_store_fails() {
        store.add(hosts(JTI));
        TokenAuthenticator untold = authenticator(store, owner -> null, new ArrayList<>());
        assertThatNullPointerException().isThrownBy(() -> untold.isLive(JTI));
        RecordingStore failing = new RecordingStore();
        failing.failing.put("find", new TokenStoreException("down", TokenStoreException.Applied.NO, null));
        TokenAuthenticator down = authenticator(failing, owner -> Role.USER, new ArrayList<>());
        assertThatExceptionOfType(TokenStoreException.class).isThrownBy(() -> down.isLive(JTI));
        failing.inHostTransaction = true;
        assertThatIllegalStateException().isThrownBy(() -> down.isLive(JTI));
    }

    private static TokenAuthenticator authenticator(TokenStore store, Function<Owner, Role> roles, List<String> told) {
        return TokenServices.builder(store)
                .roles(roles)
                .clock(CLOCK)
                .events(new TokenEvents() {
                    @Override
                    public void authenticationFailed(AuthenticationFailed event) {
                        told.add(event.reason() + " " + event.id() + " " + event.owner());
                    }
                })
                .build()
                .authenticator();
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
