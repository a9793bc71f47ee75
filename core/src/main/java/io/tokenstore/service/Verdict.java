package io.tokenstore.service;

/** The result of presenting a string to be revoked: for the host, not for the client. */
public enum Verdict {
    /** A token that this call revoked, or that an earlier call with the same request revoked. */
    REVOKED_NOW,
    /** A token that was already revoked. */
    REVOKED_ALREADY,
    /** It is a token by form and checksum or by a {@link TokenFormat}, but the store keeps none with this id and secret. */
    UNKNOWN,
    /** It is not a token: its form or its checksum is wrong, and no {@link TokenFormat} parses it. */
    NO_TOKEN,
    /**
     * The store or a {@link TokenFormat} failed only for it: it may be a live token. Repeat the request once the fault is
     * repaired.
     */
    FAILED
}
