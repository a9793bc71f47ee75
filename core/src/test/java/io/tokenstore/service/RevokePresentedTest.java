package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenStoreException;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link TokenRevocationService#revokePresented}. */
class RevokePresentedTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final TokenPrefix PAT = new TokenPrefix("pat");
    private static final Owner ALICE = new Owner("alice");

    private final CapturedLog log = new CapturedLog(TokenRevocationService.class);
    private final RecordingStore store = new RecordingStore();
    private final PresentedToken presented = PresentedToken.create(PAT, NOW);
    private final TokenRevocationService service = service(CLOCK);

    @BeforeEach
    void keepTheToken() {
        store.given(kept(presented, presented.hash(), null));
    }

    @AfterEach
    void leaveTheLogAlone() {
        log.close();
    }

    @Test
    void its_holder_revokes_a_token_without_other_authority() {
        assertTellsTheHost(Verdict.REVOKED_NOW, service.revokePresented(presented.text()));
        assertThat(revocation(presented))
                .returns(NOW, Revocation::at)
                .returns(new Actor(Actor.Kind.PRESENTER, "presented", presented.id()), Revocation::by)
                .returns(null, Revocation::reason);
        assertThat(store.asked).containsExactly("find", "revoke");
    }

    @Test
    void the_token_is_refused_from_then_on() {
        TokenAuthenticator authenticator = TokenServices.builder(store)
                .clock(CLOCK)
                .prefix(PAT.value())
                .build()
                .authenticator();
        assertThat(authenticator.authenticate("Bearer " + presented.text())).hasToString("user alice");
        service.revokePresented(presented.text());
        assertThat(authenticator.authenticate("Bearer " + presented.text())).isSameAs(Caller.anonymous());
    }

    @Test
    void an_expired_token_is_revoked_too() {
        PresentedToken expired = PresentedToken.create(PAT, NOW);
        store.given(kept(expired, expired.hash(), NOW.minusSeconds(1)));
        assertTellsTheHost(Verdict.REVOKED_NOW, service.revokePresented(expired.text()));
        assertThat(revocation(expired)).isNotNull();
    }

    @Test
    void a_token_that_was_revoked_before_keeps_its_revocation() {
        Revocation first = new Revocation(UUID.randomUUID(), NOW.minusSeconds(60), Actor.user("ops"), "leaked");
        store.revoke(ALICE, presented.id(), first);
        assertTellsTheHost(Verdict.REVOKED_ALREADY, service.revokePresented(presented.text()));
        assertTellsTheHost(Verdict.REVOKED_ALREADY, service.revokePresented(presented.text()));
        assertThat(revocation(presented)).isEqualTo(first);
    }

    @Test
    void an_unknown_token_is_ok_and_changes_nothing() {
        assertTellsTheHost(
                Verdict.UNKNOWN,
                service.revokePresented(PresentedToken.create(PAT, NOW).text()));
        assertThat(revocation(presented)).isNull();
        assertThat(store.tokens).hasSize(1);
        assertThat(store.asked).containsExactly("find");
    }

    @Test
    void the_id_of_a_token_with_another_secret_revokes_nothing() {
        assertTellsTheHost(Verdict.UNKNOWN, service.revokePresented(TokenText.withAnotherSecret(presented.text())));
        assertThat(revocation(presented)).isNull();
        assertThat(store.asked).containsExactly("find");
    }

    @Test
    void a_token_without_a_hash_is_revoked_by_no_secret() {
        PresentedToken hashless = PresentedToken.create(PAT, NOW);
        store.given(kept(hashless, null, null));
        assertTellsTheHost(Verdict.UNKNOWN, service.revokePresented(hashless.text()));
        assertThat(revocation(hashless)).isNull();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {"", " ", "pat_", "garbage", "ghp_0123456789", "\u0000", "\uD800", "eyJhbGciOiJub25lIn0.e30."})
    void garbage_is_ok_without_a_look_up(String garbage) {
        assertTellsTheHost(Verdict.NO_TOKEN, service.revokePresented(garbage));
        assertThat(store.asked).isEmpty();
    }

    @Test
    void what_can_not_be_a_token_is_ok_without_a_look_up() {
        String text = presented.text();
        for (String foreign : List.of(
                "Bearer " + text,
                text + "\n",
                " " + text,
                text.substring(1),
                presented.id().value(),
                "x".repeat(1 << 20),
                "1" + text,
                "x".repeat(20) + text,
                TokenText.of("pat", BigInteger.ONE.shiftLeft(128), BigInteger.ONE))) {
            assertTellsTheHost(Verdict.NO_TOKEN, service.revokePresented(foreign));
        }
        assertThat(store.asked).isEmpty();
        assertThat(revocation(presented)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"p", "acme_pat", "Globex", "a_2345678901234567_z"})
    void every_live_token_of_the_store_is_revoked_whatever_its_prefix(String prefix) {
        PresentedToken other = PresentedToken.create(new TokenPrefix(prefix), NOW);
        store.given(kept(other, other.hash(), null));
        assertTellsTheHost(
                Verdict.REVOKED_NOW,
                TokenServices.builder(store).build().revocation().revokePresented(other.text()));
        assertThat(revocation(other)).isNotNull();
        assertTellsTheHost(Verdict.REVOKED_ALREADY, service.revokePresented(other.text()));
        assertThat(revocation(presented)).isNull();
    }

    @Test
    void a_token_that_is_rewritten_to_another_prefix_is_unknown() {
        String rewritten = TokenText.withPrefix("acme_pat", presented.text());
        assertThat(PresentedToken.parse(rewritten)).isPresent();
        assertTellsTheHost(Verdict.UNKNOWN, service.revokePresented(rewritten));
        assertThat(revocation(presented)).isNull();
    }

    @Test
    void a_pending_or_unreadable_token_is_revoked_too() {
        PresentedToken pending = PresentedToken.create(PAT, NOW);
        store.given(kept(pending, pending.hash(), null).toBuilder()
                .predecessor(presented.id())
                .build());
        PresentedToken unreadable = PresentedToken.create(PAT, NOW);
        store.given(kept(unreadable, unreadable.hash(), null).toBuilder()
                .minReaderVersion(Token.READER_VERSION + 1)
                .build());
        for (PresentedToken token : List.of(pending, unreadable)) {
            assertTellsTheHost(Verdict.REVOKED_NOW, service.revokePresented(token.text()));
            assertThat(revocation(token)).isNotNull();
        }
    }

    @Test
    void no_policy_is_asked() {
        AccessPolicy never = request -> {
            throw new AssertionError("asked");
        };
        TokenServices.builder(store)
                .policy(never)
                .clock(CLOCK)
                .build()
                .revocation()
                .revokePresented(presented.text());
        assertThat(revocation(presented)).isNotNull();
    }

    @Test
    void a_store_that_fails_is_an_internal_error_that_says_nothing_either() throws IOException {
        RuntimeException down = new TokenStoreException("down", TokenStoreException.Applied.UNKNOWN, null);
        Set<String> bodies = new HashSet<>();
        for (String method : List.of("find", "revoke")) {
            store.failing.put(method, down);
            Result<Verdict> result = service.revokePresented(presented.text());
            assertThat(result.status()).isEqualTo(Status.INTERNAL_SERVER_ERROR);
            assertThat(result.cause()).contains(down);
            bodies.add(new ObjectMapper().writeValueAsString(result.error().orElseThrow()));
            store.failing.clear();
        }
        assertThat(bodies)
                .containsExactly("{\"message\":\"Internal Error\",\"code\":\"INTERNAL_SERVER_ERROR\",\"issues\":[]}");
        store.failing.put("find", new OutOfMemoryError("test"));
        assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> service.revokePresented(presented.text()));
    }

    @Test
    void a_clock_that_is_out_of_range_is_an_internal_error() {
        assertThat(service(Clock.fixed(Instant.MAX, ZoneOffset.UTC))
                        .revokePresented(presented.text())
                        .status())
                .isEqualTo(Status.INTERNAL_SERVER_ERROR);
        assertThat(revocation(presented)).isNull();
    }

    @Test
    void each_attempt_is_one_line_that_names_no_secret() {
        service.revokePresented(presented.text());
        service.revokePresented(presented.text());
        service.revokePresented(PresentedToken.create(PAT, NOW).text());
        service.revokePresented("garbage\nINFO forged");
        store.failing.put("find", new IllegalStateException("down"));
        service.revokePresented(presented.text());
        assertThat(log.lines())
                .containsExactly(
                        "INFO its holder revokes token " + presented.id() + ": OK",
                        "INFO its holder revokes token " + presented.id() + ": OK",
                        "INFO its holder revokes token unknown: OK",
                        "INFO its holder revokes token unknown: OK",
                        "ERROR its holder revokes token unknown: INTERNAL_SERVER_ERROR");
    }

    /** The host is told what happened; there is nothing to tell the client, whatever it is. */
    private static void assertTellsTheHost(Verdict verdict, Result<Verdict> result) {
        assertThat(result.status()).isEqualTo(Status.OK);
        assertThat(result.value()).isSameAs(verdict);
        assertThat(result.error()).isEmpty();
    }

    private TokenRevocationService service(Clock clock) {
        return TokenServices.builder(store)
                .policy(AccessPolicy.adminOnly())
                .clock(clock)
                .build()
                .revocation();
    }

    private Revocation revocation(PresentedToken token) {
        return store.tokens.get(token.id()).revocation();
    }

    private static Token kept(PresentedToken presented, SecretHash hash, Instant expiresAt) {
        return Token.builder(presented.id(), ALICE, "laptop", NOW)
                .hash(hash)
                .expiresAt(expiresAt)
                .build();
    }
}
