package io.tokenstore.service;

/**
 * Decides who may do what with whose tokens; asked before any look-up, so it can't depend on which tokens exist.
 *
 * <p>A request that is about the tokens of all owners has no owner, and an action of its own.
 *
 * <p>A policy lists what it permits, since a later release may add an {@link Action}. For example, administrators issue for
 * everybody, and all else is as by default:
 *
 * <pre>{@code
 * AccessPolicy policy = request -> AccessPolicy.ownerOrAdmin().permits(request)
 *         || (request.action() == Action.ISSUE && request.caller().isAdmin());
 * }</pre>
 *
 * <p>Implementations are safe to call from many threads. An exception is answered with
 * {@link Status#INTERNAL_SERVER_ERROR}, never read as a permission.
 */
@FunctionalInterface
public interface AccessPolicy {

    /**
     * Returns whether a request is permitted.
     *
     * @param request who wants to do what with whose tokens
     * @return true if they may
     */
    boolean permits(AccessRequest request);

    /**
     * Returns the default policy: owners with their own tokens, administrators with everybody's; but only owners issue and
     * rotate, so that an administrator never holds a token that speaks for another.
     *
     * @return the policy
     */
    static AccessPolicy ownerOrAdmin() {
        return request -> request.caller().isUser(request.owner())
                || (request.caller().isAdmin()
                        && switch (request.action()) {
                            case REVOKE, LIST, SEARCH, REVOKE_LEAKED, REVOKE_ISSUED_BEFORE -> true;
                            case ISSUE, ROTATE -> false;
                        });
    }

    /** {@return the policy by which only owners act, with their own tokens} */
    static AccessPolicy ownerOnly() {
        return request -> request.caller().isUser(request.owner());
    }

    /** {@return the policy by which only administrators act} */
    static AccessPolicy adminOnly() {
        return request -> request.caller().isAdmin();
    }
}
