package io.tokenstore.jdbc.migration;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

// tag::import[]
/**
 * Keeps the tokens of an older scheme. It may be repeated, whatever ended it: what is kept already stays as it is. What was
 * purged or erased since comes back, so do neither before the last repetition.
 */
final class TokenImport {

    /** Is told of each row that is not kept: its number from 1 on, and which rules it breaks, never what is in it. */
    interface Report {
        void rejected(long row, List<String> rules);
    }

    private record Numbered(long row, Token token) {}

    private final TokenStore store;
    private final Report report;
    private final Map<TokenId, Numbered> batch = new LinkedHashMap<>();
    private long rows;
    private long kept;

    TokenImport(TokenStore store, Report report) {
        this.store = store;
        this.report = report;
    }

    void add(ExportedToken exported) {
        rows++;
        List<String> broken = new ArrayList<>();
        Token token = exported.toToken(broken);
        if (!broken.isEmpty()) {
            report.rejected(rows, broken);
            return;
        }
        if (batch.size() == TokenStore.MAX_PAGE || batch.containsKey(token.id())) {
            keep();
        }
        batch.put(token.id(), new Numbered(rows, token));
    }

    /** Ends the import, and returns how many rows are tokens of the store now. */
    long finish() {
        keep();
        return kept;
    }

    private void keep() {
        Map<TokenId, Token> there = Map.of();
        try {
            store.addAll(tokensBut(there));
        } catch (DuplicateTokenException e) { // Some are kept already, by an earlier run or for another row.
            there = store.findAll(batch.keySet());
            store.addAll(tokensBut(there));
        }
        for (Numbered each : batch.values()) {
            Token before = there.getOrDefault(each.token().id(), each.token());
            if (before.withRevocation(null).equals(each.token())) { // It may have been revoked here since.
                kept++;
            } else {
                report.rejected(each.row(), List.of("another token has this id"));
            }
        }
        batch.clear();
    }

    private List<Token> tokensBut(Map<TokenId, Token> there) {
        return batch.values().stream()
                .map(Numbered::token)
                .filter(token -> !there.containsKey(token.id()))
                .toList();
    }
}
// end::import[]
