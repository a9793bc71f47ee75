package io.tokenstore.service;

import io.tokenstore.NotSerializable;
import io.tokenstore.Owner;

/** What an {@link AccessPolicy} decides on. Immutable. */
public final class AccessRequest implements NotSerializable {

    private final Caller caller;
    private final Action action;
    private final Owner owner;

    AccessRequest(Caller caller, Action action, Owner owner) {
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

    /** {@return whose tokens they want to do it with; need not exist} */
    public Owner owner() {
        return owner;
    }

    @Override
    public String toString() {
        return "AccessRequest[" + caller + ", " + action + ", " + owner + "]";
    }
}
