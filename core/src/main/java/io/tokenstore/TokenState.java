package io.tokenstore;

/** Whether a token can be used: only an active one can. */
public enum TokenState {
    /** Can be used. */
    ACTIVE,
    /** Not used yet: its first use revokes the token that it replaces. */
    PENDING,
    /** Not revoked, and expired. */
    EXPIRED,
    /** Revoked, whether it has expired or not. */
    REVOKED,
    /** Written by a later release, with a restriction that this release does not know. */
    UNREADABLE
}
