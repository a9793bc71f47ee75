package io.tokenstore.service;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Scopes;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.Violation;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host with a few tokens, to which a stranger sends strings. Each is taken to where it may go; the answers, what the store
 * was asked and what it keeps then are compared with the contract, which is stated here once more, in other words.
 */
final class FuzzedHost {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Owner ALICE = new Owner("alice");
    private static final Owner BOB = new Owner("bob");
    private static final Caller ROOT = Caller.admin("root");
    private static final Duration DAY = Duration.ofDays(1);
    private static final TokenRequest LAPTOP = TokenRequest.named("laptop").withTtl(DAY);

    private static final Pattern USERNAME = Pattern.compile("^\\p{L}[\\p{L}0-9_]{0,254}$");
    private static final Pattern BEGINS_WITH_LETTER = Pattern.compile("\\p{L}.*", Pattern.DOTALL);
    private static final Pattern ALLOWED = Pattern.compile("[\\p{L}0-9_]*");
    private static final String VISIBLE =
            "[\u200C\u200D[^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}\\p{IsNoncharacter_Code_Point}]]";
    private static final Pattern OF_TEXT = Pattern.compile(VISIBLE + "*");
    private static final Set<String> KNOWN_SCOPES = Set.of("repo:read", "repo:write", "tokens", "tokens:admin");
    private static final String SCOPE = "(?![*-](?: |$))[!#-\\[\\]-~]+";
    private static final Pattern STORED_SCOPES = Pattern.compile("(?=.{1,1000}$)" + SCOPE + "(?: " + SCOPE + ")*");
    private static final Pattern SECRET = Pattern.compile("[0-9A-Za-z]_[0-9A-Za-z]{64}");
    private static final Pattern TOKEN_ID = Pattern.compile("[!-~]{1,255}");
    private static final Pattern AUTHORIZATION = Pattern.compile("[Bb][Ee][Aa][Rr][Ee][Rr] +(.*)", Pattern.DOTALL);
    private static final Pattern LOGGED =
            Pattern.compile("\"(?:[ !#-\\[\\]-~]|\\\\u[0-9A-F]{4}){0,8}…?\" \\(length [0-9]+\\)");

    /** How many ids and secrets there are. */
    private static final BigInteger IDS = BigInteger.ONE.shiftLeft(128);

    private static final BigInteger SECRETS = BigInteger.ONE.shiftLeft(256);

    private final RecordingStore store = new RecordingStore();
    private final Map<TokenId, Token> kept = new TreeMap<>();

    /** The presented forms of tokens that are kept with a hash, in whatever state. */
    private final Map<String, TokenId> presented = new HashMap<>();

    private final List<String> presentedForms;
    private final TokenRevocationService revocations =
            TokenServices.builder(store).clock(CLOCK).build().revocation();
    private final TokenIssuanceService issuance =
            TokenServices.builder(store).clock(CLOCK).build().issuance();
    private final TokenIssuanceService scoped = TokenServices.builder(store)
            .clock(CLOCK)
            .scopes("repo:read", "repo:write")
            .build()
            .issuance();
    private final TokenQueryService queries =
            TokenServices.builder(store).clock(CLOCK).build().query();
    private final TokenAuthenticator authenticator =
            TokenServices.builder(store).clock(CLOCK).build().authenticator();

    FuzzedHost() {
        Revocation earlier = new Revocation(new UUID(0, 1), NOW, Actor.user("alice"), null);
        String live = TokenText.of("pat", BigInteger.ONE, SECRETS.subtract(BigInteger.TEN));
        keep(ALICE, live, null, null);
        keep(ALICE, TokenText.of("pat", BigInteger.TWO, BigInteger.TWO), NOW.plusNanos(1_000), null);
        keep(ALICE, TokenText.of("pat", IDS.subtract(BigInteger.ONE), BigInteger.ZERO), NOW, null);
        keep(ALICE, TokenText.of("pat", BigInteger.ZERO, BigInteger.ONE), null, earlier);
        keep(BOB, TokenText.of("pat", BigInteger.TEN, SECRETS.shiftRight(1)), null, null);
        keep(Token.builder(new TokenId("session/1"), ALICE, "session", NOW).build());
        keep(Token.builder(new TokenId("~"), BOB, "session", NOW).build());
        presentedForms = List.copyOf(presented.keySet());
    }

