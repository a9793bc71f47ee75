package io.tokenstore.contract;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Scopes;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** What a store might make of each component of a token, on its way in or out. */
final class Alterations {

    /** What becomes of a text, an instant, a hash or a token on its way to a store or back. */
    private static final Map<String, UnaryOperator<String>> TEXTS = Map.ofEntries(
            Map.entry("ends at a comma", text -> text.split(",", 2)[0]),
            Map.entry("ends at a bar", text -> text.split("\\|", 2)[0]),
            Map.entry("ends at a semicolon", text -> text.split(";", 2)[0]),
            Map.entry("ends at a colon", text -> text.split(":", 2)[0]),
            Map.entry("ends at an equals sign", text -> text.split("=", 2)[0]),
            Map.entry("ends at a hash", text -> text.split("#", 2)[0]),
            Map.entry("ends at a slash", text -> text.split("/", 2)[0]),
            Map.entry("ends at a quote", text -> text.split("['\"]", 2)[0]),
            Map.entry("is cut at 64", text -> text.substring(0, Math.min(64, text.length()))),
            Map.entry("is cut at 255 code units", text -> text.substring(0, Math.min(254, text.length()))),
            Map.entry("is trimmed", String::trim),
            Map.entry("is stripped at its end", String::stripTrailing),
            Map.entry("has single blanks", text -> text.replaceAll(" +", " ")),
            Map.entry("has its quotes doubled", text -> text.replace("'", "''")),
            Map.entry("has its quotes taken for one", text -> text.replace("''", "'")),
            Map.entry("has its double quotes escaped", text -> text.replace("\"", "\\\"")),
            Map.entry("loses backslashes", text -> text.replace("\\", "")),
            Map.entry("has its backslashes doubled", text -> text.replace("\\", "\\\\")),
            Map.entry("has its percent signs doubled", text -> text.replace("%", "%%")),
            Map.entry("loses percent signs", text -> text.replace("%", "")),
            Map.entry("has blanks for pluses", text -> text.replace("+", " ")),
            Map.entry("loses leading zeros", text -> text.replaceFirst("^0+(?=\\d)", "")),
            Map.entry("is a number", Alterations::number),
            Map.entry("is null or a truth", text -> text.matches("(?i)null|true") ? "x" : text),
            Map.entry("is a list", text -> text.equals("[]") ? "-" : text),
            Map.entry("is nothing if blank", text -> text.isBlank() ? "-" : text),
            Map.entry("is nothing if a mark", text -> text.matches("~|None|\\\\N") ? "x" : text),
            Map.entry("is a word for a truth", text -> text.equals("no") ? "false" : text),
            Map.entry("takes a parameter", text -> text.replace(":owner", "x")),
            Map.entry("loses blanks that do not break", text -> text.replaceAll("\u00A0+$", "")),
            Map.entry("is nothing if a dash", text -> text.equals("-") ? "x" : text),
            Map.entry("is a format", text -> text.replace("{}", "x")),
            Map.entry("is a template", text -> text.replace("${x}", "x")),
            Map.entry("is markup", text -> text.replace("&amp;", "&")),
            Map.entry("is escaped as markup", text -> text.replace("<", "&lt;")),
            Map.entry("is composed", text -> Normalizer.normalize(text, Normalizer.Form.NFC)),
            Map.entry("is compatible", text -> Normalizer.normalize(text, Normalizer.Form.NFKC)),
            Map.entry("is in lower case", text -> text.toLowerCase(Locale.ROOT)),
            Map.entry("is Latin 1", Alterations::latin1),
            Map.entry("has no supplementary letters", text -> text.replaceAll("[^\\x{0}-\\x{FFFF}]", "?")),
            Map.entry("has no joiners", text -> text.replaceAll("[\u200C\u200D]", "")),
            Map.entry("has plain blanks", text -> text.replace('\u00A0', ' ').replace('\u3000', ' ')));

