package io.tokenstore.service;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Strings that are known to break what is careless with them. */
final class NaughtyStrings {

    private NaughtyStrings() {}

    static List<String> all() {
        return Stream.of(
                        words(),
                        numbers(),
                        whitespace(),
                        invisible(),
                        scripts(),
                        malformed(),
                        paths(),
                        injections(),
                        around("alice"),
                        atTheLimits())
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> words() {
        return List.of(
                "",
                "null",
                "NULL",
                "nil",
                "None",
                "undefined",
                "NaN",
                "Infinity",
                "true",
                "false",
                "anonymous",
                "admin",
                "root",
                "constructor",
                "__proto__",
                "hasOwnProperty",
                "toString",
                "CON",
                "aux",
                "nul.txt",
                "COM1",
                "*",
                "_",
                "-",
                "--",
                "?",
                "#",
                "&",
                "=",
                "~",
                "^",
                "|",
                "@alice",
                "alice@example.org",
                "{}",
                "[]",
                "()",
                "\"",
                "'",
                "`",
                "\\",
                "\\n",
                "\\u0000",
                ",./;'[]-=",
                "<>?:\"{}|_+",
                "!@#$%^&*()`~");
    }

    private static List<String> numbers() {
        return List.of(
                "0",
                "-1",
                "1e309",
                "0x0",
                "00",
                "1/0",
                "1_000",
                "9223372036854775808",
                "-9223372036854775809",
                "4294967296",
                "0.0000000000000000000000000000000001",
                "\u0663",
                "३",
                "３",
                "Ⅷ",
                "½",
                "²",
                "𝟘",
                "a\u0663",
                "a３");
    }

    /** By themselves, and where a trim would take them off. */
    private static List<String> whitespace() {
        return Stream.of(
                        " ", "\t", "\n", "\u000B", "\f", "\r", "\r\n", "\u0085", "\u00A0", "\u1680", "\u2000", "\u2003",
                        "\u2007", "\u2009", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000")
                .flatMap(space -> Stream.of(space, "alice" + space, space + "alice", "al" + space + "ice"))
                .toList();
    }

    /** Controls, and what shows nothing or turns the line around. */
    private static List<String> invisible() {
        Stream<String> controls = IntStream.concat(IntStream.rangeClosed(0, 0x1F), IntStream.rangeClosed(0x7F, 0x9F))
                .mapToObj(Character::toString);
        Stream<String> formats = Stream.of(
                "\u00AD", "\u061C", "\u180E", "\u200B", "\u200C", "\u200D", "\u200E", "\u200F", "\u202A", "\u202E",
                "\u2060", "\u2066", "\u2069", "\uFEFF", "\uFFF9", "\uFFFC", "\u115F", "\u3164", "\uFFA0");
        return Stream.concat(controls, formats)
                .flatMap(each -> Stream.of(each, "a" + each, each + "a"))
                .toList();
    }

    private static List<String> scripts() {
        return List.of(
                "é",
                "e\u0301",
                "ñ",
                "Ångström",
                "ß",
                "ẞ",
                "ı",
                "İ",
                "ſ",
                "\u212A",
                "ﬃ",
                "ǅ",
                "ʰ",
                "ª",
                "Ωmega",
                "Привет",
                "аlice",
                "\u05E9\u05DC\u05D5\u05DD",
                "\u0645\u0631\u062D\u0628\u0627",
                "नमस्ते",
                "สวัสดี",
                "漢字",
                "ひらがな",
                "한글",
                "ＡＢＣ",
                "𝒶𝓁𝒾𝒸𝑒",
                "\uD840\uDC00",
                "\uD83D\uDD11",
                "👩\u200D💻",
                "👍🏽",
                "🇦🇹",
                "☃",
                "(╯°□°)╯︵ ┻━┻",
                "a\u0300\u0316\u0301\u0317\u0302\u0318",
                "\u0301a",
                "\u0345");
    }

    /** What no encoder writes, and what stands where a decoder gave up. */
    private static List<String> malformed() {
        return List.of(
                "\uD800",
                "\uDBFF",
                "\uDC00",
                "\uDFFF",
                "a\uD800",
                "\uDC00a",
                "\uDC00\uD800",
                "a\uD800b",
                "\uD83D\uD83D\uDD11",
                "\uFFFD",
                "\uFFFE",
                "\uFFFF",
                "\uDBFF\uDFFF",
                "\uDB40\uDC01",
                "\uFDD0",
                "a\u0000",
                "alice\u0000root",
                "\u00C3\u00A9",
                "%00",
                "%FF",
                "%C0%AF",
                "%ED%A0%80",
                "%E2%80%AE",
                "%61lice",
                "%2561lice",
                "%u0061lice",
                "%");
    }

    private static List<String> paths() {
        return List.of(
                ".",
                "..",
                "/",
                "//",
                "\\\\host\\share",
                "../alice",
                "..\\alice",
                "%2e%2e%2f",
                "a/b",
                "a;b=c",
                "a?b=c",
                "a#b",
                "/etc/passwd",
                "C:\\boot.ini",
                "file:///etc/passwd",
                "https://example.org/?a=b#c",
                "alice/tokens/x");
    }

    private static List<String> injections() {
        return List.of(
                "' OR '1'='1",
                "\" OR \"\"=\"",
                "'; DROP TABLE access_tokens;--",
                "alice'--",
                "1; SELECT pg_sleep(10)",
                "' UNION SELECT secret FROM access_tokens --",
                "alice' AND SLEEP(5) #",
                "{\"$gt\": \"\"}",
                "*)(uid=*))(|(uid=*",
                "' or count(/*)=1 or 'a'='b",
                "<script>alert(1)</script>",
                "\"><img src=x onerror=alert(1)>",
                "javascript:alert(1)",
                "<!--",
                "]]>",
                "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>",
                "$(touch /tmp/x)",
                "`id`",
                "; rm -rf ~",
                "| cat /etc/passwd",
                "&& shutdown",
                "%s%s%s%n",
                "%1$1000000d",
                "{0}",
                "{}{}{}",
                "${jndi:ldap://127.0.0.1/a}",
                "${7*7}",
                "#{7*7}",
                "{{7*7}}",
                "<%= 7*7 %>",
                "T(java.lang.Runtime).getRuntime()",
                "=1+1",
                "@SUM(1)",
                "+cmd",
                "alice\r\nSet-Cookie: a=b",
                "alice\n2026-01-01 INFO admin root revokes token x: OK",
                "\u001B[31mred",
                "\u0007",
                "Bearer",
                "Bearer ",
                "Bearer null",
                "Bearer Bearer ",
                "Basic YWxpY2U6YWxpY2U=",
                "pat_",
                "rO0ABXNyAA==");
    }

    /** A valid name with one character more, at either end and within. */
    private static List<String> around(String name) {
        return IntStream.rangeClosed(' ', 0x17F)
                .mapToObj(Character::toString)
                .flatMap(each -> Stream.of(name + each, each + name, name.charAt(0) + each + name.substring(1)))
                .toList();
    }

    private static List<String> atTheLimits() {
        return Stream.of("a", "_", "é", "\uD840\uDC00", "\uD83D\uDD11", "\uD800", "\n", "~", "\u0301")
                .flatMap(each -> IntStream.of(127, 128, 254, 255, 256, 510, 511, 1_023, 1_024, 1_025, 65_536)
                        .mapToObj(each::repeat))
                .toList();
    }
}
