package io.tokenstore.service;

import io.tokenstore.NotSerializable;
import io.tokenstore.Owner;
import org.jspecify.annotations.Nullable;

/** What an {@link AccessPolicy} decides on. Immutable. */
public final class AccessRequest implements NotSerializable {

    private final Caller caller;
    private final Action action;
    private final @Nullable Owner owner;

    AccessRequest(Caller caller, Action action, @Nullable Owner owner) {
        this.caller = caller;
        this.action = action;
        this.owner = owner;
    }

    /** {@return who asks; never anonymous} */
    public Caller caller() {
        return caller;
    }

    /** {@return what they want to do} */
    public Action action() {
        return action;
    }

    /**
     * Returns the owner of the tokens that the request is about. A policy decides on the action first.
     *
     * @return the owner, who need not exist; null for {@link Action#SEARCH}, {@link Action#REVOKE_LEAKED} and
     *     {@link Action#REVOKE_ISSUED_BEFORE}, which are about the tokens of all owners
     */
    public @Nullable Owner owner() {
        return owner;
    }

    @Override
    public String toString() {
        return "AccessRequest[" + caller + ", " + action + ", " + owner + "]";
    }
}
