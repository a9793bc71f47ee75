package io.tokenstore.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.tokenstore.Actor;
import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Whatever the services log, throw, print or give to a JSON library, no secret and no hash is in it. */
class LeakTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final TokenPrefix PAT = new TokenPrefix("pat");
    private static final Caller OWNER = Caller.user(new Owner("alice"));
    private static final Caller OTHER = Caller.user(new Owner("bob"));
    private static final Caller ADMIN = Caller.admin("ops");
    private static final TokenRequest LAPTOP = TokenRequest.named("laptop").withTtl(Duration.ofDays(30));
    private static final ObjectMapper JACKSON_2 = new ObjectMapper().disable(SerializationFeature.FAIL_ON_EMPTY_BEANS);

    private final CapturedLog log = CapturedLog.ofAll();
    private final RecordingStore store = new RecordingStore();
    private final Set<String> shown = new LinkedHashSet<>();
    private final List<String> secrets = new ArrayList<>();

    @AfterEach
    void leaveTheLogAlone() {
        log.close();
    }

    @Test
    void no_secret_and_no_hash_is_in_any_line_exception_string_or_json() {
        IssuedToken issued = TokenServices.builder(store)
                .build()
                .issuance()
                .issue(OWNER, "alice", LAPTOP)
                .value();
        String secret = issued.secret();
        show(issued);
        for (AccessPolicy policy :
                List.of(AccessPolicy.ownerOrAdmin(), AccessPolicy.ownerOnly(), AccessPolicy.adminOnly(), failing())) {
            for (TokenEvents events : List.of(new Showing(), new Throwing())) {
                callEverything(policy, events, secret, issued.id().value());
            }
        }
        for (String method : List.of("add", "find", "list", "revoke", "revokeAll", "purge")) {
            for (Throwable failure : List.of(
                    new TokenStoreException(
                            "down", TokenStoreException.Applied.UNKNOWN, new IllegalStateException("x")),
                    new DuplicateTokenException(),
                    new IOException("down"))) {
                store.failing.put(method, failure);
                callEverything(
                        AccessPolicy.ownerOrAdmin(),
                        new Showing(),
                        secret,
                        issued.id().value());
                store.failing.clear();
            }
        }
        store.tokens.values().forEach(this::show);
        show(PresentedToken.parse(secret).orElseThrow());
        secrets.add(secret);
        assertThat(secrets).hasSizeGreaterThan(20);
        Set<String> lines = linesOfTheLog();
        assertThat(lines).hasSizeGreaterThan(100).anyMatch(line -> line.endsWith("OK"));
        assertThat(shown)
                .hasSizeGreaterThan(300)
                .anyMatch(text -> text.contains(issued.id().value()));
        String all = String.join("\n", lines) + String.join("\n", shown);
        for (String one : secrets) {
            for (String form : forms(one)) {
                assertThat(all.indexOf(form)).as(() -> around(all, form)).isNegative();
            }
        }
    }

    @Test
    void what_breaks_a_rule_is_never_repeated() {
        String secret = PresentedToken.create(PAT, NOW).text();
        String wrong = secret + "\n";
        for (Throwable thrown : List.of(
                catchThrowable(() -> new Owner(wrong)),
                catchThrowable(() -> new TokenId(wrong)),
                catchThrowable(() -> new TokenPrefix(secret)),
                catchThrowable(() -> Caller.admin(wrong)),
                catchThrowable(() -> new Revocation(UUID.randomUUID(), NOW, Actor.user(wrong), wrong)),
                catchThrowable(() -> Token.builder(new TokenId("t1"), new Owner("alice"), wrong, NOW)
                        .build()),
                catchThrowable(() -> new SecretHash(secret.getBytes(StandardCharsets.UTF_8))))) {
            show(thrown);
        }
        assertThat(shown).noneMatch(text -> text.contains(TokenText.secretDigits(secret)));
    }

    @Test
    void the_search_finds_what_it_is_to_find() {
        String secret = PresentedToken.create(PAT, NOW).text();
        byte[] hash = TokenText.hash(secret).toBytes();
        show(secret);
        for (byte[] bytes : List.of(hash, TokenText.secretBytes(secret))) {
            show(Arrays.toString(bytes));
            show(HexFormat.of().formatHex(bytes));
            show(HexFormat.of().withUpperCase().formatHex(bytes));
            show(Base64.getEncoder().encodeToString(bytes));
            show(Base64.getUrlEncoder().encodeToString(bytes));
        }
        assertThat(forms(secret)).allSatisfy(form -> assertThat(shown).anyMatch(text -> text.contains(form)));
    }

    /** Every call of every service, by callers who may and may not, with the secret wherever a client may put it. */
    private void callEverything(AccessPolicy policy, TokenEvents events, String secret, String id) {
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
        TokenAuthenticator authenticator = TokenServices.builder(store)
                .roles(owner -> Role.ADMIN)
                .clock(CLOCK)
                .events(events)
                .build()
                .authenticator();
        String digits = TokenText.secretDigits(secret);
        String header = "Bearer " + secret;
        for (String presented : new String[] {header, header + " ", "Basic " + secret, secret, "Bearer " + digits}) {
            attempt(() -> authenticator.authenticate(presented));
            attempt(() -> authenticator.authenticateToken(presented));
            attempt(() -> authenticator.isLive(presented));
            attempt(() -> authenticator.authenticateToken(presented).token());
        }
        attempt(() -> {
            String another = issuance.issue(OWNER, "alice", LAPTOP).value().secret();
            secrets.add(another);
            Caller caller = authenticator.authenticateToken(another);
            show(caller.token());
            attempt(() ->
                    revocation.revokeCurrent(caller, RevocationRequest.plain().withReason(another)));
            return revocation.revokeCurrent(caller, RevocationRequest.plain());
        });
        for (Caller caller : List.of(OWNER, OTHER, ADMIN, Caller.anonymous())) {
            for (String pasted : List.of(secret, "x" + digits, header)) {
                // An administrator whom the policy lets issue to anybody makes a user of whatever was pasted.
                if (!caller.isAdmin()) {
                    attempt(() -> issuance.issue(caller, pasted, LAPTOP));
                }
                attempt(() -> issuance.issue(caller, "alice", TokenRequest.named(pasted + "\n")));
                attempt(() -> query.list(caller, pasted, PageRequest.first(10)));
                attempt(() -> query.list(caller, "alice", new PageRequest(pasted, 10)));
                attempt(() -> query.list(caller, "alice", new PageRequest(pasted, 0)));
                attempt(() -> revocation.revoke(caller, pasted, id));
                attempt(() -> revocation.revoke(caller, "alice", pasted));
                attempt(() -> revocation.revoke(
                        caller, "alice", id, RevocationRequest.plain().withReason(pasted + "\n")));
                attempt(() -> revocation.revokeAll(caller, pasted, RevocationRequest.plain()));
                attempt(() -> revocation.revokeAll(
                        caller, "alice", RevocationRequest.plain().withReason(pasted + "\n")));
                attempt(() -> revocation.revokePresented(pasted));
                attempt(() -> revocation.revokePresented(pasted + "\n"));
                attempt(() -> revocation.revokeLeaked(
                        caller,
                        List.of(pasted, pasted + "\n"),
                        RevocationRequest.plain(),
                        (text, verdict) -> show(verdict)));
            }
            attempt(() -> issuance.issue(caller, "alice", LAPTOP));
            attempt(() -> query.list(caller, "alice", PageRequest.first(1_000)));
            attempt(() -> query.search(caller, token -> true, null, WalkBudget.unlimited(), (found, progress) -> {
                show(found);
                show(progress);
            }));
            attempt(() -> revocation.revokeIssuedBefore(
                    caller, Instant.EPOCH, RevocationRequest.plain(), null, WalkBudget.unlimited(), this::show));
            attempt(() -> revocation.revoke(
                    caller, "alice", id, RevocationRequest.plain().withId(new UUID(0, 1))));
        }
        attempt(() -> TokenServices.builder(store)
                .clock(CLOCK)
                .build()
                .purger()
                .purge(NOW.minusSeconds(86_400), null, WalkBudget.unlimited(), this::show));
    }

    private interface Call {
        Object answer() throws Exception;
    }

    private void attempt(Call call) {
        try {
            Object answer = call.answer();
            show(answer);
            if (answer instanceof Result<?> result) {
                result.error().ifPresent(this::show);
                result.cause().ifPresent(this::show);
                if (result.status() == Status.OK) {
                    show(result.value());
                    if (result.value() instanceof IssuedToken issued) {
                        secrets.add(issued.secret());
                    }
                } else {
                    show(catchThrowable(result::orElseThrow));
                }
            }
        } catch (Exception e) {
            show(e);
        }
    }

    /** Keeps all that a careless host might print of an object. */
    private void show(Object object) {
        shown.add(String.valueOf(object));
        if (object instanceof Throwable thrown) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            shown.add(trace.toString());
            return;
        }
        try {
            shown.add(JACKSON_2.writeValueAsString(object));
        } catch (IOException e) {
            shown.add(e.getMessage());
        }
        try {
            shown.add(JsonMapper.shared().writeValueAsString(object));
        } catch (RuntimeException e) {
            shown.add(e.getMessage());
        }
    }

    private static String around(String all, String form) {
        int at = all.indexOf(form);
        return all.substring(Math.max(0, at - 200), Math.min(all.length(), at + form.length() + 200));
    }

    private Set<String> linesOfTheLog() {
        Set<String> lines = new LinkedHashSet<>();
        for (ILoggingEvent event : log.events()) {
            lines.add(event.getFormattedMessage());
            lines.add(Arrays.toString(event.getArgumentArray()));
            if (event.getThrowableProxy() != null) {
                lines.add(ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
        }
        return lines;
    }

    /** Returns the secret and its hash as they might be written. */
    private static List<String> forms(String secret) {
        List<String> forms = new ArrayList<>(List.of(secret, TokenText.secretDigits(secret)));
        for (byte[] bytes : List.of(TokenText.hash(secret).toBytes(), TokenText.secretBytes(secret))) {
            String decimal = Arrays.toString(bytes);
            forms.add(decimal.substring(1, decimal.length() - 1));
            forms.add(HexFormat.of().formatHex(bytes));
            forms.add(HexFormat.of().withUpperCase().formatHex(bytes));
            forms.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
            forms.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        }
        return forms;
    }

    private static AccessPolicy failing() {
        return request -> {
            throw new IllegalStateException("directory is down");
        };
    }

    /** A listener that prints whatever it is told, and all that an event holds. */
    private final class Showing implements TokenEvents {

        @Override
        public void issued(Issued event) {
            show(event);
            show(List.of(event.caller(), event.owner(), event.id()));
        }

        @Override
        public void revoked(Revoked event) {
            show(event);
            // Not the owner: digits without a prefix, which a client pasted for a username, are a name like any other.
            show(Arrays.asList(event.caller(), event.id(), event.revocation()));
        }

        @Override
        public void rejected(Unsuccessful event) {
            show(event);
            show(event.caller());
        }

        @Override
        public void failed(Unsuccessful event) {
            show(event);
            show(event.cause());
        }

        @Override
        public void authenticationFailed(AuthenticationFailed event) {
            show(event);
            show(Arrays.asList(event.reason(), event.id(), event.owner()));
        }
    }

    private static final class Throwing implements TokenEvents {

        @Override
        public void issued(Issued event) {
            throw new IllegalStateException("metrics are down");
        }

        @Override
        public void revoked(Revoked event) {
            throw new IllegalStateException("metrics are down");
        }

        @Override
        public void authenticationFailed(AuthenticationFailed event) {
            throw new IllegalStateException("metrics are down");
        }
    }
}
