package io.tokenstore.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import java.util.function.Predicate;

/**
 * A call for a token for which another thread also makes a call.
 *
 * @param what the method's name
 * @param token the token
 * @param call makes the call, and returns whether it was carried out
 * @param isDone whether the token that is kept shows that this call was applied
 */
record RivalCall(String what, Token token, Predicate<TokenStore> call, Predicate<Token> isDone) {

    static RivalCall add(Token token) {
        return new RivalCall("add", token, store -> OwnCall.isAdded(store, token), token::equals);
    }

    static RivalCall revoke(Token token, Revocation act) {
        return new RivalCall(
                "revoke", token, store -> store.revoke(token.owner(), token.id(), act), kept -> isBy(act, kept));
    }

    static RivalCall revokeAll(Token token, Revocation act) {
        return new RivalCall(
                "revokeAll", token, store -> store.revokeAll(token.owner(), act) == 1, kept -> isBy(act, kept));
    }

    static RivalCall activate(Token token) {
        return new RivalCall(
                "activate",
                token,
                store -> store.activate(token.owner(), token.id()),
                kept -> kept.predecessor() == null);
    }

    private static boolean isBy(Revocation act, Token kept) {
        return act.equals(kept.revocation());
    }

    /**
     * Returns whether the call was carried out. If it throws, what the exception says must be true, and the call is repeated.
     */
    boolean isAnsweredTrue(TokenStore store) {
        TokenStore patient = new RetryingStore(store);
        try {
            return call.test(store);
        } catch (DuplicateTokenException e) {
            throw e;
        } catch (TokenStoreException e) {
            if (e.applied() == Applied.NO) {
                assertThat(isDone(patient))
                        .as("%s of %s was applied, though it said that nothing was applied", what, token.id())
                        .isFalse();
            }
            return isDone(patient) || call.test(patient) || isDone(patient);
        }
    }

    boolean isDone(TokenStore store) {
        return store.find(token.id()).filter(isDone).isPresent();
    }
}
