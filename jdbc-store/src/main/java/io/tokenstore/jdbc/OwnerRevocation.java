package io.tokenstore.jdbc;

import io.tokenstore.Revocation;
import java.sql.SQLException;

/**
 * Revokes all of an owner's tokens in passes, until a fresh look finds no live token.
 *
 * <p>One pass is not enough: under READ COMMITTED a statement misses a row that was inserted after its snapshot, and such a row
 * may have become valid because the statement revoked its predecessor.
 */
final class OwnerRevocation {

    /** Small enough that others can wait for a page, and large enough that a million tokens fit into a few deadlines. */
    static final int PAGE = 5_000;

    private static final String LAST_ID = "~".repeat(255);

    private static final String OPERATION = "revoke an owner's tokens";

    private final Transactions transactions;
    private final TokenStatements statements;

    OwnerRevocation(Transactions transactions, TokenStatements statements) {
        this.transactions = transactions;
        this.statements = statements;
    }

    /** Returns how many of the owner's tokens carry the revocation in the end. */
    int revokeAll(String owner, Revocation revocation) {
        return transactions.inHostTransaction()
                ? transactions.write(OPERATION, attempt -> inHostTransaction(attempt, owner, revocation))
                : inPages(owner, revocation);
    }

    /** Looks by writing: a SELECT may still show a snapshot in which a token is live, though others have revoked it since. */
    private int inHostTransaction(Attempt attempt, String owner, Revocation revocation) throws SQLException {
        int revoked = 0;
        int more = statements.revokeAll(attempt.connection(), owner, revocation);
        while (more > 0) {
            revoked += more;
            more = statements.revokeLive(
                    attempt.connection(), owner, WalkStatements.BEFORE_THE_FIRST_ID, LAST_ID, revocation);
        }
        return revoked;
    }

    private int inPages(String owner, Revocation revocation) {
        Transactions.Steps steps = transactions.steps(OPERATION);
        boolean found;
        do {
            found = pass(steps, owner, revocation);
        } while (found);
        return steps.writeByHandle(attempt -> {
            WalkStatements.Page done = TokenWalk.statements(attempt).revokedBy(owner, Sql.bytes(revocation.id()));
            if (done.last() != null) {
                // The commit of this write confirms earlier calls, and a page whose commit was in doubt.
                statements.rewrite(attempt.connection(), done.last());
            }
            return done.size();
        });
    }

    /** Revokes page by page; returns whether there was a live token. */
    private boolean pass(Transactions.Steps steps, String owner, Revocation revocation) {
        boolean found = false;
        WalkStatements.Page page = new WalkStatements.Page(WalkStatements.BEFORE_THE_FIRST_ID, 0);
        do {
            String after = page.last();
            page = steps.writeByHandle(attempt -> revokePage(attempt, owner, after, revocation));
            found |= page.size() > 0;
        } while (page.size() == PAGE);
        return found;
    }

    /** Returns the page of live tokens; others may have been first to revoke them. */
    private WalkStatements.Page revokePage(Attempt attempt, String owner, String after, Revocation revocation)
            throws SQLException {
        WalkStatements.Page live = TokenWalk.statements(attempt).pageOfLive(owner, after, PAGE);
        if (live.last() != null) {
            statements.revokeLive(attempt.connection(), owner, after, live.last(), revocation);
        }
        return live;
    }
}
