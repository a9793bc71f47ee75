package io.tokenstore.jdbc;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adds tokens by statements of many rows, and finds out what a duplicate means after an answer was lost. */
final class TokenAddition {

    private static final int ROWS_A_STATEMENT = 250;

    private final Transactions transactions;
    private final TokenStatements statements;

    TokenAddition(Transactions transactions, TokenStatements statements) {
        this.transactions = transactions;
        this.statements = statements;
    }

    void add(String operation, List<Token> tokens) {
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
            if (!attempt.mayBeApplied() || !areKept(attempt, tokens)) {
                throw e;
            }
            statements.rewrite(attempt.connection(), tokens.get(0).id().value());
        }
        return true;
    }

    /** Whether the rows are those of an earlier attempt; a failure to see them is one of the add, which may be applied. */
    private boolean areKept(Attempt attempt, List<Token> tokens) throws SQLException {
        Connection connection = attempt.connection();
        if (!connection.getAutoCommit()) {
            // PostgreSQL answers nothing more in a transaction whose INSERT failed.
            connection.rollback();
        }
        Map<TokenId, Token> kept =
                statements.findAll(connection, tokens.stream().map(Token::id).toList());
        return tokens.stream().allMatch(token -> isOf(token, kept.get(token.id())));
    }

    /** Whether a row is that of a token, which others may have activated or revoked since. */
    private static boolean isOf(Token token, @Nullable Token kept) {
        return kept != null
                && kept.toBuilder()
                        .predecessor(token.predecessor())
                        .revocation(token.revocation())
                        .build()
                        .equals(token);
    }
}
