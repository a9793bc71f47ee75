package io.tokenstore.contract;

import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.fixtures.TreeMapStore;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Stores that go on at another place than they were given, or in another order than that of the ids. */
final class BrokenMarks {

    static final Map<Supplier<TokenStore>, Rule> RULE_BROKEN_BY = Map.ofEntries(
            Map.entry(ListsAfterSql::new, Rule.R14),
            Map.entry(ListsAfterAnEscape::new, Rule.R14),
            Map.entry(ScansAfterSql::new, Rule.R21),
            Map.entry(ScansAfterTheFirst64::new, Rule.R21),
            Map.entry(PurgesAfterSql::new, Rule.R17),
            Map.entry(PurgesAfterTheFirst64::new, Rule.R17),
            Map.entry(ListsAnewAfterUnknown::new, Rule.R14),
            Map.entry(ListEndsAfterUnknown::new, Rule.R14),
            Map.entry(ListEndsAfterOthers::new, Rule.R14),
            Map.entry(ScansAnewAfterUnknown::new, Rule.R21),
            Map.entry(ScanEndsAfterUnknown::new, Rule.R21),
            Map.entry(PurgesAnewAfterUnknown::new, Rule.R17),
            Map.entry(PurgeEndsAfterUnknown::new, Rule.R17),
            Map.entry(ListsByAge::new, Rule.R14),
            Map.entry(ListsByHashCode::new, Rule.R14),
            Map.entry(ListsByLength::new, Rule.R14),
            Map.entry(ListsByNumber::new, Rule.R14),
            Map.entry(ListsEachPageByAge::new, Rule.R14));

    private BrokenMarks() {}

    private static TokenId afterSql(TokenId after) {
        return after != null && after.value().contains("'OR'1'='1") ? null : after;
    }

    private static TokenId afterCut(TokenId after) {
        return after == null ? null : BrokenIds.cut(after);
    }

    static final class ListsAfterSql extends TreeMapStore {
        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            return super.list(owner, afterSql(after), limit);
        }
    }

    static final class ListsAfterAnEscape extends TreeMapStore {
        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            boolean escape = after != null
                    && after.value().startsWith("\\")
                    && after.value().length() > 1;
            return super.list(owner, escape ? new TokenId(after.value().substring(1)) : after, limit);
        }
    }

    static final class ScansAfterSql extends TreeMapStore {
        @Override
        public synchronized TokenPage scan(TokenId after, int limit) {
            return super.scan(afterSql(after), limit);
        }
    }

    static final class ScansAfterTheFirst64 extends TreeMapStore {
        @Override
        public synchronized TokenPage scan(TokenId after, int limit) {
            return super.scan(afterCut(after), limit);
        }
    }

    static final class PurgesAfterSql extends TreeMapStore {
        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            return super.purge(endedBefore, afterSql(after), maxExamined);
        }
    }

    static final class PurgesAfterTheFirst64 extends TreeMapStore {
        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            return super.purge(endedBefore, afterCut(after), maxExamined);
        }
    }

    static final class ListsAnewAfterUnknown extends TreeMapStore {
        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            return super.list(owner, after != null && !tokens.containsKey(after) ? null : after, limit);
        }
    }

    static final class ListEndsAfterUnknown extends TreeMapStore {
        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            TokenPage page = super.list(owner, after, limit);
            return after != null && !tokens.containsKey(after) ? new TokenPage(List.of(), null) : page;
        }
    }

    static final class ListEndsAfterOthers extends TreeMapStore {
        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            TokenPage page = super.list(owner, after, limit);
            boolean others = after != null
                    && tokens.containsKey(after)
                    && !tokens.get(after).owner().equals(owner);
            return others ? new TokenPage(List.of(), null) : page;
        }
    }

    static final class ScansAnewAfterUnknown extends TreeMapStore {
        @Override
        public synchronized TokenPage scan(TokenId after, int limit) {
            return super.scan(after != null && !tokens.containsKey(after) ? null : after, limit);
        }
    }

    static final class ScanEndsAfterUnknown extends TreeMapStore {
        @Override
        public synchronized TokenPage scan(TokenId after, int limit) {
            TokenPage page = super.scan(after, limit);
            return after != null && !tokens.containsKey(after) ? new TokenPage(List.of(), null) : page;
        }
    }

    static final class PurgesAnewAfterUnknown extends TreeMapStore {
        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            TokenId from = after != null && !tokens.containsKey(after) ? null : after;
            return super.purge(endedBefore, from, maxExamined);
        }
    }

    static final class PurgeEndsAfterUnknown extends TreeMapStore {
        @Override
        public synchronized PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
            boolean unknown = after != null && !tokens.containsKey(after);
            return unknown ? new PurgePage(0, null) : super.purge(endedBefore, after, maxExamined);
        }
    }

    private static class ListsInOrder extends TreeMapStore {
        private final Comparator<Token> order;

        ListsInOrder(Comparator<Token> order) {
            this.order = order.thenComparing(Token::id);
        }

        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            super.list(owner, after, limit);
            Token last = after == null ? null : tokens.get(after);
            List<Token> page = tokens.values().stream()
                    .filter(token -> token.owner().equals(owner))
                    .sorted(order)
                    .filter(token -> last == null || order.compare(token, last) > 0)
                    .limit(limit)
                    .toList();
            return new TokenPage(
                    page, page.size() < limit ? null : page.get(limit - 1).id());
        }
    }

    static final class ListsByAge extends ListsInOrder {
        ListsByAge() {
            super(Comparator.comparing(Token::createdAt));
        }
    }

    static final class ListsByHashCode extends ListsInOrder {
        ListsByHashCode() {
            super(Comparator.comparing(token -> token.id().hashCode()));
        }
    }

    static final class ListsByLength extends ListsInOrder {
        ListsByLength() {
            super(Comparator.comparing(token -> token.id().value().length()));
        }
    }

    /** Numbers come first, by their value; a text ends with its number. */
    static final class ListsByNumber extends ListsInOrder {
        ListsByNumber() {
            super(Comparator.<Token, String>comparing(
                            token -> token.id().value().replaceAll("\\d+$", ""))
                    .thenComparing(
                            token -> Integer.parseInt("0" + token.id().value().replaceAll("^.*?(\\d{0,5})$", "$1"))));
        }
    }

    /** Each page has the right tokens. */
    static final class ListsEachPageByAge extends TreeMapStore {
        @Override
        public synchronized TokenPage list(Owner owner, TokenId after, int limit) {
            TokenPage page = super.list(owner, after, limit);
            List<Token> byAge = page.tokens().stream()
                    .sorted(Comparator.comparing(Token::createdAt))
                    .toList();
            return new TokenPage(byAge, page.resumeAfter());
        }
    }
}
