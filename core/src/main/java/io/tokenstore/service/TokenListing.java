package io.tokenstore.service;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of an owner's tokens, as their owner or an administrator sees them.
 *
 * @param tokens in the order of their ids
 * @param next the {@code after} of the next page; null if this is the last page; a short or empty page need not be the last
 */
public record TokenListing(
        List<TokenSummary> tokens, @Nullable String next) {

    /**
     * Creates a page with a copy of the list.
     *
     * @param tokens the component of that name
     * @param next the component of that name
     * @throws NullPointerException if {@code tokens} or one of them is null
     */
    public TokenListing {
        tokens = List.copyOf(tokens);
    }
}
