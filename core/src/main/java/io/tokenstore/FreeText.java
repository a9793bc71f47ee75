package io.tokenstore;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** The rules for free text: names, reasons and owners. */
final class FreeText {

    private static final int MAX_CODE_POINTS = 255;
    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;
    private static final int LAST_OF_A_PLANE = 0xFFFE;

    private FreeText() {}

    /** Checks a client's text by the rule for names, and rejects a token's secret that was pasted by mistake. */
    static List<Violation> violationsOfInput(String field, String value) {
        List<Violation> violations = new ArrayList<>(violationsOfName(field, value));
        if (TokenId.mayHoldSecret(value)) {
            violations.add(new Violation(field + " must not hold a token"));
        }
        return violations;
    }

    /** Checks a name: joiners are allowed, since some languages can't be written without them. */
    static List<Violation> violationsOfName(String field, String value) {
        return violations(
                field,
                value,
                c -> isInvisible(c) && c != ZERO_WIDTH_JOINER && c != ZERO_WIDTH_NON_JOINER,
                "control or format characters, line separators, noncharacters or unpaired surrogates");
    }

    /** Checks an owner: nothing invisible, so that two different owners do not look the same in a log. */
    static List<Violation> violationsOfOwner(String field, String value) {
        return violations(
                field,
                value,
                c -> isInvisible(c) || Character.getType(c) == Character.SPACE_SEPARATOR,
                "control or format characters, separators, noncharacters or unpaired surrogates");
    }

    private static List<Violation> violations(String field, String value, IntPredicate forbidden, String what) {
        int codePoints = 0;
        boolean found = false;
        for (int i = 0; i < value.length(); codePoints++) {
            int c = value.codePointAt(i);
            found |= forbidden.test(c);
            i += Character.charCount(c);
        }
        boolean tooShortOrLong = codePoints < 1 || codePoints > MAX_CODE_POINTS;
        if (!tooShortOrLong && !found) {
            return List.of();
        }
        List<Violation> violations = new ArrayList<>();
        if (tooShortOrLong) {
            violations.add(new Violation(field + " must have 1 to " + MAX_CODE_POINTS + " characters"));
        }
        if (found) {
            violations.add(new Violation(field + " must not have " + what));
        }
        return violations;
    }

    private static boolean isInvisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            case Character.UNASSIGNED -> (c & LAST_OF_A_PLANE) == LAST_OF_A_PLANE || (c >= 0xFDD0 && c <= 0xFDEF);
            default -> false;
        };
    }
}
