package io.tokenstore.jdbc;

import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks over many tokens from page to page, in the order of their ids.
 *
 * <p>A row that breaks a rule of tokens does not make a page or the walk fail: it is left out, and logged once.
 */
final class TokenWalk {

    private static final Logger log = LoggerFactory.getLogger(JdbcTokenStore.class);
    private static final int MAX_NAMED = 1_000;
    private static final String PURGE = "purge tokens";

    private final Transactions transactions;
    private final UsesTable uses;
    private final Set<String> named = ConcurrentHashMap.newKeySet();

    TokenWalk(Transactions transactions, UsesTable uses) {
        this.transactions = transactions;
        this.uses = uses;
    }

    TokenPage list(Owner owner, @Nullable TokenId after, int limit) {
        return page("list tokens", after, limit, (walk, from) -> walk.list(owner.value(), from, limit));
    }

    TokenPage scan(@Nullable TokenId after, int limit) {
        return page("scan tokens", after, limit, (walk, from) -> walk.scan(from, limit));
    }

    private interface Rows {
        List<WalkStatements.Row> after(WalkStatements walk, String from);
    }

    private TokenPage page(String operation, @Nullable TokenId after, int limit, Rows rows) {
        if (limit < 1 || limit > TokenStore.MAX_PAGE) {
            throw new IllegalArgumentException("limit must be 1 to " + TokenStore.MAX_PAGE);
        }
        return transactions.readByHandle(operation, attempt -> {
            WalkStatements walk = statements(attempt);
            List<Token> tokens = new ArrayList<>();
            String from = orBeforeTheFirst(after);
            Optional<TokenId> last;
            do {
                last = Optional.empty();
                List<WalkStatements.Row> found = rows.after(walk, from);
                for (WalkStatements.Row row : found) {
                    Optional<TokenId> id = TokenId.of(row.id());
                    if (row.token() == null) {
                        leaveOut(row.id(), id);
                    } else {
                        tokens.add(row.token());
                    }
                    last = id.isPresent() ? id : last;
                    from = row.id();
                }
                if (found.size() < limit) {
                    return new TokenPage(tokens, null);
                }
            } while (last.isEmpty()); // There is no place to continue from: no id of the page is valid.
            return new TokenPage(tokens, last.get());
        });
    }

    private void leaveOut(String id, Optional<TokenId> valid) {
        if (named.size() < MAX_NAMED && named.add(id)) {
            log.warn(
                    "left out a row that is not a token to this node: {}",
                    valid.map(TokenId::value).orElse("its id is not valid"));
        }
    }

    PurgePage purge(Instant endedBefore, @Nullable TokenId after, int maxExamined) {
        Transactions.Work<PurgePage> removal = attempt -> {
            WalkStatements walk = statements(attempt);
            int removed = 0;
            String from = orBeforeTheFirst(after);
            do {
                WalkStatements.Page page = walk.page(from, maxExamined);
                if (page.last() != null) {
                    removed += walk.removeEnded(from, page.last(), endedBefore);
                    from = page.last();
                }
                if (page.size() < maxExamined) {
                    return new PurgePage(removed, null);
                }
            } while (TokenId.of(from).isEmpty());
            return new PurgePage(removed, new TokenId(from));
        };
        if (transactions.inHostTransaction()) {
            // The host's snapshot may not show a token whose use it shows.
            return transactions.writeByHandle(PURGE, removal);
        }
        Transactions.Steps steps = transactions.steps(PURGE);
        PurgePage page = steps.writeByHandle(removal);
        uses.forget(steps, orBeforeTheFirst(after), page.resumeAfter());
        return page;
    }

    static WalkStatements statements(Attempt attempt) throws SQLException {
        return attempt.handle().attach(WalkStatements.class);
    }

    private static String orBeforeTheFirst(@Nullable TokenId after) {
        return after == null ? WalkStatements.BEFORE_THE_FIRST_ID : after.value();
    }
}