    private void keep(Owner owner, String text, Instant expiresAt, Revocation revocation) {
        TokenId id = new TokenId(TokenText.idDigits(text));
        presented.put(text, id);
        keep(Token.builder(id, owner, "laptop", NOW)
                .hash(TokenText.hash(text))
                .expiresAt(expiresAt)
                .revocation(revocation)
                .build());
    }

    private void keep(Token token) {
        kept.put(token.id(), token);
        store.given(token);
    }

    /** Sends a string as a username; returns what came of it, in a word. */
    String username(String sent) {
        List<String> issues = violationsOfUsername(sent);
        boolean valid = issues.isEmpty();
        equal("the rule in one", sent != null && USERNAME.matcher(sent).matches(), valid);
        Status wrong = Status.BAD_REQUEST;

        boolean pasted = sent != null && SECRET.matcher(sent).find();
        boolean admitted = valid && !pasted;

        answered(revocations.revoke(ROOT, sent, "unknown"), valid ? Status.NOT_FOUND : wrong, issues);
        asked(admitted ? List.of("revoke") : List.of());
        kept(Set.of(), null);

        Result<Integer> all = revocations.revokeAll(ROOT, sent, RevocationRequest.plain());
        answered(all, valid ? Status.OK : wrong, issues);
        asked(admitted ? revokedOneByOne() : List.of());
        Set<TokenId> ended = idsOf(token -> valid && token.owner().value().equals(sent) && token.revocation() == null);
        if (valid) {
            equal("tokens that were revoked", all.value(), ended.size());
        }
        kept(ended, null);

        answered(queries.list(ROOT, sent, PageRequest.first(10)), valid ? Status.OK : wrong, issues);
        asked(admitted ? List.of("list") : List.of());

        // Administrators issue no tokens for others.
        answered(issuance.issue(ROOT, sent, LAPTOP), valid ? Status.FORBIDDEN : wrong, issues);
        answered(revocations.revoke(Caller.anonymous(), sent, "unknown"), Status.UNAUTHORIZED, List.of());
        asked(List.of());
        kept(Set.of(), null);
        logged(sent);
        return !valid ? "refused" : pasted ? "taken for a secret" : ended.isEmpty() ? "accepted" : "revoked";
    }

    /** Sends a string as the id of a token; returns what came of it, in a word. */
    String tokenId(String sent) {
        Optional<String> visible =
                Optional.ofNullable(sent).filter(text -> TOKEN_ID.matcher(text).matches());
        Optional<TokenId> id =
                visible.filter(text -> !SECRET.matcher(text).find()).map(TokenId::new);
        equal("TokenId.of", TokenId.of(sent), id);
        boolean live = id.map(kept::get)
                .filter(token -> token.owner().equals(ALICE) && token.revocation() == null)
                .isPresent();
        List<String> missing = sent == null ? List.of("token_id is required") : List.of();
        Status other = sent == null ? Status.BAD_REQUEST : Status.NOT_FOUND;

        answered(revocations.revoke(Caller.user(ALICE), "alice", sent), live ? Status.OK : other, missing);
        asked(id.isPresent() ? List.of("revoke") : List.of());
        kept(live ? Set.of(id.orElseThrow()) : Set.of(), null);

        answered(
                revocations.revoke(Caller.user(BOB), "alice", sent),
                sent == null ? Status.BAD_REQUEST : Status.FORBIDDEN,
                missing);
        asked(List.of());

        boolean page = sent == null || id.isPresent();
        answered(
                queries.list(Caller.user(ALICE), "alice", new PageRequest(sent, 10)),
                page ? Status.OK : Status.BAD_REQUEST,
                page ? List.of() : List.of("after must be a token id"));
        asked(page ? List.of("list") : List.of());
        kept(Set.of(), null);
        logged(sent);
        return live ? "revoked" : id.isPresent() ? "looked up" : visible.isPresent() ? "taken for a secret" : "no id";
    }

