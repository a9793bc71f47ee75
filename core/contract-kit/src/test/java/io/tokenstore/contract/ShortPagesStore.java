package io.tokenstore.contract;

import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.fixtures.TreeMapStore;
import java.time.Instant;
import java.util.List;

/**
 * A correct store that examines at most three tokens by one call, as one that is spread over many nodes might: its pages are
 * short, or empty and not the last.
 */
final class ShortPagesStore extends TreeMapStore {

    private static final int MOST = 3;

    @Override
    public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
        super.list(owner, after, limit);
        TokenPage examined = scan(after, limit);
        List<Token> own = examined.tokens().stream()
                .filter(token -> token.owner().equals(owner))
                .toList();
        return new TokenPage(own, examined.resumeAfter());
    }

    @Override
    public synchronized TokenPage scan(TokenId after, int limit) {
        super.scan(after, limit);
        return super.scan(after, Math.min(limit, MOST));
    }

    @Override
    public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
        return super.purge(endedBefore, after, Math.min(maxExamined, MOST));
    }
}
