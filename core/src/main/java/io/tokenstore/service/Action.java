package io.tokenstore.service;

/** What a caller wants to do with a user's tokens, or with those of all users. */
public enum Action {
    /** Revoke one or all. */
    REVOKE,
    /** Issue a new one. */
    ISSUE,
    /** List them. */
    LIST,
    /** Replace one by a successor. */
    ROTATE,
    /** Search or count those of all users. */
    SEARCH,
    /** Revoke those whose secrets leaked, of all users. */
    REVOKE_LEAKED,
    /** Revoke those of all users that were issued before an instant. */
    REVOKE_ISSUED_BEFORE
}
