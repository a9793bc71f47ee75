package io.tokenstore.service;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** Strings as a stranger might send them: valid ones, such with a few changes, and naughty ones. */
final class FuzzedStrings {

    private static final List<String> NAUGHTY = NaughtyStrings.all();
    private static final int[] LIMITS = {
        1, 2, 22, 43, 74, 75, 76, 127, 254, 255, 256, 257, 510, 511, 1_023, 1_024, 1_025
    };
    private static final int LAST_LETTERS = 0x323AF;
    private static final String SPACES =
            " \t\n\u000B\f\r\u0085\u00A0\u1680\u2003\u2028\u2029\u202F\u3000\u200B\u2060\uFEFF";
    private static final String OTHER_DIGITS = "\u00B2\u0660\u0669\u06F0\u0966\u0E50\u2080\u2160\uFF10\uFF19";

    /** What some case folding takes for one of ASCII, and what looks like one. */
    private static final String FALSE_FRIENDS =
            "\u0130\u0131\u017F\u212A\u0391\u0410\u0430\u0435\uFF21\uFF41\uFF3F\u203F";

    private static final String NO_CHARACTERS = "\uFFFD\uFFFE\uFFFF\uFDD0\u0000";

    private final RandomGenerator random;
    private final Function<RandomGenerator, String> seeds;

    FuzzedStrings(RandomGenerator random, Function<RandomGenerator, String> seeds) {
        this.random = random;
        this.seeds = seeds;
    }

    String next() {
        String text = random.nextInt(20) == 0 ? oneOf(NAUGHTY) : seeds.apply(random);
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            text = changed(text);
        }
        return text;
    }

    private String changed(String text) {
        int length = text.length();
        int from = random.nextInt(length + 1);
        int to = random.nextInt(3) == 0 ? random.nextInt(from, length + 1) : Math.min(length, from + random.nextInt(3));
        String front = text.substring(0, from);
        String middle = text.substring(from, to);
        String back = text.substring(to);
        return switch (random.nextInt(11)) {
            case 0 -> front + back;
            case 1 -> front + some(random.nextInt(1, 4)) + middle + back;
            case 2, 3 -> front + some(to - from) + back;
            case 4 -> front + middle.repeat(random.nextInt(1, 4)) + back;
            case 5 -> front + new StringBuilder(middle).reverse() + back;
            case 6 -> front + flipped(middle) + back;
            case 7 -> random.nextBoolean() ? text.toUpperCase(Locale.ROOT) : text.toLowerCase(Locale.ROOT);
            case 8 -> spliced(text, seeds.apply(random));
            case 9 -> ofLength(text, LIMITS[random.nextInt(LIMITS.length)]);
            default -> random.nextBoolean() ? some(1) + text : text + some(1);
        };
    }

    /** As many characters of one kind: of a kind that takes two, one more where they are odd. */
    private String some(int characters) {
        int kind = random.nextInt(18);
        StringBuilder some = new StringBuilder();
        while (some.length() < characters) {
            some.appendCodePoint(ofKind(kind));
        }
        return some.toString();
    }

    private int ofKind(int kind) {
        return switch (kind) {
            case 0 -> random.nextInt('a', 'z' + 1);
            case 1 -> random.nextInt('A', 'Z' + 1);
            case 2 -> random.nextInt('0', '9' + 1);
            case 3 -> '_';
            case 4 -> random.nextInt('!', '~' + 1);
            case 5 -> random.nextInt(0, ' ');
            case 6 -> random.nextInt(0x7F, 0xA0);
            case 7 -> random.nextInt(0xA0, 0x100);
            case 8 -> random.nextInt(0x10000);
            case 9 -> letter();
            case 10 -> random.nextInt(0x10000, Character.MAX_CODE_POINT + 1);
            case 11 -> random.nextInt(Character.MIN_HIGH_SURROGATE, Character.MAX_HIGH_SURROGATE + 1);
            case 12 -> random.nextInt(Character.MIN_LOW_SURROGATE, Character.MAX_LOW_SURROGATE + 1);
            case 13 -> random.nextInt(0x300, 0x370);
            case 14 -> oneOf(SPACES);
            case 15 -> oneOf(OTHER_DIGITS);
            case 16 -> oneOf(FALSE_FRIENDS);
            default -> oneOf(NO_CHARACTERS);
        };
    }

    private int letter() {
        int letter;
        do {
            letter = random.nextInt(LAST_LETTERS + 1);
        } while (!Character.isLetter(letter));
        return letter;
    }

    private String flipped(String text) {
        if (text.isEmpty()) {
            return text;
        }
        StringBuilder flipped = new StringBuilder(text);
        int at = random.nextInt(text.length());
        flipped.setCharAt(at, (char) (text.charAt(at) ^ 1 << random.nextInt(Character.SIZE)));
        return flipped.toString();
    }

    private String spliced(String text, String other) {
        int at = random.nextInt(Math.min(text.length(), other.length()) + 1);
        return random.nextBoolean()
                ? text.substring(0, at) + other.substring(at)
                : text.substring(0, at) + other + text.substring(at);
    }

    private static String ofLength(String text, int length) {
        return text.isEmpty() ? text : text.repeat(length / text.length() + 1).substring(0, length);
    }

    private String oneOf(List<String> strings) {
        return strings.get(random.nextInt(strings.size()));
    }

    private char oneOf(String characters) {
        return characters.charAt(random.nextInt(characters.length()));
    }
}
