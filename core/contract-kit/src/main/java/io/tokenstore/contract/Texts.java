package io.tokenstore.contract;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.TokenId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Texts with a meaning in SQL, patterns, paths, encodings, numbers or formats, but here only plain values. */
final class Texts {

    static final Instant FIRST = Instant.EPOCH;
    static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

    /** In the first week of the next year, which some date patterns write instead of its own year. */
    static final Instant LAST_WEEK = Instant.parse("2024-12-30T12:00:00.123456Z");

    private static final String LONGEST = "~".repeat(255);

    /** Possible names, reasons and actors' names. */
    static final List<String> NAMES = List.of(
            " laptop ",
            "laptop ",
            " ",
            "a,b,,c,",
            "100%",
            "%s %d %n %",
            "_",
            "{0} {} {\"a\":[1]}",
            "${x} $1 #{x}",
            "O'Brien ''",
            "\"quoted\"",
            "Robert'); DROP TABLE tokens;--",
            "/* --",
            "\\",
            "a\\n\\0\\u0041\\",
            "?",
            ":name @name :owner :id",
            "007",
            "-0",
            "1e3",
            "1.0",
            "0x1F",
            "null",
            "NULL",
            "\\N",
            "~",
            "None",
            "no",
            "true",
            "[]",
            "-",
            "*",
            "a=b|c;d:e/f#g&h+i~j^k!l`m",
            "<b>&amp;</b>",
            "50%25",
            "a%41",
            "a  b   c",
            "\u3000z\u200Dero\u200Cwidth\u00A0\u3000\u00A0",
            "e\u0301 \u00E9",
            "\u0130\u0131\u00DF\u1E9E",
            "\uFF41\uFFFD\u2424",
            "\u6F22\u5B57\uD800\uDC00" + Character.toString(0x10FFFD),
            "\uD83D\uDD11".repeat(255),
            "x".repeat(64) + ".".repeat(191));

    /** Possible ids and places to continue from, also the longest. */
    static final List<TokenId> IDS = Stream.of(
                    "x'OR'1'='1",
                    "x'OR'1'='1'--",
                    "x')OR('1'='1",
                    "x\"OR\"1\"=\"1",
                    "1/**/OR/**/1=1",
                    "'",
                    "''",
                    "\"",
                    "`a`",
                    ";--",
                    "x';DELETE/**/FROM/**/access_tokens;--",
                    "%",
                    "_",
                    "a%",
                    "a_",
                    "a\\",
                    "\\%",
                    "\\n\\0\\u0061",
                    "*",
                    "a*",
                    "?",
                    "a?",
                    "[a-z]",
                    "[^z]b",
                    "(a)",
                    "{ab}",
                    "a|b",
                    ".",
                    ".*",
                    "a.",
                    "^a",
                    "ab$",
                    "${a}$1",
                    "#{a}",
                    "..",
                    "../ab",
                    "a/b",
                    "a:b",
                    "a,b",
                    "a=b&c",
                    "@",
                    "!",
                    "<a>",
                    "-1",
                    "+1",
                    "01",
                    "1.0",
                    "1e0",
                    "0x1",
                    "null",
                    "true",
                    "%61%00",
                    "a%62",
                    "a%2562",
                    "&#97;",
                    "YWI=",
                    "a+b",
                    "aB",
                    "AB",
                    "X",
                    "Aa",
                    "BB",
                    "a/",
                    "/a",
                    "a//b",
                    "a/./b",
                    "a/x/../b",
                    LONGEST,
                    "~".repeat(254),
                    "x".repeat(254) + "'",
                    "x".repeat(254) + "%",
                    "%" + "x".repeat(254))
            .map(TokenId::new)
            .toList();

    /** Ids that a pattern or SQL among {@link #IDS} could match; a store does not keep any of them. */
    static final List<TokenId> BYSTANDERS = Stream.of(
                    "a", "ab", "abc", "b", "x", "1", "A", "x".repeat(254) + "x", "~".repeat(254) + "!")
            .map(TokenId::new)
            .toList();

    /** Possible owners: each of {@link #NAMES} without the characters that an owner can't have. */
    static final List<Owner> OWNERS = NAMES.stream()
            .map(name -> name.replaceAll("[\\p{Z}\u200C\u200D]", ""))
            .filter(name -> !name.isEmpty())
            .distinct()
            .map(Owner::new)
            .toList();

    private Texts() {}

    /** Returns acts of every kind, by every name and for every reason, at many instants, with and without a token. */
    static List<Revocation> revocations() {
        List<Revocation> revocations = new ArrayList<>();
        Actor.Kind[] kinds = Actor.Kind.values();
        for (int i = 0; i < NAMES.size(); i++) {
            String reason = NAMES.get((i + 1) % NAMES.size());
            TokenId token = i % 5 == 3 ? null : IDS.get((i * 7) % IDS.size());
            Actor by = new Actor(kinds[i % kinds.length], NAMES.get(i), token);
            UUID id = UUID.randomUUID();
            revocations.add(new Revocation(id, Samples.NOW.plusMillis(i), by, reason));
        }
        for (Actor.Kind kind : kinds) {
            revocations.add(new Revocation(UUID.randomUUID(), Samples.NOW, new Actor(kind, "ops", null), null));
            Actor by = new Actor(kind, "ops", new TokenId(LONGEST));
            revocations.add(new Revocation(UUID.randomUUID(), Samples.NOW, by, "lost"));
        }
        revocations.add(new Revocation(new UUID(0, 0), FIRST, Actor.user("alice"), null));
        revocations.add(new Revocation(new UUID(-1, -1), LAST, ops("-"), "last"));
        revocations.add(new Revocation(new UUID(0, 1), LAST.minusSeconds(1), ops("0"), null));
        revocations.add(new Revocation(UUID.randomUUID(), LAST_WEEK, Actor.admin("ops"), null));
        return revocations;
    }

    private static Actor ops(String token) {
        return new Actor(Actor.Kind.ADMIN, "ops", new TokenId(token));
    }

    /** Returns a different owner for each number, whom a pattern or a number could confuse with another. */
    static Owner owner(int number) {
        String[] before = {"a%", "a_", "a'", "a\\", "a\"", "a*", "a,", "00", "a|", "a:"};
        return new Owner(before[number % before.length] + number);
    }
}
