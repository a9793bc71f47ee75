package io.tokenstore.service;

/** What a caller wants to do with one user's tokens, or with all users' tokens. */
public enum Action {
    /** Revoke one token or all tokens. */
    REVOKE,
    /** Issue a new token. */
    ISSUE,
    /** List tokens. */
    LIST,
    /** Replace a token by a successor. */
    ROTATE,
    /** Search or count all users' tokens. */
    SEARCH,
    /** Revoke all users' tokens whose secrets leaked. */
    REVOKE_LEAKED,
    /** Revoke all users' tokens that were issued before an instant. */
    REVOKE_ISSUED_BEFORE
}
