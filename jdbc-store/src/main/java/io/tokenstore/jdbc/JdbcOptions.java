package io.tokenstore.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A host's options for a {@link JdbcTokenStore}: the table and the deadlines.
 *
 * @param table the table, with an optional schema before a dot: each part a letter or underscore, then letters, digits and
 *     underscores of ASCII, 1 to 40 characters; written into the SQL unchanged, so the database folds its case as usual
 * @param deadline how long one call may take in all on the store's own connection, including repetitions; more than zero, at
 *     most an hour. The pool limits the wait for a connection: give it a shorter limit
 * @param readDeadline the same for a call that only reads, if it is shorter than {@code deadline}
 */
public record JdbcOptions(String table, Duration deadline, Duration readDeadline) {

    private static final Pattern TABLE =
            Pattern.compile("(?:[A-Za-z_][A-Za-z0-9_]{0,39}\\.)?[A-Za-z_][A-Za-z0-9_]{0,39}");
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final JdbcOptions DEFAULTS =
            new JdbcOptions("access_tokens", Duration.ofSeconds(10), Duration.ofSeconds(2));

    /**
     * Creates options.
     *
     * @param table the component of that name
     * @param deadline the component of that name
     * @param readDeadline the component of that name
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if an argument breaks its rule
     */
    public JdbcOptions {
        if (!TABLE.matcher(table).matches()) {
            throw new IllegalArgumentException(
                    "the table must be an identifier of 1 to 40 ASCII letters, digits and"
                            + " underscores that does not begin with a digit, with an optional schema of the same form before a dot");
        }
        for (Duration each : List.of(deadline, readDeadline)) {
            if (each.isZero() || each.isNegative() || each.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("a deadline must be more than zero and at most an hour");
            }
        }
    }

    /**
     * Returns the table {@code access_tokens} with a deadline of ten seconds, and of two seconds for reads.
     *
     * @return the defaults
     */
    public static JdbcOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Returns these options with another table.
     *
     * @param newTable the table
     * @return the options
     * @throws NullPointerException if {@code newTable} is null
     * @throws IllegalArgumentException if it breaks its rule
     */
    public JdbcOptions withTable(String newTable) {
        return new JdbcOptions(newTable, deadline, readDeadline);
    }

    /**
     * Returns these options with another deadline.
     *
     * @param newDeadline the deadline
     * @return the options
     * @throws NullPointerException if {@code newDeadline} is null
     * @throws IllegalArgumentException if it breaks its rule
     */
    public JdbcOptions withDeadline(Duration newDeadline) {
        return new JdbcOptions(table, newDeadline, readDeadline);
    }

    /**
     * Returns these options with another deadline for reads.
     *
     * @param newReadDeadline the deadline for reads
     * @return the options
     * @throws NullPointerException if {@code newReadDeadline} is null
     * @throws IllegalArgumentException if it breaks its rule
     */
    public JdbcOptions withReadDeadline(Duration newReadDeadline) {
        return new JdbcOptions(table, deadline, newReadDeadline);
    }
}
