package io.tokenstore.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** Walks over a store from page to page, even if pages are short or empty. Every walk must end. */
final class Walk {

    private static final int MAX_PAGES = 100_000;

    private Walk() {}

    /** Returns all tokens of an owner. */
    static List<Token> list(TokenStore store, Owner owner) {
        return list(store, owner, null, TokenStore.MAX_PAGE);
    }

    static List<Token> list(TokenStore store, Owner owner, TokenId after, int limit) {
        return list(store, owner, after, limit, resumeAfter -> {});
    }

    /** Reports where each page except the last ends, before it asks for the next page. */
    static List<Token> list(
            TokenStore store, Owner owner, TokenId after, int limit, Consumer<TokenId> beforeTheNextPage) {
        return pages(after, limit, from -> store.list(owner, from, limit), beforeTheNextPage);
    }

    /** Returns all tokens of all owners. */
    static List<Token> scan(TokenStore store) {
        return scan(store, null, TokenStore.MAX_PAGE);
    }

    static List<Token> scan(TokenStore store, TokenId after, int limit) {
        return scan(store, after, limit, resumeAfter -> {});
    }

    static List<Token> scan(TokenStore store, TokenId after, int limit, Consumer<TokenId> beforeTheNextPage) {
        return pages(after, limit, from -> store.scan(from, limit), beforeTheNextPage);
    }

    private static List<Token> pages(
            TokenId after, int limit, Function<TokenId, TokenPage> pages, Consumer<TokenId> beforeTheNextPage) {
        List<Token> seen = new ArrayList<>();
        Steps steps = new Steps();
        for (TokenId from = after; ; ) {
            TokenPage page = pages.apply(from);
            assertThat(page.tokens().size())
                    .as("Tokens on the page after %s, of at most %d", from, limit)
                    .isLessThanOrEqualTo(limit);
            seen.addAll(page.tokens());
            from = page.resumeAfter();
            if (from == null) {
                return seen;
            }
            steps.stoppedAt(from);
            beforeTheNextPage.accept(from);
        }
    }

    /** Returns how many tokens a purge in steps of the largest size removes. */
    static int purge(TokenStore store, Instant endedBefore) {
        return purge(store, endedBefore, null, TokenStore.MAX_PAGE);
    }

    static int purge(TokenStore store, Instant endedBefore, TokenId after, int maxExamined) {
        int removed = 0;
        Steps steps = new Steps();
        for (TokenId from = after; ; ) {
            PurgePage page = store.purge(endedBefore, from, maxExamined);
            assertThat(page.removed())
                    .as("Removed by the step after %s, of at most %d", from, maxExamined)
                    .isLessThanOrEqualTo(maxExamined);
            removed += page.removed();
            from = page.resumeAfter();
            if (from == null) {
                return removed;
            }
            steps.stoppedAt(from);
        }
    }

    /** A walk that reaches a place twice has no end. */
    private static final class Steps {

        private final Set<TokenId> places = new HashSet<>();

        void stoppedAt(TokenId place) {
            assertThat(places.add(place))
                    .as("A walk comes to %s for the first time, after %d pages", place, places.size())
                    .isTrue();
            assertThat(places.size()).as("Pages of a walk").isLessThan(MAX_PAGES);
        }
    }
}
