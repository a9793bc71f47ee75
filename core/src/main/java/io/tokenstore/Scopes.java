package io.tokenstore;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a token may do: everything, or a sorted set of scopes (RFC 6749, section 3.3), which may be empty. Immutable.
 *
 * <p>A scope is 1 or more visible ASCII characters except {@code "} and {@code \}; the scopes {@code *} and {@code -} are
 * reserved. A set has at most 64 scopes and 1,000 characters, including a blank between two scopes.
 */
public final class Scopes implements NotSerializable {

    private static final int MAX_SCOPES = 64;
    private static final int MAX_CHARACTERS = 1_000;
    private static final String EVERYTHING = "*";
    /** Not the empty string, which some databases keep as null. */
    private static final String NOTHING = "-";

    private static final Scopes ALL = new Scopes(EVERYTHING, Set.of());
    private static final Scopes NONE = new Scopes(NOTHING, Set.of());

    private final Object unwritable = UNWRITABLE;
    private final String text;
    private final Set<String> scopes;

    private Scopes(String text, Set<String> scopes) {
        this.text = text;
        this.scopes = scopes;
    }

    /**
     * Returns the scopes that permit everything.
     *
     * @return {@code *}
     */
    public static Scopes all() {
        return ALL;
    }

    /** {@return the scopes that permit nothing} */
    public static Scopes none() {
        return NONE;
    }

    /**
     * Returns a set of scopes.
     *
     * @param scopes the scopes, in any order; duplicates count once
     * @return the set
     * @throws NullPointerException if {@code scopes} or one of them is null
     * @throws InvalidInputException if a scope or the set breaks its rule
     */
    public static Scopes of(Collection<String> scopes) {
        Set<String> sorted = new TreeSet<>(scopes);
        String text = String.join(" ", sorted);
        if (sorted.size() > MAX_SCOPES
                || text.length() > MAX_CHARACTERS
                || !sorted.stream().allMatch(Scopes::isScope)) {
            throw new InvalidInputException(List.of(new Violation("scopes must be at most " + MAX_SCOPES + ", of "
                    + MAX_CHARACTERS
                    + " characters in all, each of visible ASCII characters but quotes and backslashes,"
                    + " and neither * nor -")));
        }
        return sorted.isEmpty() ? NONE : new Scopes(text, Set.copyOf(sorted));
    }

    /**
     * Parses what {@link #toString} returned; anything else permits nothing, so that a damaged column never widens a token.
     *
     * @param stored the string that a store kept; null permits nothing
     * @return the scopes
     */
    public static Scopes parse(@Nullable String stored) {
        if (stored == null || stored.length() > MAX_CHARACTERS) {
            return NONE;
        }
        if (stored.equals(EVERYTHING)) {
            return ALL;
        }
        try {
            Scopes parsed = of(List.of(stored.split(" ", -1)));
            return parsed.text.equals(stored) ? parsed : NONE;
        } catch (InvalidInputException e) {
            return NONE;
        }
    }

    private static boolean isScope(String scope) {
        return !scope.isEmpty()
                && !scope.equals(EVERYTHING)
                && !scope.equals(NOTHING)
                && scope.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '"' && c != '\\');
    }

    /**
     * Returns whether these scopes include one scope, or permit everything.
     *
     * @param scope the scope
     * @return true if they do
     * @throws NullPointerException if {@code scope} is null
     */
    public boolean permits(String scope) {
        return scopes.contains(scope) || this == ALL;
    }

    /** {@return the scopes in ascending order; only {@code *} for everything, and an empty list for nothing} */
    public List<String> toList() {
        return this == NONE ? List.of() : List.of(text.split(" "));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Scopes that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** Returns the stored form: {@code *}, {@code -} for nothing, or the scopes in ascending order, separated by blanks. */
    @Override
    public String toString() {
        return text;
    }
}
