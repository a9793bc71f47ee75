package io.tokenstore;

import java.util.Objects;

/**
 * The owner of a token: a user, a service or an account, by the name that the host uses for it.
 *
 * <p>1 to 255 code points, without control and format characters, separators (blanks too), noncharacters and unpaired
 * surrogates. Nothing is normalized and no case is folded: {@code alice}, {@code ALICE} and {@code álice} are three owners. The
 * host decides which owners are usernames. Ordered by code points.
 *
 * @param value the name, exactly as it was given
 */
public record Owner(String value) implements Comparable<Owner> {

    /**
     * Creates an owner.
     *
     * @param value the component of that name
     * @throws NullPointerException if {@code value} is null
     * @throws InvalidInputException if {@code value} breaks the rule; lists every violation
     */
    public Owner {
        InvalidInputException.throwIfAny(FreeText.violationsOfOwner("owner", Objects.requireNonNull(value, "value")));
    }

    @Override
    public int compareTo(Owner other) {
        int shorter = Math.min(value.length(), other.value.length());
        for (int i = 0; i < shorter; i++) {
            char ours = value.charAt(i);
            char theirs = other.value.charAt(i);
            if (ours != theirs) {
                // All surrogates are paired, so a code point with a surrogate is above every code point without one.
                return Character.isSurrogate(ours) == Character.isSurrogate(theirs)
                        ? ours - theirs
                        : Character.isSurrogate(ours) ? 1 : -1;
            }
        }
        return value.length() - other.value.length();
    }

    /** Returns the name itself. */
    @Override
    public String toString() {
        return value;
    }
}
