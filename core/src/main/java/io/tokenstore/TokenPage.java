package io.tokenstore;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a walk over a store: an unmodifiable snapshot of some tokens, and where to go on.
 *
 * <p>A page that is short, or even empty, is not the end of the walk: only {@code resumeAfter} tells.
 *
 * @param tokens the tokens, unmodifiable
 * @param resumeAfter what to hand to the next call as {@code after}, kept or not; null at the end of the walk
 */
public record TokenPage(List<Token> tokens, @Nullable TokenId resumeAfter) implements NotSerializable {

    /**
     * Creates a page with a copy of the list.
     *
     * @param tokens the component of that name
     * @param resumeAfter the component of that name
     * @throws NullPointerException if {@code tokens} or one of them is null
     */
    public TokenPage {
        tokens = List.copyOf(tokens);
    }
}