    private static final Map<String, UnaryOperator<byte[]>> HASHES = Map.of(
            "is reversed", Alterations::reversed,
            "ends at a zero byte", Alterations::endedAtZero,
            "loses leading zeros", bytes -> left(new BigInteger(1, bytes).toByteArray()),
            "is a negative number", bytes -> left(new BigInteger(bytes).abs().toByteArray()),
            "is seven bits",
                    bytes -> new String(bytes, StandardCharsets.US_ASCII).getBytes(StandardCharsets.ISO_8859_1),
            "is text",
                    bytes -> Arrays.copyOf(
                            new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), 32),
            "ends at a blank",
                    bytes -> Arrays.copyOf(
                            new String(bytes, StandardCharsets.ISO_8859_1)
                                    .stripTrailing()
                                    .getBytes(StandardCharsets.ISO_8859_1),
                            32),
            "is four words in another order", Alterations::wordsReversed);

    private static final Map<String, UnaryOperator<Instant>> INSTANTS = Map.of(
            "is in the year of its week", Alterations::inTheYearOfItsWeek,
            "is in milliseconds", instant -> instant.truncatedTo(ChronoUnit.MILLIS),
            "has no last", instant -> instant.equals(Texts.LAST) ? instant.minusSeconds(1) : instant,
            "has no first", instant -> instant.equals(Texts.FIRST) ? instant.plusSeconds(1) : instant,
            "ends in 2262",
                    instant -> instant.getEpochSecond() > 9_223_372_036L
                            ? Instant.ofEpochSecond(9_223_372_036L)
                            : instant);

    private static final Map<String, UnaryOperator<TokenId>> IDS = Map.of(
            "is cut at 64",
                    id -> new TokenId(
                            id.value().substring(0, Math.min(64, id.value().length()))),
            "is cut at 254",
                    id -> new TokenId(
                            id.value().substring(0, Math.min(254, id.value().length()))),
            "is nothing", id -> null,
            "is nothing if a dash", id -> id.value().equals("-") ? null : id,
            "is nothing if zero", id -> id.value().equals("0") ? null : id);

    static Map<String, UnaryOperator<Token>> ofEveryComponent() {
        Map<String, UnaryOperator<Token>> all = new LinkedHashMap<>();
        TEXTS.forEach((what, change) -> {
            all.put("name " + what, token -> named(token, changed(token.name(), change)));
            all.put(
                    "by.name " + what,
                    ofRevocation(act ->
                            by(act, changed(act.by().name(), change), act.by().token())));
            all.put(
                    "reason " + what,
                    ofRevocation(act -> new Revocation(
                            act.id(),
                            act.at(),
                            act.by(),
                            act.reason() == null ? null : changed(act.reason(), change))));
        });
        HASHES.forEach((what, change) -> all.put(
                "hash " + what,
                token -> token.hash() == null
                        ? token
                        : token.toBuilder()
                                .hash(new SecretHash(change.apply(token.hash().toBytes())))
                                .build()));
        INSTANTS.forEach((what, change) -> {
            all.put("createdAt " + what, token -> issued(token, change.apply(token.createdAt())));
            all.put(
                    "revocation.at " + what,
                    ofRevocation(act -> new Revocation(act.id(), change.apply(act.at()), act.by(), act.reason())));
            all.put(
                    "expiresAt " + what,
                    token -> token.expiresAt() == null
                            ? token
                            : token.toBuilder()
                                    .expiresAt(change.apply(token.expiresAt()))
                                    .build());
            all.put(
                    "renewableUntil " + what,
                    token -> token.renewableUntil() == null
                            ? token
                            : token.toBuilder()
                                    .renewableUntil(change.apply(token.renewableUntil()))
                                    .build());
        });
        all.remove("expiresAt is in milliseconds"); // no sample has more digits there but in tests of R2 and R16
        IDS.forEach((what, change) -> {
            all.put(
                    "predecessor " + what,
                    token -> token.predecessor() == null
                            ? token
                            : token.toBuilder()
                                    .predecessor(change.apply(token.predecessor()))
                                    .build());
            all.put(
                    "by.token " + what,
                    ofRevocation(act -> act.by().token() == null
                            ? act
                            : by(act, act.by().name(), change.apply(act.by().token()))));
        });
        all.put("scopes end at a comma", scoped(text -> text.split(",", 2)[0]));
        all.put("scopes end at a blank", scoped(text -> text.split(" ", 2)[0]));
        all.put("scopes are cut", scoped(text -> text.substring(0, Math.min(255, text.length()))));
        all.put("scopes are in lower case", scoped(text -> text.toLowerCase(Locale.ROOT)));
        all.put("scopes are lost", scoped(text -> "-"));
        all.put("scopes are all if none", scoped(text -> text.equals("-") ? "*" : text));
        all.put("scopes are none if all", scoped(text -> text.equals("*") ? "-" : text));
        all.put(
                "minReaderVersion is short",
                token -> token.toBuilder()
                        .minReaderVersion((short) token.minReaderVersion() & 0x7FFF)
                        .build());
        all.put(
                "minReaderVersion has no greatest",
                token -> token.toBuilder()
                        .minReaderVersion(Math.min(Integer.MAX_VALUE - 1, token.minReaderVersion()))
                        .build());
        all.put(
                "revocation.id is short",
                ofRevocation(act -> new Revocation(
                        new UUID(0, act.id().getLeastSignificantBits()), act.at(), act.by(), act.reason())));
        all.put(
                "by.kind is a user's",
                ofRevocation(act -> new Revocation(
                        act.id(),
                        act.at(),
                        new Actor(Actor.Kind.USER, act.by().name(), act.by().token()),
                        act.reason())));
        all.put(
                "reason is empty for none",
                ofRevocation(act ->
                        new Revocation(act.id(), act.at(), act.by(), act.reason() == null ? "-" : act.reason())));
        return all;
    }

    private Alterations() {}

    /** Returns what a store makes of instants that goes through the local zone. */
    static Map<String, UnaryOperator<Token>> inLocalTime() {
        return Map.of(
                "createdAt", token -> issued(token, local(token.createdAt())),
                "expiresAt",
                        token -> token.toBuilder()
                                .expiresAt(local(token.expiresAt()))
                                .build(),
                "renewableUntil",
                        token -> token.toBuilder()
                                .renewableUntil(local(token.renewableUntil()))
                                .build(),
                "revocation.at",
                        ofRevocation(act -> new Revocation(act.id(), local(act.at()), act.by(), act.reason())));
    }

    private static Instant local(Instant instant) {
        return instant == null
                ? null
                : LocalDateTime.ofInstant(instant, ZoneId.systemDefault())
                        .atZone(ZoneId.systemDefault())
                        .toInstant();
    }

    /** Of a change that leaves no valid text, nothing is left but this. */
    private static String changed(String text, UnaryOperator<String> change) {
        String changed = change.apply(text);
        return changed.isEmpty() ? "x" : changed;
    }

    private static String number(String text) {
        try {
            return Double.toString(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return text;
        }
    }

    /** The pattern YYYY for yyyy. */
    private static Instant inTheYearOfItsWeek(Instant instant) {
        OffsetDateTime time = instant.atOffset(ZoneOffset.UTC);
        return time.withYear(time.get(IsoFields.WEEK_BASED_YEAR)).toInstant();
    }

    private static String latin1(String text) {
        return new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1);
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    private static byte[] wordsReversed(byte[] bytes) {
        byte[] changed = bytes.clone();
        System.arraycopy(bytes, 0, changed, 24, 8);
        System.arraycopy(bytes, 24, changed, 0, 8);
        return changed;
    }

    private static byte[] endedAtZero(byte[] bytes) {
        byte[] ended = new byte[bytes.length];
        for (int i = 0; i < bytes.length && bytes[i] != 0; i++) {
            ended[i] = bytes[i];
        }
        return ended;
    }

    /** As many as there are, from the left on: what was before them is lost. */
    private static byte[] left(byte[] bytes) {
        return Arrays.copyOf(bytes.length > 32 ? Arrays.copyOfRange(bytes, 1, 33) : bytes, 32);
    }

    static Token named(Token token, String name) {
        return copied(token, token.owner(), name, token.createdAt());
    }

    private static Token owned(Token token, String owner) {
        return copied(token, new Owner(owner), token.name(), token.createdAt());
    }

    private static Token issued(Token token, Instant at) {
        return copied(token, token.owner(), token.name(), at);
    }

    private static Token copied(Token token, Owner owner, String name, Instant createdAt) {
        return Token.builder(token.id(), owner, name, createdAt)
                .hash(token.hash())
                .scopes(token.scopes())
                .predecessor(token.predecessor())
                .renewableUntil(token.renewableUntil())
                .minReaderVersion(token.minReaderVersion())
                .expiresAt(token.expiresAt())
                .revocation(token.revocation())
                .build();
    }

    private static UnaryOperator<Token> ofRevocation(UnaryOperator<Revocation> change) {
        return token -> token.revocation() == null ? token : token.withRevocation(change.apply(token.revocation()));
    }

    private static Revocation by(Revocation act, String name, TokenId token) {
        return new Revocation(act.id(), act.at(), new Actor(act.by().kind(), name, token), act.reason());
    }

    private static UnaryOperator<Token> scoped(UnaryOperator<String> change) {
        return token -> token.toBuilder()
                .scopes(Scopes.parse(change.apply(token.scopes().toString())))
                .build();
    }
}
