package io.tokenstore;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who revoked a token.
 *
 * @param kind the capacity in which they acted
 * @param name 1 to 255 code points, without control and format characters (joiners are allowed), line separators,
 *     noncharacters and unpaired surrogates
 * @param token the token that they used; for {@link Kind#ROTATION} the successor; null if there is none
 */
public record Actor(Kind kind, String name, @Nullable TokenId token) {

    /** The capacity in which somebody acts. Stores keep the constants' names, so a constant is never renamed. */
    public enum Kind {
        /** A user, who acts on their own tokens. */
        USER,
        /** An administrator, who acts on anybody's tokens. */
        ADMIN,
        /** The holder of the token, who presented it. */
        PRESENTER,
        /** The first use of the token's successor. */
        ROTATION
    }

    /**
     * Creates an actor.
     *
     * @param kind the component of that name
     * @param name the component of that name
     * @param token the component of that name
     * @throws NullPointerException if {@code kind} or {@code name} is null
     * @throws InvalidInputException if {@code name} breaks its rule
     */
    public Actor {
        Objects.requireNonNull(kind, "kind");
        InvalidInputException.throwIfAny(FreeText.violationsOfName("name", name));
    }

    /**
     * Returns a user who acted without a token.
     *
     * @param name the user's name
     * @return the actor
     * @throws NullPointerException if {@code name} is null
     * @throws InvalidInputException if {@code name} breaks its rule
     */
    public static Actor user(String name) {
        return new Actor(Kind.USER, name, null);
    }

    /**
     * Returns an administrator who acted without a token.
     *
     * @param name the administrator's name
     * @return the actor
     * @throws NullPointerException if {@code name} is null
     * @throws InvalidInputException if {@code name} breaks its rule
     */
    public static Actor admin(String name) {
        return new Actor(Kind.ADMIN, name, null);
    }
}
