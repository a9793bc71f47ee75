package io.tokenstore;

import java.util.Objects;

/** Who calls, as the host authenticated them: nobody, a user or an administrator. Immutable. */
public final class Caller {

    private enum Kind {
        ANONYMOUS,
        USER,
        ADMIN
    }

    private static final Caller ANONYMOUS = new Caller(Kind.ANONYMOUS, "anonymous");

    private final Kind kind;
    private final String name;

    private Caller(Kind kind, String name) {
        this.kind = kind;
        this.name = name;
    }

    /**
     * Returns the caller who presented no valid credentials.
     *
     * @return the anonymous caller
     */
    public static Caller anonymous() {
        return ANONYMOUS;
    }

    /**
     * Returns a user.
     *
     * @param username the user's name
     * @return a caller by that name
     * @throws NullPointerException if {@code username} is null
     */
    public static Caller user(Username username) {
        return new Caller(Kind.USER, username.value());
    }

    /**
     * Returns an administrator: a person, or a program such as a leak scanner.
     *
     * @param name what the audit shows: 1 to 255 code points, no control characters, line separators or unpaired
     *     surrogates
     * @return a caller by that name
     * @throws NullPointerException if {@code name} is null
     * @throws InvalidInputException if {@code name} breaks its rule
     */
    public static Caller admin(String name) {
        InvalidInputException.throwIfAny(Text.violations("name", name));
        return new Caller(Kind.ADMIN, name);
    }

    /**
     * Returns the name that a revocation records.
     *
     * @return the user's or administrator's name, or {@code anonymous}
     */
    public String name() {
        return name;
    }

    /**
     * Returns whether this caller presented no valid credentials.
     *
     * @return true for {@link #anonymous()}
     */
    public boolean isAnonymous() {
        return kind == Kind.ANONYMOUS;
    }

    /**
     * Returns whether this caller is an administrator.
     *
     * @return true for {@link #admin}
     */
    public boolean isAdmin() {
        return kind == Kind.ADMIN;
    }

    /**
     * Returns whether this caller is the user by that name; an administrator never is.
     *
     * @param username the user's name
     * @return true for the {@link #user} of an equal name
     * @throws NullPointerException if {@code username} is null
     */
    public boolean isUser(Username username) {
        return name.equals(username.value()) && kind == Kind.USER;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Caller that && kind == that.kind && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, name);
    }

    /** Returns the kind and the name, on one line. */
    @Override
    public String toString() {
        return kind == Kind.ANONYMOUS ? name : kind.name().toLowerCase(java.util.Locale.ROOT) + " " + name;
    }
}
