package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenState;
import io.tokenstore.service.TokenEvents.AuthenticationFailed;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens of an older scheme, by a {@link TokenFormat}. */
class TokenFormsTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Owner ALICE = new Owner("alice");
    private static final Owner BOB = new Owner("bob");
    private static final String SECRET = "MRvHbDmFnPyMhGxsqTzCkWdJ";
    private static final String OLD = "12|" + SECRET;

    private final RecordingStore store = new RecordingStore();
    private final List<String> seen = new ArrayList<>();
    private final List<AuthenticationFailed.Reason> reasons = new ArrayList<>();
    private final CapturedLog log = CapturedLog.ofAll();

    /** {@code <id>|<secret>}. */
    private final TokenFormat numbered = presented -> {
        seen.add(presented);
        int bar = presented.indexOf('|');
        return presented.matches("\\d{1,18}\\|.+")
                ? parsed(presented.substring(0, bar), presented.substring(bar + 1))
                : Optional.empty();
    };

    /** Takes every string. */
    private final TokenFormat whole = presented -> {
        seen.add(presented);
        return parsed(sha256(sha256(presented).toBytes()), presented);
    };

    private static Optional<TokenFormat.Parsed> parsed(String id, String secret) {
        return TokenId.of(id).map(valid -> new TokenFormat.Parsed(valid, sha256(secret)));
    }

    private static SecretHash sha256(String text) {
        return new SecretHash(PresentedToken.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(PresentedToken.sha256().digest(bytes));
    }

    @AfterEach
    void leaveTheLogAlone() {
        log.close();
    }

    private TokenServicesBuilder services(TokenFormat... formats) {
        return TokenServices.builder(store).clock(CLOCK).formats(formats).events(new TokenEvents() {
            @Override
            public void authenticationFailed(AuthenticationFailed failed) {
                reasons.add(failed.reason());
            }
        });
    }

    private static Token.Builder token(String id, Owner owner, String secret) {
        return Token.builder(new TokenId(id), owner, "old", NOW.minusSeconds(60))
                .hash(sha256(secret));
    }

    private TokenState stateOf(String id) {
        return store.find(new TokenId(id)).orElseThrow().stateAt(NOW);
    }

    private static String wholesId(String presented) {
        return sha256(sha256(presented).toBytes());
    }

    @Test
    void an_older_token_authenticates_by_one_look_up() {
        store.given(token("12", ALICE, SECRET).build());
        TokenAuthenticator authenticator = services(numbered).build().authenticator();
        Caller caller = authenticator.authenticate("bearer  " + OLD);
        assertThat(caller).hasToString("user alice");
        assertThat(Objects.requireNonNull(caller.token()).id()).isEqualTo(new TokenId("12"));
        assertThat(store.asked).containsExactly("find");
        assertThat(seen).containsExactly(OLD);
    }

    @Test
    void an_older_token_with_another_secret_id_or_state_authenticates_nobody() {
        store.given(token("12", ALICE, SECRET).build());
        store.given(token("13", ALICE, "x").build());
        store.given(token("14", ALICE, SECRET).hash(null).build());
        store.given(token("15", ALICE, SECRET).expiresAt(NOW).build());
        TokenAuthenticator authenticator = services(numbered).build().authenticator();
        for (String wrong : List.of(OLD + "x", "13|" + SECRET, "14|" + SECRET, "15|" + SECRET, "16|" + SECRET)) {
            assertThat(authenticator.authenticateToken(wrong)).isSameAs(Caller.anonymous());
        }
        assertThat(reasons)
                .containsExactly(
                        AuthenticationFailed.Reason.WRONG_SECRET,
                        AuthenticationFailed.Reason.WRONG_SECRET,
                        AuthenticationFailed.Reason.WRONG_SECRET,
                        AuthenticationFailed.Reason.EXPIRED,
                        AuthenticationFailed.Reason.UNKNOWN);
    }

    @Test
    void without_a_format_an_older_token_is_malformed_and_costs_no_look_up() {
        store.given(token("12", ALICE, SECRET).build());
        TokenServices tokens = services().build();
        assertThat(tokens.authenticator().authenticateToken(OLD)).isSameAs(Caller.anonymous());
        assertThat(tokens.revocation().revokePresented(OLD).value()).isEqualTo(Verdict.NO_TOKEN);
        assertThat(reasons).containsExactly(AuthenticationFailed.Reason.MALFORMED);
        assertThat(store.asked).isEmpty();
    }

    static Stream<String> ofOurForm() {
        String ours = PresentedToken.create(new TokenPrefix("pat"), NOW).text();
        return Stream.of(
                ours,
                ours.substring(0, ours.length() - 1) + (ours.endsWith("0") ? "1" : "0"),
                TokenText.withAnotherSecret(ours),
                TokenText.withPrefix("acme_pat", ours),
                "acme_pat" + ours.substring(3),
                "pat_" + "z".repeat(71), // no id and no secret is as large
                "x_" + "0".repeat(71),
                "x".repeat(20) + "_" + "0".repeat(71));
    }

    @ParameterizedTest
    @MethodSource("ofOurForm")
    void no_format_is_asked_for_what_has_our_form_whatever_prefix_and_checksum_it_has(String text) {
        store.given(token(wholesId(text), ALICE, text).build());
        TokenServices tokens = services(numbered, whole).build();
        assertThat(tokens.authenticator().authenticate("Bearer " + text)).isSameAs(Caller.anonymous());
        assertThat(tokens.authenticator().authenticateToken(text)).isSameAs(Caller.anonymous());
        tokens.revocation().revokePresented(text);
        tokens.revocation()
                .revokeLeaked(Caller.admin("ops"), List.of(text), RevocationRequest.plain(), (string, verdict) -> {});
        assertThat(seen).isEmpty();
        assertThat(stateOf(wholesId(text))).isEqualTo(TokenState.ACTIVE);
    }

    /** {@code <id>|<prefix>_<secret>} has the hash of one of ours, without a prefix for the services to check. */
    @Test
    void no_format_respells_our_token_whose_prefix_the_services_do_not_accept() {
        PresentedToken ours = PresentedToken.create(new TokenPrefix("acme_dep"), NOW);
        store.given(
                Token.builder(ours.id(), ALICE, "ours", NOW).hash(ours.hash()).build());
        TokenFormat lettersToo = presented -> presented.matches("\\w+\\|.+")
                ? parsed(
                        presented.substring(0, presented.indexOf('|')), presented.substring(presented.indexOf('|') + 1))
                : Optional.empty();
        int secretAt = "acme_dep_".length() + 22;
        String respelled = ours.id() + "|acme_dep_" + ours.text().substring(secretAt, secretAt + 43);
        assertThat(lettersToo.parse(respelled).orElseThrow().hash()).isEqualTo(ours.hash());
        TokenServices tokens = services(lettersToo, whole).prefix("acme_pat").build();
        assertThat(tokens.authenticator().authenticateToken(respelled)).isSameAs(Caller.anonymous());
        assertThat(reasons).containsExactly(AuthenticationFailed.Reason.MALFORMED);
        assertThat(tokens.revocation().revokePresented(respelled).value()).isEqualTo(Verdict.NO_TOKEN);
        assertThat(stateOf(ours.id().value())).isEqualTo(TokenState.ACTIVE);
        assertThat(store.asked).containsExactly("find"); // by this test
        assertThat(seen).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("almostOfOurForm")
    void what_is_almost_of_our_form_is_left_to_the_formats(String old) {
        store.given(token(wholesId(old), ALICE, old).build());
        assertThat(services(whole).build().authenticator().authenticateToken(old))
                .hasToString("user alice");
    }

    static Stream<String> almostOfOurForm() {
        return Stream.of(
                "pat_" + "0".repeat(40),
                "pat_" + "0".repeat(70) + "-",
                "pat_-" + "0".repeat(70),
                "0".repeat(71),
                "_" + "0".repeat(71),
                "pat__" + "0".repeat(71),
                "x".repeat(21) + "_" + "0".repeat(71));
    }

    @Test
    void an_older_id_may_be_as_long_as_ours_but_not_have_our_form() {
        for (String id : List.of("0".repeat(21) + "-", "0".repeat(22))) {
            store.given(token(id, ALICE, OLD).build());
            assertThat(services(text -> parsed(id, text))
                            .build()
                            .authenticator()
                            .authenticateToken(OLD))
                    .hasToString(id.endsWith("-") ? "user alice" : "anonymous");
        }
        assertThat(reasons).containsExactly(AuthenticationFailed.Reason.MALFORMED);
    }

    @Test
    void no_format_is_asked_for_nothing_nor_for_more_than_1024_characters() {
        TokenServices tokens = services(whole).build();
        for (String text : List.of("", "x".repeat(1_025))) {
            tokens.authenticator().authenticate("Bearer " + text);
            tokens.authenticator().authenticateToken(text);
            assertThat(tokens.revocation().revokePresented(text).value()).isEqualTo(Verdict.NO_TOKEN);
        }
        assertThat(seen).isEmpty();
        tokens.authenticator().authenticateToken("x".repeat(1_024));
        assertThat(seen).hasSize(1);
    }

    @Test
    void the_first_format_that_takes_a_string_decides_and_no_other_is_tried() {
        store.given(token(wholesId(OLD), BOB, OLD).build());
        TokenAuthenticator first = services(numbered, whole).build().authenticator();
        assertThat(first.authenticateToken(OLD)).isSameAs(Caller.anonymous());
        assertThat(seen).containsExactly(OLD);
        assertThat(store.asked).containsExactly("find");
        assertThat(services(whole, numbered).build().authenticator().authenticateToken(OLD))
                .hasToString("user bob");
    }

    @Test
    void of_two_formats_that_make_one_id_the_hash_decides_also_while_a_look_is_remembered() {
        TokenFormat other = presented -> presented.matches("\\d+:.+")
                ? parsed(presented.substring(0, presented.indexOf(':')), "other " + presented)
                : Optional.empty();
        store.given(token("12", ALICE, SECRET).build());
        TokenAuthenticator authenticator = services(numbered, other)
                .maxStaleness(Duration.ofHours(1))
                .build()
                .authenticator();
        for (int i = 0; i < 3; i++) {
            assertThat(authenticator.authenticateToken(OLD)).hasToString("user alice");
            assertThat(authenticator.authenticateToken("12:" + SECRET)).isSameAs(Caller.anonymous());
            assertThat(authenticator.authenticateToken(OLD + "x")).isSameAs(Caller.anonymous());
        }
        assertThat(authenticator.isLive("12")).isTrue();
        assertThat(authenticator.authenticateToken(OLD + "x")).isSameAs(Caller.anonymous());
    }

    @Test
    void a_remembered_look_serves_an_older_token_until_the_same_services_revoke_it() {
        store.given(token("12", ALICE, SECRET).build());
        TokenServices tokens =
                services(numbered).maxStaleness(Duration.ofHours(1)).build();
        for (int i = 0; i < 3; i++) {
            assertThat(tokens.authenticator().authenticateToken(OLD)).hasToString("user alice");
        }
        assertThat(store.asked).containsExactly("find");
        assertThat(tokens.revocation().revokePresented(OLD).value()).isEqualTo(Verdict.REVOKED_NOW);
        assertThat(tokens.authenticator().authenticateToken(OLD)).isSameAs(Caller.anonymous());
        assertThat(reasons).containsExactly(AuthenticationFailed.Reason.REVOKED);
    }

    @Test
    void a_look_at_an_id_alone_is_not_remembered_for_a_presented_string() {
        store.given(token("12", ALICE, SECRET).build());
        TokenAuthenticator authenticator =
                services(numbered).maxStaleness(Duration.ofHours(1)).build().authenticator();
        authenticator.isLive("12");
        assertThat(authenticator.authenticateToken("12|wrong")).isSameAs(Caller.anonymous());
        assertThat(authenticator.authenticateToken(OLD)).hasToString("user alice");
        assertThat(store.asked).containsExactly("find", "find", "find");
    }

    @Test
    void its_holder_revokes_an_older_token_and_the_audit_names_it() {
        store.given(token("12", ALICE, SECRET).build());
        TokenServices tokens = services(numbered).build().withStore(store);
        assertThat(tokens.revocation().revokePresented("12|x").value()).isEqualTo(Verdict.UNKNOWN);
        assertThat(tokens.revocation().revokePresented(OLD).value()).isEqualTo(Verdict.REVOKED_NOW);
        assertThat(tokens.revocation().revokePresented(OLD).value()).isEqualTo(Verdict.REVOKED_ALREADY);
        assertThat(Objects.requireNonNull(
                                store.find(new TokenId("12")).orElseThrow().revocation())
                        .by())
                .isEqualTo(new Actor(Actor.Kind.PRESENTER, "presented", new TokenId("12")));
        assertThat(log.lines()).anyMatch(line -> line.endsWith("its holder revokes token 12: OK"));
        assertShowsNoSecret(null);
    }

    @Test
    void a_leaked_list_finds_older_tokens_and_looks_up_only_what_a_format_takes() {
        store.given(token("12", ALICE, SECRET).build());
        store.given(token("13", BOB, SECRET).build());
        PresentedToken ours = PresentedToken.create(new TokenPrefix("pat"), NOW);
        store.given(Token.builder(ours.id(), BOB, "ours", NOW).hash(ours.hash()).build());
        List<String> list = List.of("x", OLD, ours.text(), ours.text() + "x", "14|y", "12|y", "13|" + SECRET);
        List<Verdict> verdicts = new ArrayList<>();
        TokenServices tokens = services(numbered).build();
        RevocationRequest request = RevocationRequest.plain().withId(new UUID(0, 1));
        for (int i = 0; i < 2; i++) {
            verdicts.clear();
            assertThat(tokens.revocation()
                            .revokeLeaked(Caller.admin("ops"), list, request, (text, verdict) -> verdicts.add(verdict))
                            .value())
                    .isEqualTo(3);
            assertThat(verdicts)
                    .containsExactly(
                            Verdict.NO_TOKEN,
                            Verdict.REVOKED_NOW,
                            Verdict.REVOKED_NOW,
                            Verdict.NO_TOKEN,
                            Verdict.UNKNOWN,
                            Verdict.UNKNOWN,
                            Verdict.REVOKED_NOW);
        }
        store.asked.clear();
        tokens.revocation().revokeLeaked(Caller.admin("ops"), List.of("x", "y|z"), request, (text, verdict) -> {});
        assertThat(store.asked).isEmpty();
    }

    @Test
    void an_older_token_is_rotated_to_one_of_ours() {
        store.given(token("12", ALICE, SECRET)
                .renewableUntil(NOW.plus(Duration.ofDays(90)))
                .expiresAt(NOW.plus(Duration.ofDays(30)))
                .build());
        store.given(token("13", ALICE, SECRET).build());
        TokenServices tokens = services(numbered).prefix("acme_pat").build();
        Caller caller = tokens.authenticator().authenticateToken(OLD);
        IssuedToken successor =
                tokens.issuance().rotate(caller, "alice", "12", null).orElseThrow();
        assertThat(successor.secret()).startsWith("acme_pat_");
        assertThat(successor.predecessor()).isEqualTo(new TokenId("12"));
        assertThat(successor.renewableUntil()).isEqualTo(NOW.plus(Duration.ofDays(90)));
        assertThat(tokens.authenticator().authenticateToken(OLD)).hasToString("user alice");
        assertThat(tokens.authenticator().authenticateToken(successor.secret())).hasToString("user alice");
        assertThat(tokens.authenticator().authenticateToken(OLD)).isSameAs(Caller.anonymous());
        assertThat(reasons).containsExactly(AuthenticationFailed.Reason.ROTATED);
        // One that was imported without it can't be.
        Caller other = tokens.authenticator().authenticateToken("13|" + SECRET);
        assertThat(tokens.issuance().rotate(other, "alice", "13", null).status())
                .isEqualTo(Status.BAD_REQUEST);
    }

    static Stream<Arguments> wrongFormats() {
        return Stream.of(
                Arguments.of("java.lang.NumberFormatException", format(text -> {
                    Integer.parseInt(text);
                    return Optional.empty();
                })),
                Arguments.of("java.io.IOException", format(text -> {
                    RecordingStore.<RuntimeException>sneak(new IOException(text, new IOException(SECRET)));
                    return Optional.empty();
                })),
                Arguments.of("it returned null", format(text -> null)),
                Arguments.of(
                        "java.lang.NullPointerException",
                        format(text -> Optional.of(new TokenFormat.Parsed(new TokenId("12"), null)))),
                Arguments.of(
                        "java.lang.NullPointerException",
                        format(text -> Optional.of(new TokenFormat.Parsed(null, sha256(SECRET))))),
                Arguments.of(
                        "hash must have 32 bytes",
                        format(text ->
                                Optional.of(new TokenFormat.Parsed(new TokenId("12"), new SecretHash(new byte[31]))))),
                Arguments.of(
                        "token_id must have",
                        format(text ->
                                Optional.of(new TokenFormat.Parsed(new TokenId(text + " " + text), sha256(SECRET))))),
                Arguments.of(
                        "its id is the whole string or the hash",
                        format(text -> Optional.of(new TokenFormat.Parsed(new TokenId(text), sha256(SECRET))))),
                Arguments.of(
                        "its id is the whole string or the hash",
                        format(text -> Optional.of(new TokenFormat.Parsed(
                                new TokenId(sha256(text.getBytes(StandardCharsets.UTF_8))), sha256(text))))));
    }

    private static TokenFormat format(TokenFormat format) {
        return format;
    }

    @ParameterizedTest
    @MethodSource("wrongFormats")
    void a_format_that_fails_is_a_failure_that_shows_no_secret(String what, TokenFormat wrong) {
        store.given(token("12", ALICE, SECRET).build());
        TokenServices tokens = services(wrong, numbered).build();
        for (String text : List.of(OLD, SECRET)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> tokens.authenticator().authenticate("Bearer " + text))
                    .withMessageContaining(what)
                    .withMessageContaining(TokenFormsTest.class.getName())
                    .withNoCause()
                    .satisfies(this::assertShowsNoSecret);
            assertThat(catchThrowable(() -> tokens.authenticator().authenticateToken(text)))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(tokens.revocation().revokePresented(text).status()).isEqualTo(Status.INTERNAL_SERVER_ERROR);
            assertThat(tokens.revocation()
                            .revokeLeaked(
                                    Caller.admin("ops"),
                                    List.of(text),
                                    RevocationRequest.plain(),
                                    (string, verdict) -> {})
                            .status())
                    .isEqualTo(Status.INTERNAL_SERVER_ERROR);
        }
        assertThat(stateOf("12")).isEqualTo(TokenState.ACTIVE);
        // One of ours needs no format.
        assertThat(tokens.authenticator()
                        .authenticateToken(PresentedToken.create(new TokenPrefix("pat"), NOW)
                                .text()))
                .isSameAs(Caller.anonymous());
    }

    @Test
    void what_a_failed_format_threw_is_found_by_its_stack() {
        TokenServices tokens = services(text -> Optional.of(new TokenFormat.Parsed(new TokenId(text + " "), null)))
                .build();
        assertThat(catchThrowable(() -> tokens.authenticator().authenticateToken(OLD))
                        .getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(TokenId.class.getName()));
    }

    @Test
    void no_format_is_null() {
        assertThatNullPointerException().isThrownBy(() -> services((TokenFormat) null));
        assertThatNullPointerException().isThrownBy(() -> services((TokenFormat[]) null));
    }

    @Test
    void what_was_parsed_shows_no_hash() {
        assertThat(numbered.parse(OLD).orElseThrow()).hasToString("Parsed[id=12, hash=SecretHash[masked]]");
        assertThat(PresentedToken.of(numbered.parse(OLD).orElseThrow())).hasToString("PresentedToken[12, masked]");
    }

    private void assertShowsNoSecret(Throwable thrown) {
        StringWriter shown = new StringWriter();
        if (thrown != null) {
            thrown.printStackTrace(new PrintWriter(shown));
        }
        log.lines().forEach(shown::append);
        log.events().forEach(event -> {
            if (event.getThrowableProxy() != null) {
                shown.append(event.getThrowableProxy().getMessage());
            }
        });
        assertThat(shown.toString())
                .doesNotContain(SECRET)
                .doesNotContain(HexFormat.of().formatHex(sha256(SECRET).toBytes()));
    }
}
