package io.tokenstore.memory;

import io.tokenstore.PurgePage;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** All pages, from the first to the last. */
final class Walk {

    private Walk() {}

    static List<Token> of(Function<TokenId, TokenPage> step) {
        List<Token> met = new ArrayList<>();
        TokenId last = null;
        do {
            TokenPage page = step.apply(last);
            met.addAll(page.tokens());
            last = page.resumeAfter();
        } while (last != null);
        return met;
    }

    /** Returns how many tokens were removed. */
    static int purge(InMemoryTokenStore store, Instant endedBefore, int maxExamined) {
        int removed = 0;
        TokenId last = null;
        do {
            PurgePage page = store.purge(endedBefore, last, maxExamined);
            removed += page.removed();
            last = page.resumeAfter();
        } while (last != null);
        return removed;
    }
}
