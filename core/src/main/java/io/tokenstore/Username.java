package io.tokenstore;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The name of a user: a letter, then letters, ASCII digits and underscores, 1 to 255 code points in all.
 *
 * <p>This is the {@code username} schema of the OpenAPI operation {@code users-deleteToken}, read as ECMA-262 with
 * Unicode: a letter is a code point of the general category L as the running JVM knows it. Nothing is normalized and no
 * case is folded: {@code alice}, {@code ALICE} and {@code álice} are three users. Ordered by {@link String#compareTo}.
 *
 * @param value the name, exactly as it was given
 */
public record Username(String value) implements Comparable<Username> {

    private static final int MAX_CODE_POINTS = 255;

    /**
     * Creates a username.
     *
     * @param value the component of that name
     * @throws NullPointerException if {@code value} is null
     * @throws InvalidInputException if {@code value} breaks the rule; lists every violation
     */
    public Username {
        InvalidInputException.throwIfAny(violations(Objects.requireNonNull(value, "value")));
    }

    /** Returns what is wrong with a username: an issue for each keyword of its schema that it violates. */
    static List<Issue> violations(@Nullable String value) {
        if (value == null) {
            return List.of(new Issue("username is required"));
        }
        int codePoints = 0;
        boolean allAllowed = true;
        for (int i = 0; i < value.length(); codePoints++) {
            int c = value.codePointAt(i);
            allAllowed &= Character.isLetter(c) || (c >= '0' && c <= '9') || c == '_';
            i += Character.charCount(c);
        }
        boolean beginsWithLetter = codePoints > 0 && Character.isLetter(value.codePointAt(0));
        if (beginsWithLetter && allAllowed && codePoints <= MAX_CODE_POINTS) {
            return List.of();
        }
        List<Issue> issues = new ArrayList<>();
        if (codePoints == 0) {
            issues.add(new Issue("username must have at least 1 character"));
        }
        if (codePoints > MAX_CODE_POINTS) {
            issues.add(new Issue("username must have at most " + MAX_CODE_POINTS + " characters"));
        }
        if (!beginsWithLetter) {
            issues.add(new Issue("username must begin with a letter"));
        }
        if (!allAllowed) {
            issues.add(new Issue("username must consist of letters, digits 0 to 9 and underscores"));
        }
        return issues;
    }

    @Override
    public int compareTo(Username other) {
        return value.compareTo(other.value);
    }

    /** Returns the name itself. */
    @Override
    public String toString() {
        return value;
    }
}