    /** Sends a string as the header Authorization; returns what came of it, in a word. */
    String authorization(String sent) {
        Matcher header = AUTHORIZATION.matcher(sent == null ? "" : sent);
        String credentials = header.matches() && sent.length() <= 1024 ? header.group(1) : "";
        Token token = presented.containsKey(credentials) ? kept.get(presented.get(credentials)) : null;
        boolean letIn = token != null
                && token.revocation() == null
                && (token.expiresAt() == null || token.expiresAt().isAfter(NOW));

        equal(
                "caller",
                authenticator.authenticate(sent).toString(),
                (letIn ? Caller.user(token.owner()) : Caller.anonymous()).toString());
        boolean lookedUp = TokenText.isToken("pat", credentials);
        asked(lookedUp ? List.of("find") : List.of());
        kept(Set.of(), null);
        return letIn ? "let in" : token != null ? "ended" : lookedUp ? "looked up" : "no token";
    }

    /** Sends a string as a bearer token that came without a header; returns what came of it, in a word. */
    String bareToken(String sent) {
        Token token = presented.containsKey(sent) ? kept.get(presented.get(sent)) : null;
        boolean letIn = token != null
                && token.revocation() == null
                && (token.expiresAt() == null || token.expiresAt().isAfter(NOW));
        boolean lookedUp = sent != null && TokenText.isToken("pat", sent);

        Caller caller = authenticator.authenticateToken(sent);
        equal("caller", caller.toString(), (letIn ? Caller.user(token.owner()) : Caller.anonymous()).toString());
        equal("current token", caller.token() == null ? null : caller.token().id(), letIn ? token.id() : null);
        asked(lookedUp ? List.of("find") : List.of());

        // The same string as the id of a token: a token is not an id.
        TokenId id = TokenId.of(sent).orElse(null);
        Token ofId = id == null ? null : kept.get(id);
        equal(
                "live",
                authenticator.isLive(sent),
                ofId != null
                        && ofId.revocation() == null
                        && (ofId.expiresAt() == null || ofId.expiresAt().isAfter(NOW)));
        asked(id == null ? List.of() : List.of("find"));
        kept(Set.of(), null);
        return letIn ? "let in" : token != null ? "ended" : lookedUp ? "looked up" : "no token";
    }

    /** Sends a string as scopes, with a blank between two, and reads it as a store's; returns what came of it, in a word. */
    String scopes(String sent) {
        boolean set = sent != null && STORED_SCOPES.matcher(sent).matches() && isSorted(sent.split(" "));
        boolean everything = "*".equals(sent);
        Scopes read = Scopes.parse(sent);
        equal("read", read.toList(), everything || set ? List.of(sent.split(" ")) : List.of());
        for (String scope : List.of("*", "", " ", "a", "tokens", "tokens:admin", "repo:read")) {
            equal(
                    scope,
                    read.permits(scope),
                    everything || (set && List.of(sent.split(" ")).contains(scope)));
        }
        equal("written", Scopes.parse(read.toString()), read);

        List<String> wanted = sent == null ? null : List.of(sent.split(" ", -1));
        List<String> issues = violationsOfScopes(wanted);
        Result<IssuedToken> issued = scoped.issue(Caller.user(ALICE), "alice", LAPTOP.withScopes(wanted));
        answered(issued, issues.isEmpty() ? Status.OK : Status.BAD_REQUEST, issues);
        asked(issues.isEmpty() ? List.of("add") : List.of());
        if (issues.isEmpty()) {
            equal(
                    "scopes",
                    store.tokens.remove(issued.value().id()).scopes().toList(),
                    wanted.stream().distinct().sorted().toList());
        }
        return everything
                ? "everything"
                : (issues.isEmpty() ? "issued" : "refused") + (set ? " and read" : " and read as nothing");
    }

    private static boolean isSorted(String[] scopes) {
        for (int i = 1; i < scopes.length; i++) {
            if (scopes[i - 1].compareTo(scopes[i]) >= 0) {
                return false;
            }
        }
        return scopes.length <= 64;
    }

    private static List<String> violationsOfScopes(List<String> wanted) {
        if (wanted == null) {
            return List.of("scopes are required");
        }
        List<String> issues = new ArrayList<>();
        for (int i = 0; i < wanted.size() && issues.size() < 64; i++) {
            if (wanted.get(i).equals("*")) {
                if (wanted.size() > 1) {
                    issues.add("scopes[" + i + "] must stand alone");
                }
            } else if (!KNOWN_SCOPES.contains(wanted.get(i))) {
                issues.add("scopes[" + i + "] is not a scope that this service knows");
            }
        }
        return issues;
    }

