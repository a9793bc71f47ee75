package io.tokenstore.service;

/** What an owner is to the host at the moment. */
public enum Role {
    /** A user, with their own tokens. */
    USER,
    /** An administrator, with everybody's. */
    ADMIN,
    /** Nobody, such as a suspended account: none of the owner's tokens authenticates. */
    NONE
}
