package io.tokenstore.service;

import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import org.jspecify.annotations.Nullable;

/**
 * The result of presenting a string to be revoked.
 *
 * @param id the token's id; null unless its secret was presented
 * @param done what was revoked: the token, or its successor; null if nothing was
 */
record Presentation(
        Verdict verdict, @Nullable TokenId id, @Nullable Revoked done) {

    static final Presentation NO_TOKEN = new Presentation(Verdict.NO_TOKEN, null, null);
    static final Presentation FAILED = new Presentation(Verdict.FAILED, null, null);
    private static final Presentation UNKNOWN = new Presentation(Verdict.UNKNOWN, null, null);

    /**
     * Revokes a token if its secret was presented; the id alone is not enough.
     *
     * @param kept the token of that id; null if none is kept
     * @param revocation the act by which to revoke it
     */
    static Presentation of(
            TokenStore store,
            PresentedToken presented,
            @Nullable Token kept,
            Revocation revocation,
            boolean andSuccessors) {
        if (kept == null || !presented.proves(kept)) {
            return UNKNOWN;
        }
        TokenId last = Succession.revoke(store, kept.owner(), kept.id(), revocation, andSuccessors);
        return last == null
                ? new Presentation(Verdict.REVOKED_ALREADY, kept.id(), null)
                : new Presentation(Verdict.REVOKED_NOW, kept.id(), new Revoked(kept.owner(), last, revocation));
    }
}