    static String someScopes(RandomGenerator random) {
        return switch (random.nextInt(6)) {
            case 0 -> "*";
            case 1 -> "repo:read tokens tokens:admin";
            case 2 -> "tokens repo:read tokens";
            case 3 -> "tokens";
            case 4 -> "s:" + "x".repeat(random.nextInt(990, 1_005));
            default -> {
                List<String> many = new ArrayList<>();
                for (int i = random.nextInt(60, 70); i > 0; i--) {
                    many.add("s" + (100 + i));
                }
                Collections.reverse(many);
                yield String.join(" ", many);
            }
        };
    }

    /** Sends a string as a token that somebody found; returns what came of it, in a word. */
    String presented(String sent) {
        TokenId id = presented.get(sent);
        boolean live = id != null && kept.get(id).revocation() == null;
        boolean lookedUp = sent != null && TokenText.isToken(sent);

        Result<?> result = revocations.revokePresented(sent);
        answered(result, Status.OK, List.of());
        equal(
                "verdict",
                result.value(),
                live
                        ? Verdict.REVOKED_NOW
                        : id != null ? Verdict.REVOKED_ALREADY : lookedUp ? Verdict.UNKNOWN : Verdict.NO_TOKEN);
        asked(id != null ? List.of("find", "revoke") : lookedUp ? List.of("find") : List.of());
        kept(live ? Set.of(id) : Set.of(), null);
        logged(sent);
        return live ? "revoked" : id != null ? "revoked before" : lookedUp ? "looked up" : "no token";
    }

    /** Sends a string as a token's name and as a reason; returns what came of it, in a word. */
    String text(String sent) {
        List<String> issues = sent == null ? List.of() : violationsOfText(sent);
        boolean valid = issues.isEmpty();

        Result<IssuedToken> issued = issuance.issue(
                Caller.user(ALICE), "alice", TokenRequest.named(sent).withTtl(DAY));
        boolean named = valid && sent != null;
        answered(
                issued,
                named ? Status.OK : Status.BAD_REQUEST,
                sent == null ? List.of("name is required") : called("name", issues));
        asked(named ? List.of("add") : List.of());
        if (named) {
            equal("name", store.tokens.remove(issued.value().id()).name(), sent);
        }

        TokenId id = new TokenId("session/1");
        answered(
                revocations.revoke(
                        Caller.user(ALICE),
                        "alice",
                        id.value(),
                        RevocationRequest.plain().withReason(sent)),
                valid ? Status.OK : Status.BAD_REQUEST,
                called("reason", issues));
        asked(valid ? List.of("revoke") : List.of());
        kept(valid ? Set.of(id) : Set.of(), sent);
        return valid ? "accepted" : "refused";
    }

    /** Names that are valid, or nearly. */
    static String someUsername(RandomGenerator random) {
        return switch (random.nextInt(8)) {
            case 0 -> "alice";
            case 1 -> "bob";
            case 2 -> "A_1";
            case 3 -> "漢字";
            case 4 -> "a".repeat(random.nextInt(250, 260));
            case 5 -> UsernameRuleTest.SUPPLEMENTARY_LETTER.repeat(random.nextInt(120, 260));
            case 6 -> random.nextBoolean() ? "_" : "pat_" + "x".repeat(random.nextInt(62, 68));
            default -> "user" + random.nextInt();
        };
    }

    String someTokenId(RandomGenerator random) {
        return switch (random.nextInt(6)) {
            case 0, 1 ->
                List.copyOf(kept.keySet()).get(random.nextInt(kept.size())).value();
            case 2 -> new UUID(random.nextLong(), random.nextLong()).toString();
            case 3 -> "-".repeat(random.nextInt(250, 260));
            case 4 -> TokenText.digits(TokenText.number(128, random), 22);
            default -> somePresented(random);
        };
    }

    String someAuthorization(RandomGenerator random) {
        String scheme = random.nextInt(4) == 0 ? "bEARER" : "Bearer";
        return scheme + " ".repeat(random.nextInt(4) == 0 ? random.nextInt(1_000) : 1) + somePresented(random);
    }

