package io.tokenstore;

/** Whether a token is of use. */
public enum TokenState {
    /** Neither revoked nor expired. */
    ACTIVE,
    /** Not revoked, and past its end. */
    EXPIRED,
    /** Revoked, whether it has expired or not. */
    REVOKED
}
