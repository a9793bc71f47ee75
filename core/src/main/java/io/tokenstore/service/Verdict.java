package io.tokenstore.service;

/** What became of a string that was presented to be revoked: for the host, not for whoever presented it. */
public enum Verdict {
    /** It is a token that this call revoked, or an earlier call by the same request. */
    REVOKED_NOW,
    /** It is a token that was revoked before. */
    REVOKED_ALREADY,
    /** It has the form and the checksum of a token, and the store keeps none with this id and secret. */
    UNKNOWN,
    /** It is not a token: its form or its checksum is wrong. */
    NO_TOKEN,
    /** The store failed for it alone: it may be a live token. Repeat the request when the cause is mended. */
    FAILED
}
