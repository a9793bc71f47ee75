package io.tokenstore.jdbc;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Adds tokens by statements of many rows, and finds out what a duplicate means after a lost answer. */
final class TokenAddition {

    private static final int ROWS_A_STATEMENT = 250;

    private final Transactions transactions;
    private final TokenStatements statements;

    TokenAddition(Transactions transactions, TokenStatements statements) {
        this.transactions = transactions;
        this.statements = statements;
    }

    /** Adds in the order of the ids, so that no two calls wait for each other; over shards nobody would detect that. */
    void add(String operation, List<Token> given) {
        List<Token> tokens =
                given.stream().sorted(Comparator.comparing(Token::id)).toList();
        boolean inHostTransaction = transactions.inHostTransaction();
        Transactions.Steps steps = transactions.steps(operation);
        for (int from = 0; from < tokens.size(); from += ROWS_A_STATEMENT) {
            List<Token> rows = tokens.subList(from, Math.min(from + ROWS_A_STATEMENT, tokens.size()));
            Transactions.Work<Boolean> insertion = attempt -> insert(attempt, rows);
            if (inHostTransaction) {
                transactions.write(operation, insertion);
            } else {
                steps.write(insertion);
            }
        }
    }

    private boolean insert(Attempt attempt, List<Token> tokens) throws SQLException {
        try {
            statements.insert(attempt.connection(), tokens);
        } catch (DuplicateTokenException e) {
            if (!attempt.mayBeApplied()) {
                throw e;
            }
            Map<TokenId, Token> kept = kept(attempt, tokens);
            if (kept.isEmpty()
                    || !tokens.stream().allMatch(token -> isOf(token, kept.getOrDefault(token.id(), token)))) {
                throw e;
            }
            List<Token> missing = tokens.stream()
                    .filter(token -> !kept.containsKey(token.id()))
                    .toList();
            if (!missing.isEmpty()) {
                // Over shards a commit may keep only a part of the rows. Elsewhere the rows are another call's, or one
                // was purged since.
                if (!statements.commitsInParts(attempt.connection())) {
                    throw e;
                }
                statements.insert(attempt.connection(), missing);
            }
            statements.rewrite(
                    attempt.connection(), Collections.min(kept.keySet()).value());
        }
        return true;
    }

    /** Returns the rows of an earlier attempt, or of another call. If this fails, the add fails and may have been applied. */
    private Map<TokenId, Token> kept(Attempt attempt, List<Token> tokens) throws SQLException {
        Connection connection = attempt.connection();
        if (!connection.getAutoCommit()) {
            // PostgreSQL refuses everything else in a transaction whose INSERT failed.
            connection.rollback();
        }
        return statements.findAll(connection, tokens.stream().map(Token::id).toList());
    }

    /** Whether a row is that of a token, even if others have activated or revoked it since. */
    private static boolean isOf(Token token, Token kept) {
        return kept.toBuilder()
                .predecessor(token.predecessor())
                .revocation(token.revocation())
                .build()
                .equals(token);
    }
}
