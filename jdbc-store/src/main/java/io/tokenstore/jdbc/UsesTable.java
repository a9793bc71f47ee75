package io.tokenstore.jdbc;

import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenUses;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Keeps the last use of each token in a table beside the tokens' table. */
final class UsesTable implements TokenUses {

    private static final String LAST_ID = "~".repeat(255);

    private final Transactions transactions;
    private final UseStatements statements;

    UsesTable(Transactions transactions, UseStatements statements) {
        this.transactions = transactions;
        this.statements = statements;
    }

    @Override
    public void record(Map<TokenId, Instant> uses) {
        TokenStatements.requireAtMostOnePage(uses.size());
        TreeMap<TokenId, Instant> given = new TreeMap<>(Map.copyOf(uses));
        if (transactions.inHostTransaction()) {
            throw new IllegalStateException("uses are not recorded within the host's transaction, which would lock them"
                    + " until it ends: flush outside of it");
        }
        if (!given.isEmpty()) {
            transactions.write("record uses", attempt -> {
                statements.record(attempt.connection(), given);
                return true;
            });
        }
    }

    @Override
    public Map<TokenId, Instant> lastUses(Collection<TokenId> ids) {
        List<TokenId> all = List.copyOf(ids);
        TokenStatements.requireAtMostOnePage(all.size());
        return all.isEmpty()
                ? Map.of()
                : transactions.read("read uses", attempt -> statements.lastUses(attempt.connection(), all));
    }

    /**
     * Deletes the uses of all tokens in a range that are gone.
     *
     * <p>This purge removed some of these tokens. An earlier purge removed the others, and their uses were written after it.
     * There is no limit, because the others could exhaust it.
     */
    void forget(Transactions.Steps steps, String after, @Nullable TokenId last) {
        String upTo = last == null ? LAST_ID : last.value();
        String from = after;
        List<String> gone;
        do {
            String behind = from;
            gone = steps.read(
                    attempt -> statements.withoutToken(attempt.connection(), behind, upTo, TokenStore.MAX_PAGE));
            if (!gone.isEmpty()) {
                List<String> page = gone;
                steps.write(attempt -> statements.forget(attempt.connection(), page));
                from = gone.get(gone.size() - 1);
            }
        } while (gone.size() == TokenStore.MAX_PAGE);
    }
}
