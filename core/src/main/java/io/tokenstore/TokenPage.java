package io.tokenstore;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a user's tokens.
 *
 * @param tokens in the order of their ids
 * @param next what to ask the next page after; null where there is none; a page that is full may have
 *     an empty one after it
 */
public record TokenPage(List<TokenSummary> tokens, @Nullable String next) {

    /**
     * Creates a page with a copy of the list.
     *
     * @param tokens the component of that name
     * @param next the component of that name
     * @throws NullPointerException if {@code tokens} is null
     */
    public TokenPage {
        tokens = List.copyOf(tokens);
    }
}
