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

/** Keeps the last use of each token in a table beside that of the tokens. */
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

    /** Forgets uses of tokens that are gone, also such as were written after a purge; the rest of many waits for the next walk. */
    void forget(Transactions.Steps steps, String after, @Nullable TokenId last, int atMost) {
        String upTo = last == null ? LAST_ID : last.value();
        List<String> gone;
        int forgotten = 0;
        do {
            gone = steps.read(
                    attempt -> statements.withoutToken(attempt.connection(), after, upTo, TokenStore.MAX_PAGE));
            if (!gone.isEmpty()) {
                List<String> page = gone;
                steps.write(attempt -> statements.forget(attempt.connection(), page));
            }
            forgotten += gone.size();
        } while (gone.size() == TokenStore.MAX_PAGE && forgotten < atMost);
    }
}
