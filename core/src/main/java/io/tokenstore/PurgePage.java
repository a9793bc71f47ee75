package io.tokenstore;

import org.jspecify.annotations.Nullable;

/**
 * What one step of a purge did.
 *
 * @param removed how many tokens it removed, 0 or more
 * @param resumeAfter the {@code after} of the next step, whether that token is kept or not; null at the end of the walk
 */
public record PurgePage(int removed, @Nullable TokenId resumeAfter) {

    /**
     * Creates a page.
     *
     * @param removed the component of that name
     * @param resumeAfter the component of that name
     * @throws IllegalArgumentException if {@code removed} is negative
     */
    public PurgePage {
        if (removed < 0) {
            throw new IllegalArgumentException("removed must not be negative");
        }
    }
}
