package io.tokenstore;

/**
 * Decides who may do what with whose tokens; asked before any look-up, so it can't depend on which tokens exist.
 *
 * <p>Implementations are safe to call from many threads. An exception is answered with
 * {@link Status#INTERNAL_SERVER_ERROR}, never read as a permission.
 */
@FunctionalInterface
public interface AccessPolicy {

    /**
     * Returns whether a caller may do this.
     *
     * @param caller who asks; never {@linkplain Caller#isAnonymous anonymous}
     * @param action what they want to do
     * @param owner whose tokens they want to do it with; need not exist
     * @return true if they may
     */
    boolean permits(Caller caller, Action action, Username owner);

    /**
     * Returns the default policy: owners with their own tokens, administrators with everybody's; but only owners issue,
     * so that an administrator never holds a token that speaks for another.
     *
     * @return the policy
     */
    static AccessPolicy ownerOrAdmin() {
        return (caller, action, owner) -> caller.isUser(owner) || (caller.isAdmin() && action != Action.ISSUE);
    }

    /**
     * Returns the policy by which only owners act, with their own tokens.
     *
     * @return the policy
     */
    static AccessPolicy ownerOnly() {
        return (caller, action, owner) -> caller.isUser(owner);
    }

    /**
     * Returns the policy by which only administrators act.
     *
     * @return the policy
     */
    static AccessPolicy adminOnly() {
        return (caller, action, owner) -> caller.isAdmin();
    }
}
