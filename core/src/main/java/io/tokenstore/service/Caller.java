package io.tokenstore.service;

import io.tokenstore.Actor;
import io.tokenstore.InvalidInputException;
import io.tokenstore.NotSerializable;
import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The caller as the host authenticated them: anonymous, a user or an administrator. Immutable. */
public final class Caller implements NotSerializable {

    static final String MANAGES_TOKENS = "tokens";
    static final String MANAGES_TOKENS_OF_ALL = "tokens:admin";

    private static final Caller ANONYMOUS = new Caller(null, null, "anonymous", null);

    private final Object unwritable = UNWRITABLE;
    private final Actor.@Nullable Kind kind;
    private final @Nullable Owner user;
    private final @Nullable String otherName;
    private final @Nullable CurrentToken token;

    private Caller(
            Actor.@Nullable Kind kind, @Nullable Owner user, @Nullable String otherName, @Nullable CurrentToken token) {
        this.kind = kind;
        this.user = user;
        this.otherName = otherName;
        this.token = token;
    }

    /**
     * Returns a token's owner as the caller, who may do no more than the token's scopes permit.
     *
     * @param admin whether the owner is an administrator; they act as one only if the token permits it
     */
    static Caller by(Token token, boolean admin) {
        boolean actsAsAdmin = admin && token.scopes().permits(MANAGES_TOKENS_OF_ALL);
        return new Caller(
                actsAsAdmin ? Actor.Kind.ADMIN : Actor.Kind.USER, token.owner(), null, new CurrentToken(token));
    }

    /** {@return the caller who presented no valid credentials} */
    public static Caller anonymous() {
        return ANONYMOUS;
    }

    /**
     * Returns a user.
     *
     * @param user the user, as the owner of tokens
     * @return a caller by that name
     * @throws NullPointerException if {@code user} is null
     */
    public static Caller user(Owner user) {
        return new Caller(Actor.Kind.USER, Objects.requireNonNull(user, "user"), null, null);
    }

    /**
     * Returns a user who is an administrator: the owner of their own tokens, and an administrator of everybody's.
     *
     * @param user the user, as the owner of tokens
     * @return a caller by that name
     * @throws NullPointerException if {@code user} is null
     */
    public static Caller admin(Owner user) {
        return new Caller(Actor.Kind.ADMIN, Objects.requireNonNull(user, "user"), null, null);
    }

    /**
     * Returns an administrator who is not a user, such as a leak scanner.
     *
     * @param name what the audit shows: 1 to 255 code points, without control and format characters (joiners are allowed),
     *     line separators, noncharacters and unpaired surrogates
     * @return a caller by that name
     * @throws NullPointerException if {@code name} is null
     * @throws InvalidInputException if {@code name} breaks its rule
     */
    public static Caller admin(String name) {
        return new Caller(Actor.Kind.ADMIN, null, Actor.admin(name).name(), null);
    }

    /** {@return the user's or administrator's name, which a revocation records; {@code anonymous} if there is none} */
    public String name() {
        return user == null ? Objects.requireNonNull(otherName) : user.value();
    }

    /** {@return whether this caller presented no valid credentials} */
    public boolean isAnonymous() {
        return kind == null;
    }

    /** {@return whether this caller acts as an administrator; by a token, only with {@code tokens:admin} or {@code *}} */
    public boolean isAdmin() {
        return kind == Actor.Kind.ADMIN;
    }

    /**
     * Returns whether this caller is a certain user.
     *
     * @param owner the user, as the owner of tokens; null in a request about all owners' tokens
     * @return true if this caller is a user, or an administrator who is a user, of an equal name; false for null
     */
    public boolean isUser(@Nullable Owner owner) {
        return owner != null && owner.equals(user);
    }

    /** {@return the token that authenticated this caller; null if they logged in or are anonymous} */
    public @Nullable CurrentToken token() {
        return token;
    }

    /**
     * Returns whether this caller has a scope.
     *
     * @param scope the scope
     * @return true if the caller logged in, or their token has the scope or permits everything; false if they are anonymous
     * @throws NullPointerException if {@code scope} is null
     */
    public boolean permits(String scope) {
        Objects.requireNonNull(scope, "scope");
        return token == null ? kind != null : token.scopes().permits(scope);
    }

    /** Returns whether this caller was authenticated by a certain token. */
    boolean presented(@Nullable String tokenId) {
        return token != null && token.id().value().equals(tokenId);
    }

    /**
     * Returns whether a caller's token permits an action, whatever the policy says. A token never issues tokens, and may always
     * revoke and rotate itself. Any other action needs a scope, if one permits it.
     */
    boolean mayBy(Action action, @Nullable Owner owner, boolean itself) {
        if (action == Action.ROTATE && !isUser(owner)) { // Only the owner may get the successor's secret.
            return false;
        }
        if (token == null || (itself && isUser(owner))) {
            return true;
        }
        String needed = neededScope(action, owner);
        return needed != null && permits(needed);
    }

    /** Returns the scope that a caller's token needs for an action; null if no scope permits it. */
    @Nullable
    String neededScope(Action action, @Nullable Owner owner) {
        return switch (action) {
            case ISSUE, ROTATE -> null;
            case LIST, REVOKE -> isUser(owner) ? MANAGES_TOKENS : MANAGES_TOKENS_OF_ALL;
            case SEARCH, REVOKE_LEAKED, REVOKE_ISSUED_BEFORE -> MANAGES_TOKENS_OF_ALL;
        };
    }

    /** Returns this caller as an owner of tokens; the caller must be a user. */
    Owner owner() {
        return Objects.requireNonNull(user, "not a user");
    }

    /** Returns the actor to record in this caller's revocations; the caller must not be anonymous. */
    Actor actor() {
        return new Actor(Objects.requireNonNull(kind, "nobody acts anonymously"), name(), tokenId());
    }

    /** Returns whether the other object is the same caller, with the same token if there is one. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Caller that
                && kind == that.kind
                && Objects.equals(user, that.user)
                && Objects.equals(otherName, that.otherName)
                && Objects.equals(tokenId(), that.tokenId());
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, user, otherName, tokenId());
    }

    private @Nullable TokenId tokenId() {
        return token == null ? null : token.id();
    }

    /** Returns the kind and the name, on one line. */
    @Override
    public String toString() {
        return kind == null ? name() : kind.name().toLowerCase(Locale.ROOT) + " " + name();
    }
}
