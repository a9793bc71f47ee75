package io.tokenstore.jdbc;

import java.sql.SQLException;
import java.util.Objects;

/**
 * Copies exceptions without their texts.
 *
 * <p>After a write, the text of a database or its driver may show the whole row, including the hash. Class, SQLState, vendor
 * code and stack trace stay, and so do copies of the causes and of the next and suppressed exceptions.
 */
final class Redaction {

    /** More causes than any driver nests; a circle of causes ends here. */
    private static final int MAX_DEPTH = 10;

    private Redaction() {}

    static SQLException of(Throwable thrown) {
        return copy(thrown, MAX_DEPTH);
    }

    private static SQLException copy(Throwable thrown, int depth) {
        SQLException known = Objects.requireNonNullElseGet(Failure.sqlException(thrown), SQLException::new);
        String text = "%s (SQLState %s, vendor code %s; its text is left out, since it may show a token's hash)"
                .formatted(thrown.getClass().getName(), known.getSQLState(), known.getErrorCode());
        SQLException copy = new SQLException(text, known.getSQLState(), known.getErrorCode());
        copy.setStackTrace(thrown.getStackTrace());
        if (depth > 0) {
            if (thrown.getCause() != null) {
                copy.initCause(copy(thrown.getCause(), depth - 1));
            }
            if (thrown == known && known.getNextException() != null) {
                copy.setNextException(copy(known.getNextException(), depth - 1));
            }
            for (Throwable suppressed : thrown.getSuppressed()) {
                copy.addSuppressed(copy(suppressed, depth - 1));
            }
        }
        return copy;
    }
}
