package io.tokenstore;

/** Whether a token is of use: only an active one is. */
public enum TokenState {
    /** Of use. */
    ACTIVE,
    /** Not used yet: its first use is to revoke the token that it replaces. */
    PENDING,
    /** Not revoked, and past its end. */
    EXPIRED,
    /** Revoked, whether it has expired or not. */
    REVOKED,
    /** Written by a later release, with a restriction that this one does not know. */
    UNREADABLE
}
