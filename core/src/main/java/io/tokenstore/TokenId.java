package io.tokenstore;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The id of a token, unique in a store: 1 to 255 visible ASCII characters (U+0021 to U+007E), and never a secret.
 *
 * <p>A string that looks like a token's secret is not an id, so that a secret pasted by mistake never reaches a store. It looks
 * like one if it has a letter or digit, an underscore, then 64 or more letters and digits.
 *
 * <p>Ordered by {@link String#compareTo}, which for these characters is the order of their bytes.
 *
 * @param value the id
 */
public record TokenId(String value) implements Comparable<TokenId> {

    private static final int MAX_LENGTH = 255;
    /** The digits of an id and a secret, minus one that may have been lost. */
    private static final int LEAST_OF_A_SECRET = 64;

    /**
     * Creates a token id.
     *
     * @param value the component of that name
     * @throws NullPointerException if {@code value} is null
     * @throws InvalidInputException if {@code value} breaks the rule
     */
    public TokenId {
        if (!isValid(Objects.requireNonNull(value, "value"))) {
            throw new InvalidInputException(List.of(new Violation(
                    "token_id must have 1 to " + MAX_LENGTH + " visible ASCII characters and not hold a token")));
        }
    }

    /**
     * Returns the id, or empty if the string is not a valid id.
     *
     * @param value any string, or null
     * @return the id, or empty if the string is null or not a valid id
     */
    public static Optional<TokenId> of(@Nullable String value) {
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new TokenId(value)); // The constructor is the only check.
        } catch (InvalidInputException e) {
            return Optional.empty();
        }
    }

    private static boolean isValid(String value) {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c >= 0x7F) {
                return false;
            }
        }
        return !mayHoldSecret(value);
    }

    /**
     * Returns whether a text may hold a token's secret. It may if it has a letter or digit, an underscore, then about as many
     * letters and digits as an id and a secret have.
     *
     * <p>The checksum and the surrounding text do not matter, so a token that was pasted in part is found too. For a host that
     * logs what its clients sent.
     *
     * @param text any text
     * @return true if it may hold a secret
     * @throws NullPointerException if {@code text} is null
     */
    public static boolean mayHoldSecret(String text) {
        int digits = 0;
        for (int i = text.length() - 1; i > 0; i--) {
            char c = text.charAt(i);
            if (c == '_' && digits >= LEAST_OF_A_SECRET && isDigit(text.charAt(i - 1))) {
                return true;
            }
            digits = isDigit(c) ? digits + 1 : 0;
        }
        return false;
    }

    private static boolean isDigit(char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }

    @Override
    public int compareTo(TokenId other) {
        return value.compareTo(other.value);
    }

    /** Returns the id itself. */
    @Override
    public String toString() {
        return value;
    }
}
