package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A secret that was pasted for something else reaches no store, no log and no listener, whoever asks and whatever they may do. */
class PastedSecretsTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Owner ALICE = new Owner("alice");
    private static final String TOKEN =
            PresentedToken.create(new TokenPrefix("acme_pat"), NOW).text();

    private static final Duration DAY = Duration.ofDays(1);

    private final CapturedLog log = CapturedLog.ofAll();
    private final RecordingStore store = new RecordingStore();
    private final List<Object> told = new ArrayList<>();
    private final TokenEvents events = new TokenEvents() {
        @Override
        public void issued(Issued event) {
            told.add(event.owner());
        }

        @Override
        public void revoked(Revoked event) {
            told.add(event.owner());
        }
    };

    @BeforeEach
    void keepAToken() {
        store.given(Token.builder(new TokenId("t1"), ALICE, "laptop", NOW).build());
    }

    @AfterEach
    void leaveTheLogAlone() {
        log.close();
    }

    static List<String> pasted() {
        String withoutChecksum = TOKEN.substring(0, TOKEN.length() - 6);
        List<String> pasted = new ArrayList<>();
        for (String secret : List.of(
                TOKEN,
                withoutChecksum,
                TOKEN + "x",
                TOKEN.substring(0, TOKEN.length() - 1),
                withoutChecksum + "x",
                withoutChecksum.substring(0, withoutChecksum.length() - 1),
                TokenText.withPrefix("x", TOKEN),
                TokenText.withAnotherSecret(TOKEN))) {
            for (String around : List.of(
                    "%s",
                    "\"%s\"",
                    "'%s'",
                    "%s,",
                    "x%s",
                    "my token: %s.",
                    "\n%s",
                    "%s\n",
                    "\r\n%s\r\n",
                    "Bearer %s",
                    "https://x/?t=%s&u=1")) {
                pasted.add(around.formatted(secret));
            }
        }
        return pasted;
    }

    @ParameterizedTest
    @MethodSource("pasted")
    void no_parameter_of_any_service_takes_it_to_the_store_the_log_or_a_listener(String pasted) {
        for (AccessPolicy policy : List.<AccessPolicy>of(request -> true, AccessPolicy.ownerOrAdmin())) {
            for (Caller caller :
                    List.of(Caller.user(ALICE), Caller.admin(ALICE), Caller.admin("ops"), Caller.anonymous())) {
                for (Supplier<Result<?>> call : calls(policy, caller, pasted)) {
                    Result<?> result = call.get();
                    assertThat(result.status()).isNotEqualTo(Status.INTERNAL_SERVER_ERROR);
                    assertThat(store.asked).as("%s by %s", result, caller).isEmpty();
                }
            }
        }
        assertThat(store.tokens).hasSize(1);
        assertThat(store.tokens.firstEntry().getValue().revocation()).isNull();
        assertThat(told).as("What a listener could log").isEmpty();
        String digits = TokenText.secretDigits(TOKEN);
        for (String line : log.lines()) {
            for (int i = 0; i + 9 <= digits.length(); i++) {
                assertThat(line).doesNotContain(digits.substring(i, i + 9));
            }
        }
        assertThat(log.lines()).isNotEmpty();
    }

    private List<Supplier<Result<?>>> calls(AccessPolicy policy, Caller caller, String pasted) {
        TokenIssuanceService issuance = TokenServices.builder(store)
                .policy(policy)
                .clock(CLOCK)
                .events(events)
                .build()
                .issuance();
        TokenQueryService query = TokenServices.builder(store)
                .policy(policy)
                .clock(CLOCK)
                .events(events)
                .build()
                .query();
        TokenRevocationService revocation = TokenServices.builder(store)
                .policy(policy)
                .clock(CLOCK)
                .events(events)
                .build()
                .revocation();
        RevocationRequest withId = RevocationRequest.plain().withId(UUID.randomUUID());
        RevocationRequest withReason = RevocationRequest.plain().withReason(pasted);
        return List.of(
                () -> issuance.issue(
                        caller, pasted, TokenRequest.named("laptop").withTtl(DAY)),
                () -> issuance.issue(caller, "alice", TokenRequest.named(pasted).withTtl(DAY)),
                () -> query.list(caller, pasted, PageRequest.first(10)),
                () -> query.list(caller, "alice", new PageRequest(pasted, 10)),
                () -> revocation.revoke(caller, pasted, "t1"),
                () -> revocation.revoke(caller, pasted, "t1", withId),
                () -> revocation.revoke(caller, "alice", pasted),
                () -> revocation.revoke(caller, "alice", pasted, withId),
                () -> revocation.revoke(caller, "alice", "t1", withReason),
                () -> revocation.revokeAll(caller, pasted, RevocationRequest.plain()),
                () -> revocation.revokeAll(caller, pasted, withId),
                () -> revocation.revokeAll(caller, "alice", withReason));
    }

    @Test
    void what_a_client_learns_is_what_it_learns_of_anything_that_is_not_there() {
        Caller ops = Caller.admin("ops");
        TokenRevocationService revocation = TokenServices.builder(store).build().revocation();
        String username = TOKEN;
        assertThat(revocation.revoke(ops, "alice", TOKEN).status()).isEqualTo(Status.NOT_FOUND);
        assertThat(revocation.revoke(ops, username, "t1").status()).isEqualTo(Status.NOT_FOUND);
        assertThat(revocation
                        .revokeAll(ops, username, RevocationRequest.plain())
                        .value())
                .isZero();
        assertThat(TokenServices.builder(store)
                        .build()
                        .query()
                        .list(ops, username, PageRequest.first(10))
                        .value())
                .isEqualTo(new TokenListing(List.of(), null));
    }

    @Test
    void ordinary_ids_owners_and_names_are_accepted() {
        for (String ordinary : Stream.of(
                        UUID.randomUUID().toString(),
                        "session_" + UUID.randomUUID(),
                        "user_" + "0123456789".repeat(6),
                        "x".repeat(255),
                        "0Kc".repeat(85),
                        "snake_case_" + "of_words_".repeat(20) + "1",
                        TokenText.idDigits(TOKEN))
                .toList()) {
            assertThat(TokenId.of(ordinary)).isPresent();
            assertThat(new Owner(ordinary)).hasToString(ordinary);
            assertThat(TokenId.mayHoldSecret(ordinary)).isFalse();
        }
    }
}
