package io.tokenstore.service;

import io.tokenstore.Owner;
import io.tokenstore.Violation;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides which usernames a service accepts. An accepted username must also be a valid {@link Owner}.
 *
 * <p>Implementations must be safe to call from many threads. If one throws, the answer is {@link Status#INTERNAL_SERVER_ERROR},
 * never an acceptance.
 */
@FunctionalInterface
public interface UsernameRule {

    /**
     * Returns what is wrong with a username.
     *
     * @param username as the client sent it; not null
     * @return a violation for each rule that it breaks, which never repeats the username; empty if it is accepted
     */
    List<Violation> violations(String username);

    /**
     * Returns the rule of the {@code username} schema in the OpenAPI operation {@code users-deleteToken}. A username is a
     * letter, then letters, ASCII digits and underscores, 1 to 255 code points in all.
     *
     * <p>The schema's pattern is read as ECMA-262 with Unicode: a letter is a code point of the general category L as the
     * running JVM knows it.
     *
     * @return the rule
     */
    static UsernameRule openApi() {
        return UsernameRule::violationsOfSchema;
    }

    /**
     * Returns the rule that accepts every {@link Owner}: numbers, UUIDs, e-mail addresses, subjects of OpenID Connect.
     *
     * @return the rule
     */
    static UsernameRule any() {
        return username -> Gate.ofUsername(Gate.violations(() -> new Owner(username)));
    }

    private static List<Violation> violationsOfSchema(String username) {
        int codePoints = 0;
        boolean allAllowed = true;
        for (int i = 0; i < username.length(); codePoints++) {
            int c = username.codePointAt(i);
            allAllowed &= Character.isLetter(c) || (c >= '0' && c <= '9') || c == '_';
            i += Character.charCount(c);
        }
        List<Violation> violations = new ArrayList<>();
        if (codePoints == 0) {
            violations.add(new Violation("username must have at least 1 character"));
        }
        if (codePoints > 255) {
            violations.add(new Violation("username must have at most 255 characters"));
        }
        if (codePoints == 0 || !Character.isLetter(username.codePointAt(0))) {
            violations.add(new Violation("username must begin with a letter"));
        }
        if (!allAllowed) {
            violations.add(new Violation("username must consist of letters, digits 0 to 9 and underscores"));
        }
        return violations;
    }
}
