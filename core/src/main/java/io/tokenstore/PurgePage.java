package io.tokenstore;

import org.jspecify.annotations.Nullable;

/**
 * What one step of a purge did.
 *
 * @param removed how many tokens it removed, 0 or more
 * @param last the last token it examined, from where the next step goes on; null where it found fewer than it was to
 *     examine, so that the walk is over
 */
public record PurgePage(int removed, @Nullable TokenId last) {

    /**
     * Creates a page.
     *
     * @param removed the component of that name
     * @param last the component of that name
     * @throws IllegalArgumentException if {@code removed} is negative
     */
    public PurgePage {
        if (removed < 0) {
            throw new IllegalArgumentException("removed must not be negative");
        }
    }
}
