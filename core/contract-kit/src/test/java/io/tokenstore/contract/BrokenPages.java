package io.tokenstore.contract;

import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.fixtures.TreeMapStore;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.function.Supplier;

/** Stores that take a page or a batch for the last one because their server takes or returns no more at once. */
final class BrokenPages {

    static final Map<Supplier<TokenStore>, Rule> RULE_BROKEN_BY = Map.of(
            () -> new ListStopsAt(100),
            Rule.R14,
            () -> new ListStopsAt(1_000),
            Rule.R14,
            () -> new ScanStopsAt(50),
            Rule.R21,
            () -> new ScanStopsAt(500),
            Rule.R21,
            () -> new ScanStopsAt(1_000),
            Rule.R21,
            () -> new PurgeStopsAt(100),
            Rule.R17,
            () -> new PurgeStopsAt(1_000),
            Rule.R17,
            PurgeStopsAtAStepThatRemovedNothing::new,
            Rule.R17,
            AddAllKeepsItsFirstBatch::new,
            Rule.R25,
            FindAllFindsItsFirstBatch::new,
            Rule.R26);

    private BrokenPages() {}

    private static TokenPage last(TokenPage page, int most) {
        return page.tokens().size() < most ? page : new TokenPage(page.tokens(), null);
    }

    static final class ListStopsAt extends TreeMapStore {
        private final int most;

        ListStopsAt(int most) {
            this.most = most;
        }

        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            return last(super.list(owner, after, limit > MAX_PAGE ? limit : Math.min(limit, most)), most);
        }
    }

    static final class ScanStopsAt extends TreeMapStore {
        private final int most;

        ScanStopsAt(int most) {
            this.most = most;
        }

        @Override
        public synchronized TokenPage scan(TokenId after, int limit) {
            return last(super.scan(after, limit > MAX_PAGE ? limit : Math.min(limit, most)), most);
        }
    }

    static final class PurgeStopsAt extends TreeMapStore {
        private final int most;

        PurgeStopsAt(int most) {
            this.most = most;
        }

        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            PurgePage page = super.purge(endedBefore, after, Math.min(maxExamined, most));
            return page.removed() < most ? page : new PurgePage(page.removed(), null);
        }
    }

    static final class PurgeStopsAtAStepThatRemovedNothing extends TreeMapStore {
        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            PurgePage page = super.purge(endedBefore, after, maxExamined);
            return page.removed() > 0 ? page : new PurgePage(0, null);
        }
    }

    static final class AddAllKeepsItsFirstBatch extends TreeMapStore {
        @Override
        public synchronized void addAll(Collection<Token> many) {
            super.addAll(
                    many.size() > MAX_PAGE ? many : many.stream().limit(500).toList());
        }
    }

    /** As a database that takes no more than 999 parameters. */
    static final class FindAllFindsItsFirstBatch extends TreeMapStore {
        @Override
        public synchronized Map<TokenId, Token> findAll(Collection<TokenId> ids) {
            return super.findAll(
                    ids.size() > MAX_PAGE ? ids : ids.stream().limit(999).toList());
        }
    }
}
