package io.tokenstore;

import java.util.ArrayList;
import java.util.List;

/** The rule for what people write in their own words: names of tokens and callers, reasons. */
final class Text {

    private static final int MAX_CODE_POINTS = 255;

    private Text() {}

    static List<Issue> violations(String field, String value) {
        int codePoints = 0;
        boolean forbidden = false;
        for (int i = 0; i < value.length(); codePoints++) {
            int c = value.codePointAt(i);
            forbidden |= isForbidden(c);
            i += Character.charCount(c);
        }
        boolean tooShortOrLong = codePoints < 1 || codePoints > MAX_CODE_POINTS;
        if (!tooShortOrLong && !forbidden) {
            return List.of();
        }
        List<Issue> issues = new ArrayList<>();
        if (tooShortOrLong) {
            issues.add(new Issue(field + " must have 1 to " + MAX_CODE_POINTS + " characters"));
        }
        if (forbidden) {
            issues.add(new Issue(field + " must not have control characters, line separators or unpaired surrogates"));
        }
        return issues;
    }

    private static boolean isForbidden(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                true;
            default -> false;
        };
    }
}
