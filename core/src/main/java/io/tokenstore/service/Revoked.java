package io.tokenstore.service;

import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.TokenId;
import org.jspecify.annotations.Nullable;

/** What was revoked: one token, or the number of an owner's tokens that carry this revocation. */
record Revoked(Owner owner, @Nullable TokenId id, Revocation revocation, int tokens) {

    Revoked(Owner owner, TokenId id, Revocation revocation) {
        this(owner, id, revocation, 1);
    }

    TokenEvents.Revoked event(Caller caller, boolean provisional) {
        return new TokenEvents.Revoked(caller, owner, id, revocation, tokens, provisional);
    }
}
