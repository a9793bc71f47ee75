package io.tokenstore;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Who calls, as the host authenticated them: nobody, a user or an administrator. Immutable. */
public final class Caller {

    private enum Kind {
        ANONYMOUS,
        USER,
        ADMIN
    }

    private static final Caller ANONYMOUS = new Caller(Kind.ANONYMOUS, "anonymous", null);

    private final Kind kind;
    private final String name;
    private final @Nullable Username user;

    private Caller(Kind kind, String name, @Nullable Username user) {
        this.kind = kind;
        this.name = name;
        this.user = user;
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
        return new Caller(Kind.USER, username.value(), username);
    }

    /**
     * Returns a user who is an administrator: the owner of their own tokens, and an administrator of everybody's.
     *
     * @param username the user's name
     * @return a caller by that name
     * @throws NullPointerException if {@code username} is null
     */
    public static Caller admin(Username username) {
        return new Caller(Kind.ADMIN, username.value(), username);
    }

    /**
     * Returns an administrator who is no user, such as a leak scanner.
     *
     * @param name what the audit shows: 1 to 255 code points, no control characters, line separators or unpaired
     *     surrogates
     * @return a caller by that name
     * @throws NullPointerException if {@code name} is null
     * @throws InvalidInputException if {@code name} breaks its rule
     */
    public static Caller admin(String name) {
        InvalidInputException.throwIfAny(Text.violations("name", name));
        return new Caller(Kind.ADMIN, name, null);
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
     * @return true for {@link #admin(Username)} and {@link #admin(String)}
     */
    public boolean isAdmin() {
        return kind == Kind.ADMIN;
    }

    /**
     * Returns whether this caller is the user by that name.
     *
     * @param username the user's name
     * @return true for the {@link #user}, and for the {@link #admin(Username)}, of an equal name
     * @throws NullPointerException if {@code username} is null
     */
    public boolean isUser(Username username) {
        return Objects.requireNonNull(username, "username").equals(user);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Caller that
                && kind == that.kind
                && name.equals(that.name)
                && Objects.equals(user, that.user);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, name);
    }

    /** Returns the kind and the name, on one line. */
    @Override
    public String toString() {
        return kind == Kind.ANONYMOUS ? name : kind.name().toLowerCase(Locale.ROOT) + " " + name;
    }
}
