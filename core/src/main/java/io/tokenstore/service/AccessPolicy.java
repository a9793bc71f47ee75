package io.tokenstore.service;

/**
 * Decides who may do what with whose tokens. It is asked before any look-up, so it can't depend on which tokens exist.
 *
 * <p>A request about the tokens of all owners has a null owner and its own action.
 *
 * <p>A policy lists what it permits, since a later release may add an {@link Action}. For example, this one lets administrators
 * issue for everybody, and otherwise follows the default:
 *
 * <pre>{@code
 * AccessPolicy policy = request -> AccessPolicy.ownerOrAdmin().permits(request)
 *         || (request.action() == Action.ISSUE && request.caller().isAdmin());
 * }</pre>
 *
 * <p>Implementations must be safe to call from many threads. If one throws, the answer is {@link Status#INTERNAL_SERVER_ERROR},
 * never a permission.
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
     * Returns the default policy: owners act on their own tokens, administrators on everybody's.
     *
     * <p>Only owners issue and rotate, so that an administrator never holds a token that speaks for another user.
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

    /** {@return the policy that permits only owners, for their own tokens} */
    static AccessPolicy ownerOnly() {
        return request -> request.caller().isUser(request.owner());
    }

    /** {@return the policy that permits only administrators} */
    static AccessPolicy adminOnly() {
        return request -> request.caller().isAdmin();
    }
}