    /** Presented forms: of tokens that are kept, of others, and such as are nearly right. */
    String somePresented(RandomGenerator random) {
        String ofKept = presentedForms.get(random.nextInt(presentedForms.size()));
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> ofKept;
            case 3 -> TokenText.withAnotherSecret(ofKept);
            case 4 -> TokenText.of("pat", TokenText.number(128, random), TokenText.number(256, random));
            case 5 -> TokenText.of("pax", TokenText.number(128, random), TokenText.number(256, random));
            case 6 -> TokenText.of("pat", IDS.add(TokenText.number(128, random)), TokenText.number(256, random));
            default -> TokenText.of("pat", TokenText.number(128, random), SECRETS.add(TokenText.number(250, random)));
        };
    }

    static String someText(RandomGenerator random) {
        return switch (random.nextInt(5)) {
            case 0 -> "Anna's laptop";
            case 1 -> "\uD83D\uDD11".repeat(random.nextInt(120, 260));
            case 2 -> " ".repeat(random.nextInt(250, 260));
            case 3 -> "my token: acme_" + "x".repeat(random.nextInt(62, 68)) + ", lost";
            default -> "left in a train, no. " + random.nextInt();
        };
    }

    private static List<String> violationsOfUsername(String name) {
        if (name == null) {
            return List.of(UsernameRuleTest.REQUIRED);
        }
        List<String> issues = new ArrayList<>();
        if (name.isEmpty()) {
            issues.add(UsernameRuleTest.TOO_SHORT);
        }
        if (name.codePointCount(0, name.length()) > 255) {
            issues.add(UsernameRuleTest.TOO_LONG);
        }
        if (!BEGINS_WITH_LETTER.matcher(name).matches()) {
            issues.add(UsernameRuleTest.FIRST);
        }
        if (!ALLOWED.matcher(name).matches()) {
            issues.add(UsernameRuleTest.OTHERS);
        }
        return issues;
    }

    private static List<String> violationsOfText(String text) {
        List<String> issues = new ArrayList<>();
        if (text.isEmpty() || text.codePointCount(0, text.length()) > 255) {
            issues.add(" must have 1 to 255 characters");
        }
        if (!OF_TEXT.matcher(text).matches()) {
            issues.add(" must not have control or format characters, line separators, noncharacters or unpaired"
                    + " surrogates");
        }
        if (SECRET.matcher(text).find()) {
            issues.add(" must not hold a token");
        }
        return issues;
    }

    private static List<String> called(String field, List<String> issues) {
        return issues.stream().map(field::concat).toList();
    }

    private Set<TokenId> idsOf(Predicate<Token> condition) {
        Set<TokenId> ids = new HashSet<>();
        kept.values().stream().filter(condition).map(Token::id).forEach(ids::add);
        return ids;
    }

    private static void answered(Result<?> result, Status status, List<String> issues) {
        result.cause().ifPresent(cause -> {
            throw new AssertionError("a failure inside", cause);
        });
        equal("status", result.status(), status);
        equal(
                "issues",
                result.error().map(ErrorResponse::issues).orElse(List.of()).stream()
                        .map(Violation::message)
                        .toList(),
                issues);
        equal("a bad request has an issue", status == Status.BAD_REQUEST, !issues.isEmpty());
    }

    /** Compares what the store was asked since the last look. */
    private void asked(List<String> methods) {
        equal("asked of the store", store.asked, methods);
        store.asked.clear();
    }

    /** What this store asks itself for all the tokens of a user. */
    private List<String> revokedOneByOne() {
        List<String> methods = new ArrayList<>(Collections.nCopies(kept.size(), "revoke"));
        methods.add(0, "revokeAll");
        return methods;
    }

    /** Compares what is kept with what was given, but that these are revoked, which is taken back. */
    private void kept(Set<TokenId> revoked, String reason) {
        for (TokenId id : revoked) {
            Token before = kept.get(id);
            Token after = store.tokens.put(id, before);
            Revocation revocation = Objects.requireNonNull(after.revocation(), "is revoked");
            equal(
                    "instant and reason",
                    Arrays.asList(revocation.at(), revocation.reason()),
                    Arrays.asList(NOW, reason));
            equal("all but the revocation", after.withRevocation(null), before);
        }
        equal("kept", store.tokens, kept);
    }

    private static void logged(String sent) {
        String excerpt = LogText.excerpt(sent);
        equal("one line of ASCII", sent == null || LOGGED.matcher(excerpt).matches(), true);
    }

    private static void equal(String what, Object actual, Object expected) {
        if (!Objects.equals(actual, expected)) {
            throw new AssertionError(what + " is " + actual + " and should be " + expected);
        }
    }
}
