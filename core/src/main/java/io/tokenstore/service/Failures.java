package io.tokenstore.service;

import io.tokenstore.TokenId;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects the failures of single tokens among many. One failure is skipped; three in a row mean that the store fails, and end
 * the work.
 */
final class Failures {

    private static final int MOST_IN_A_ROW = 3;

    private @Nullable RuntimeException first;
    private final Set<TokenId> inARow = new HashSet<>();

    /** Keeps a token's failure; throws the first failure if too many tokens failed in a row. */
    void add(TokenId id, RuntimeException e) {
        keep(e);
        inARow.add(id);
        if (inARow.size() == MOST_IN_A_ROW) {
            throwIfAny();
        }
    }

    /** Keeps a failure that does not end the work: the first one, and a few more as suppressed ones. */
    void keep(RuntimeException e) {
        if (first == null) {
            first = e;
        } else if (first != e && first.getSuppressed().length < MOST_IN_A_ROW) {
            first.addSuppressed(e);
        }
    }

    /** Replaces a host's exception by one without its message and causes, which may hold a secret. */
    static IllegalStateException withoutMessage(String what, Exception thrown) {
        IllegalStateException told = new IllegalStateException(what);
        told.setStackTrace(thrown.getStackTrace());
        return told;
    }

    /** Ends a row of failures, since the store answered. */
    void endTheRow() {
        inARow.clear();
    }

    void throwIfAny() {
        if (first != null) {
            throw first;
        }
    }
}
