package io.tokenstore;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The id of a token, unique in a store and never a secret: 1 to 255 visible ASCII characters (U+0021 to U+007E).
 *
 * <p>Ordered by {@link String#compareTo}, which for these characters is the order of their bytes.
 *
 * @param value the id
 */
public record TokenId(String value) implements Comparable<TokenId> {

    private static final int MAX_LENGTH = 255;

    /**
     * Creates a token id.
     *
     * @param value the component of that name
     * @throws NullPointerException if {@code value} is null
     * @throws InvalidInputException if {@code value} is not 1 to 255 visible ASCII characters
     */
    public TokenId {
        if (!isValid(Objects.requireNonNull(value, "value"))) {
            throw new InvalidInputException(
                    List.of(new Issue("token_id must be 1 to " + MAX_LENGTH + " visible ASCII characters")));
        }
    }

    /**
     * Returns the id that a string is, where it is one.
     *
     * @param value any string; null gives empty
     * @return the id, or empty where no store could hold such an id
     */
    public static Optional<TokenId> of(@Nullable String value) {
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new TokenId(value)); // which checks it, and once is enough
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
        return true;
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
