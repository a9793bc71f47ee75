package io.tokenstore;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What every token of a host's begins with, so that secret scanners and people tell it from others': {@code acme_pat} in
 * {@code acme_pat_0Kc…}.
 *
 * @param value 1 to 20 ASCII letters, digits and underscores, the first of them a letter, the last no underscore
 */
public record TokenPrefix(String value) {

    private static final Pattern RULE = Pattern.compile("[A-Za-z](?:[A-Za-z0-9_]{0,18}[A-Za-z0-9])?");
    private static final TokenPrefix DEFAULT = new TokenPrefix("pat");

    /**
     * Creates a prefix.
     *
     * @param value the component of that name
     * @throws NullPointerException if {@code value} is null
     * @throws InvalidInputException if {@code value} breaks its rule
     */
    public TokenPrefix {
        if (!RULE.matcher(Objects.requireNonNull(value, "value")).matches()) {
            throw new InvalidInputException(
                    List.of(new Issue("prefix must be 1 to 20 ASCII letters, digits and underscores,"
                            + " begin with a letter and not end with an underscore")));
        }
    }

    /**
     * Returns the prefix {@code pat}, for personal access token.
     *
     * @return the default
     */
    public static TokenPrefix personalAccessToken() {
        return DEFAULT;
    }
}
