package io.tokenstore;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a walk over a store: an unmodifiable snapshot of some tokens, and where to continue.
 *
 * <p>A short or even empty page does not mean the end of the walk: only a null {@code resumeAfter} does.
 *
 * @param tokens the tokens, unmodifiable
 * @param resumeAfter the {@code after} of the next call, whether that token is kept or not; null at the end of the walk
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
