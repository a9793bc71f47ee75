package io.tokenstore.service;

/** What became of a token that was presented to be revoked: for the host, not for whoever presented it. */
public enum Verdict {
    /** It is revoked, by this call. */
    REVOKED_NOW,
    /** It was revoked before. */
    REVOKED_ALREADY,
    /** It is not a token that the store keeps. */
    UNKNOWN
}
