package io.tokenstore.service;

/** An owner's current role in the host. */
public enum Role {
    /** A user, who acts on their own tokens. */
    USER,
    /** An administrator, who acts on everybody's tokens. */
    ADMIN,
    /** Nobody, such as a suspended account: the owner's tokens do not authenticate. */
    NONE
}
