package io.tokenstore.service;

import io.tokenstore.TokenId;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The failures for single tokens of many: each is passed over, but three in a row are the store's own and end the work. */
final class Failures {

    private static final int MOST_IN_A_ROW = 3;

    private @Nullable RuntimeException first;
    private final Set<TokenId> inARow = new HashSet<>();

    /** Keeps the failure for a token; throws the first one if this token is one too many in a row. */
    void add(TokenId id, RuntimeException e) {
        keep(e);
        inARow.add(id);
        if (inARow.size() == MOST_IN_A_ROW) {
            throwIfAny();
        }
    }

    /** Keeps a failure that the work survives: the first one, and a few more beside it. */
    void keep(RuntimeException e) {
        if (first == null) {
            first = e;
        } else if (first != e && first.getSuppressed().length < MOST_IN_A_ROW) {
            first.addSuppressed(e);
        }
    }

    /** Returns what tells of a host's exception without its message and causes, which may hold a secret. */
    static IllegalStateException withoutMessage(String what, Exception thrown) {
        IllegalStateException told = new IllegalStateException(what);
        told.setStackTrace(thrown.getStackTrace());
        return told;
    }

    /** Tells that the store answered. */
    void endTheRow() {
        inARow.clear();
    }

    void throwIfAny() {
        if (first != null) {
            throw first;
        }
    }
}
