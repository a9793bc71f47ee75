package io.tokenstore;

import java.util.ArrayList;
import java.util.List;

/** The rule for what people write in their own words: names of tokens and callers, reasons. */
final class Text {

    private static final int MAX_CODE_POINTS = 255;

    private Text() {}

    static List<Issue> violations(String field, String value) {
        List<Issue> issues = new ArrayList<>();
        int length = value.codePointCount(0, value.length());
        if (length < 1 || length > MAX_CODE_POINTS) {
            issues.add(new Issue(field + " must have 1 to " + MAX_CODE_POINTS + " characters"));
        }
        if (value.codePoints().anyMatch(Text::isForbidden)) {
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
