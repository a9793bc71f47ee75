package io.tokenstore.service;

/** What became of a string that was presented to be revoked: for the host, not for whoever presented it. */
public enum Verdict {
    /** It is a token that this call revoked, or an earlier call by the same request. */
    REVOKED_NOW,
    /** It is a token that was revoked before. */
    REVOKED_ALREADY,
    /** It has form and checksum of a token, or a {@link TokenFormat} takes it, and the store keeps none of this id and secret. */
    UNKNOWN,
    /** It is not a token: its form or its checksum is wrong, and no {@link TokenFormat} takes it. */
    NO_TOKEN,
    /** The store or a {@link TokenFormat} failed for it alone: it may be a live token. Repeat the request once that is mended. */
    FAILED
}
