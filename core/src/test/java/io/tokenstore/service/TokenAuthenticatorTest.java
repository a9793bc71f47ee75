package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Scopes;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenState;
import io.tokenstore.TokenStoreException;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenAuthenticatorTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final TokenPrefix PAT = new TokenPrefix("pat");
    private static final TokenId GONE = new TokenId("gone");
    private static final Owner ALICE = new Owner("alice");
    private static final Caller OWNER = Caller.user(ALICE);

    private final RecordingStore store = new RecordingStore();
    private final PresentedToken presented = PresentedToken.create(PAT, NOW);
    private final String token = presented.text();
    private final TokenAuthenticator authenticator = authenticator(owner -> false, CLOCK);

    @BeforeEach
    void keepTheToken() {
        store.given(kept(presented, null));
    }

    @Test
    void a_live_token_speaks_for_its_owner_by_one_look_up() {
        assertThat(authenticator.authenticate("Bearer " + token)).hasToString("user alice");
        assertThat(store.asked).containsExactly("find");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "bearer ", "BEARER ", "bEaReR ", "Bearer   ", "bearer                "})
    void the_schemes_case_and_the_number_of_spaces_do_not_matter(String scheme) {
        assertThat(authenticator.authenticate(scheme + token)).hasToString("user alice");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "Bearer", "Bearer ", "Bearer     ", "bearer\t", "Basic YWxpY2U6eA==", "\u0000"})
    void a_header_without_a_token_is_anonymous_without_a_look_up(String header) {
        assertThat(authenticator.authenticate(header)).isSameAs(Caller.anonymous());
        assertThat(store.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%s",
                "Bearer%s",
                "Bearer\t%s",
                "Bearer \t%s",
                "Bearer\u00A0%s",
                "Bearer\n%s",
                "Bearer: %s",
                "Bearer=%s",
                " Bearer %s",
                "\tBearer %s",
                "Bearers %s",
                "Basic %s",
                "Token %s",
                "DPoP %s",
                "B\u0435arer %s",
                "Bearer Bearer %s",
                "Bearer %s ",
                "Bearer %s\t",
                "Bearer %s\r\n",
                "Bearer %s,",
                "Bearer %s=",
                "Bearer %s %1$s",
                "Bearer %s, Bearer %1$s",
                "Bearer \"%s\"",
                "Bearer token=%s"
            })
    void a_malformed_header_is_anonymous_without_a_look_up(String format) {
        assertThat(authenticator.authenticate(format.formatted(token))).isSameAs(Caller.anonymous());
        assertThat(store.asked).isEmpty();
    }

    @Test
    void what_can_not_be_ours_costs_no_look_up() {
        String other = PresentedToken.create(new TokenPrefix("pat_x"), NOW).text();
        for (String foreign : List.of(
                other,
                "ghp_" + token.substring(4),
                token.substring(0, token.length() - 1),
                token + "0",
                token.substring(0, 40) + (token.charAt(40) == 'A' ? 'B' : 'A') + token.substring(41),
                TokenText.of("pat", BigInteger.ONE.shiftLeft(128), BigInteger.ONE),
                TokenText.of("pat", BigInteger.ONE, BigInteger.ONE.shiftLeft(256)),
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2ln",
                presented.id().value(),
                UUID.randomUUID().toString())) {
            assertThat(authenticator.authenticate("Bearer " + foreign)).isSameAs(Caller.anonymous());
        }
        assertThat(store.asked).isEmpty();
    }

    @Test
    void a_header_of_more_than_1024_characters_is_anonymous_unread() {
        String longest = "Bearer" + " ".repeat(1024 - 6 - token.length()) + token;
        assertThat(longest).hasSize(1024);
        assertThat(authenticator.authenticate(longest)).hasToString("user alice");
        assertThat(authenticator.authenticate(longest.replace("Bearer", "Bearer ")))
                .isSameAs(Caller.anonymous());
        assertThat(authenticator.authenticate("Bearer " + "x".repeat(1 << 20))).isSameAs(Caller.anonymous());
        assertThat(store.asked).containsExactly("find");
    }

    @Test
    void an_unknown_token_is_anonymous_after_one_look_up() {
        String unknown = PresentedToken.create(PAT, NOW).text();
        assertThat(authenticator.authenticate("Bearer " + unknown)).isSameAs(Caller.anonymous());
        assertThat(store.asked).containsExactly("find");
    }

    @Test
    void a_known_id_with_another_secret_is_anonymous_after_one_look_up() {
        assertThat(authenticator.authenticate("Bearer " + TokenText.withAnotherSecret(token)))
                .isSameAs(Caller.anonymous());
        assertThat(store.asked).containsExactly("find");
    }

    @Test
    void a_token_is_expired_from_its_end_on() {
        PresentedToken ending = PresentedToken.create(PAT, NOW);
        store.given(kept(ending, NOW));
        String header = "Bearer " + ending.text();
        assertThat(at(NOW.minusNanos(1)).authenticate(header)).hasToString("user alice");
        assertThat(at(NOW.minusNanos(1_000)).authenticate(header)).hasToString("user alice");
        assertThat(at(NOW).authenticate(header)).isSameAs(Caller.anonymous());
        assertThat(at(NOW.plusNanos(1)).authenticate(header)).isSameAs(Caller.anonymous());
    }

    @Test
    void a_revoked_token_is_anonymous_from_then_on_whenever_it_was() {
        store.revoke(
                ALICE, presented.id(), new Revocation(UUID.randomUUID(), NOW.plusSeconds(60), Actor.user("ops"), null));
        assertThat(authenticator.authenticate("Bearer " + token)).isSameAs(Caller.anonymous());
    }

    @Test
    void a_token_without_a_hash_never_authenticates() {
        PresentedToken hashless = PresentedToken.create(PAT, NOW);
        store.given(Token.builder(hashless.id(), ALICE, "laptop", NOW).build());
        assertThat(authenticator.authenticate("Bearer " + hashless.text())).isSameAs(Caller.anonymous());
    }

    @Test
    void a_token_with_the_hash_of_another_never_authenticates() {
        PresentedToken other = PresentedToken.create(PAT, NOW);
        store.given(Token.builder(other.id(), new Owner("bob"), "laptop", NOW)
                .hash(presented.hash())
                .build());
        assertThat(authenticator.authenticate("Bearer " + other.text())).isSameAs(Caller.anonymous());
    }

    @Test
    void an_unreadable_token_authenticates_nobody_and_can_be_listed_and_revoked() {
        PresentedToken later = PresentedToken.create(PAT, NOW);
        store.given(kept(later, null).toBuilder()
                .minReaderVersion(Token.READER_VERSION + 1)
                .build());
        assertThat(authenticator.authenticate("Bearer " + later.text())).isSameAs(Caller.anonymous());
        assertListedAndRevoked(later, TokenState.UNREADABLE);
    }

    @Test
    void a_successor_of_no_token_authenticates_nobody_and_can_be_listed_and_revoked() {
        PresentedToken successor = PresentedToken.create(PAT, NOW);
        store.given(kept(successor, null).toBuilder().predecessor(GONE).build());
        assertThat(authenticator.authenticate("Bearer " + successor.text())).isSameAs(Caller.anonymous());
        store.activate(ALICE, successor.id());
        assertThat(authenticator.authenticate("Bearer " + successor.text())).hasToString("user alice");
        PresentedToken another = PresentedToken.create(PAT, NOW);
        store.given(kept(another, null).toBuilder().predecessor(GONE).build());
        assertListedAndRevoked(another, TokenState.PENDING);
    }

    private void assertListedAndRevoked(PresentedToken token, TokenState state) {
        TokenQueryService query =
                TokenServices.builder(store).clock(CLOCK).build().query();
        String id = token.id().value();
        assertThat(query.list(OWNER, "alice", PageRequest.first(10)).value().tokens())
                .anyMatch(listed -> listed.id().equals(id) && listed.state() == state);
        assertThat(TokenServices.builder(store)
                        .build()
                        .revocation()
                        .revoke(OWNER, "alice", id)
                        .status())
                .isEqualTo(Status.OK);
        assertThat(store.tokens.get(token.id()).stateAt(NOW)).isEqualTo(TokenState.REVOKED);
    }

    @Test
    void a_token_never_authenticates_by_another_prefix_as_it_is_or_rewritten() {
        for (String[] prefixes : new String[][] {{"acme_pat", "globex_pat"}, {"pat", "pat_x"}, {"a", "A"}}) {
            for (int i = 0; i < 2; i++) {
                TokenPrefix own = new TokenPrefix(prefixes[i]);
                String others = prefixes[1 - i];
                PresentedToken issued = PresentedToken.create(own, NOW);
                store.given(kept(issued, null));
                TokenAuthenticator withOwn = TokenServices.builder(store)
                        .clock(CLOCK)
                        .prefix(own.value())
                        .build()
                        .authenticator();
                TokenAuthenticator withOther = TokenServices.builder(store)
                        .clock(CLOCK)
                        .prefix(others)
                        .build()
                        .authenticator();
                String rewritten = TokenText.withPrefix(others, issued.text());
                assertThat(PresentedToken.parse(rewritten)).isPresent();
                assertThat(withOwn.authenticate("Bearer " + issued.text())).hasToString("user alice");
                assertThat(withOwn.authenticate("Bearer " + rewritten)).isSameAs(Caller.anonymous());
                assertThat(withOther.authenticate("Bearer " + issued.text())).isSameAs(Caller.anonymous());
                assertThat(withOther.authenticate("Bearer " + rewritten)).isSameAs(Caller.anonymous());
            }
        }
    }

    @Test
    void who_is_an_administrator_is_the_hosts_word() {
        List<Owner> asked = new ArrayList<>();
        TokenAuthenticator host = authenticator(
                owner -> {
                    asked.add(owner);
                    return owner.equals(ALICE);
                },
                CLOCK);
        PresentedToken bobs = PresentedToken.create(PAT, NOW);
        Owner bob = new Owner("bob");
        store.given(
                Token.builder(bobs.id(), bob, "laptop", NOW).hash(bobs.hash()).build());
        assertThat(host.authenticate("Bearer " + token)).hasToString("admin alice");
        assertThat(host.authenticate("Bearer " + bobs.text())).hasToString("user bob");
        assertThat(asked).containsExactly(ALICE, bob);
    }

    @Test
    void the_host_is_asked_about_owners_of_live_tokens_alone() {
        PresentedToken expired = PresentedToken.create(PAT, NOW);
        store.given(kept(expired, NOW));
        TokenAuthenticator host = authenticator(
                owner -> {
                    throw new AssertionError("asked");
                },
                CLOCK);
        for (String not : new String[] {null, "x", TokenText.withAnotherSecret(token), expired.text()}) {
            assertThat(host.authenticate("Bearer " + not)).isSameAs(Caller.anonymous());
        }
    }

    @Test
    void a_host_that_fails_to_tell_makes_nobody_anonymous_or_known() {
        RuntimeException bug = new IllegalStateException("directory is down");
        TokenAuthenticator host = authenticator(
                owner -> {
                    throw bug;
                },
                CLOCK);
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> host.authenticate("Bearer " + token))
                .isSameAs(bug);
    }

    @Test
    void a_bare_token_authenticates_as_it_does_in_a_header() {
        assertThat(authenticator.authenticateToken(token)).hasToString("user alice");
        assertThat(authenticator.authenticateToken(token).token().id()).isEqualTo(presented.id());
        store.asked.clear();
        for (String not : new String[] {null, "", "Bearer " + token, " " + token, token + " ", token + "0"}) {
            assertThat(authenticator.authenticateToken(not)).isSameAs(Caller.anonymous());
        }
        assertThat(store.asked).isEmpty();
        String wrong = TokenText.withAnotherSecret(token);
        assertThat(authenticator.authenticateToken(wrong)).isSameAs(Caller.anonymous());
        store.inHostTransaction = true;
        assertThatIllegalStateException().isThrownBy(() -> authenticator.authenticateToken(token));
        store.inHostTransaction = false;
        store.failing.put("find", new TokenStoreException("down", TokenStoreException.Applied.NO, null));
        assertThatExceptionOfType(TokenStoreException.class).isThrownBy(() -> authenticator.authenticateToken(token));
    }

    @Test
    void a_store_that_fails_makes_nobody_anonymous_or_known() {
        RuntimeException down = new TokenStoreException("down", TokenStoreException.Applied.NO, null);
        store.failing.put("find", down);
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> authenticator.authenticate("Bearer " + token))
                .isSameAs(down);
        assertThat(authenticator.authenticate("Bearer x")).isSameAs(Caller.anonymous());
    }

    @Test
    void the_host_chooses_the_prefix() {
        TokenPrefix acme = new TokenPrefix("acme");
        PresentedToken acmes = PresentedToken.create(acme, NOW);
        store.given(kept(acmes, null));
        TokenAuthenticator host = TokenServices.builder(store)
                .clock(CLOCK)
                .prefix(acme.value())
                .build()
                .authenticator();
        assertThat(host.authenticate("Bearer " + acmes.text())).hasToString("user alice");
        assertThat(host.authenticate("Bearer " + token)).isSameAs(Caller.anonymous());
    }

    @Test
    void by_default_tokens_expire_by_the_systems_time() {
        TokenAuthenticator byDefault = TokenServices.builder(store).build().authenticator();
        PresentedToken fresh = PresentedToken.create(PAT, NOW);
        PresentedToken old = PresentedToken.create(PAT, NOW);
        store.given(kept(fresh, Instant.now().plusSeconds(3_600)));
        store.given(kept(old, Instant.now().minusSeconds(1)));
        assertThat(byDefault.authenticate("Bearer " + fresh.text())).hasToString("user alice");
        assertThat(byDefault.authenticate("Bearer " + old.text())).isSameAs(Caller.anonymous());
    }

    @Test
    void the_roles_are_asked_at_every_request() {
        AtomicReference<Role> role = new AtomicReference<>(Role.USER);
        TokenAuthenticator host = TokenServices.builder(store)
                .roles(owner -> role.get())
                .clock(CLOCK)
                .build()
                .authenticator();
        String header = "Bearer " + token;
        assertThat(host.authenticate(header)).hasToString("user alice");
        role.set(Role.ADMIN);
        assertThat(host.authenticate(header)).hasToString("admin alice");
        role.set(Role.NONE);
        assertThat(host.authenticate(header)).isSameAs(Caller.anonymous());
        role.set(null);
        assertThatNullPointerException()
                .isThrownBy(() -> host.authenticate(header))
                .withMessageContaining("roles");
        role.set(Role.USER);
        assertThat(host.authenticate(header)).hasToString("user alice");
    }

    @Test
    void services_with_two_prefixes_issue_with_the_first_and_accept_both() {
        TokenServices tokens = TokenServices.builder(store)
                .clock(CLOCK)
                .prefix("acme_pat", "pat", "x")
                .build();
        String issued = tokens.issuance()
                .issue(OWNER, "alice", TokenRequest.named("laptop").withTtl(Duration.ofDays(1)))
                .value()
                .secret();
        assertThat(issued).startsWith("acme_pat_");
        assertThat(tokens.authenticator().authenticate("Bearer " + issued)).hasToString("user alice");
        assertThat(tokens.authenticator().authenticate("Bearer " + token)).hasToString("user alice");
        PresentedToken others = PresentedToken.create(new TokenPrefix("y"), NOW);
        store.given(kept(others, null));
        for (String refused : List.of(
                others.text(),
                TokenText.withPrefix("acme_pat", token),
                TokenText.withPrefix("x", token),
                TokenText.withPrefix("pat", issued))) {
            assertThat(tokens.authenticator().authenticate("Bearer " + refused)).isSameAs(Caller.anonymous());
        }
    }

    private TokenAuthenticator at(Instant now) {
        return authenticator(owner -> false, Clock.fixed(now, ZoneOffset.UTC));
    }

    private TokenAuthenticator authenticator(Predicate<Owner> isAdmin, Clock clock) {
        return TokenServices.builder(store)
                .roles(owner -> isAdmin.test(owner) ? Role.ADMIN : Role.USER)
                .clock(clock)
                .build()
                .authenticator();
    }

    private static Token kept(PresentedToken presented, Instant expiresAt) {
        return Token.builder(presented.id(), ALICE, "laptop", NOW.minusSeconds(60))
                .hash(presented.hash())
                .scopes(Scopes.all())
                .expiresAt(expiresAt)
                .build();
    }
}
