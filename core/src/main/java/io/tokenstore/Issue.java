package io.tokenstore;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One rule that an input violates, as the {@code issues} of the OpenAPI schema {@code Error} list it.
 *
 * @param message names the rule; never repeats the input
 */
public record Issue(String message) {

    /**
     * Creates an issue.
     *
     * @param message the component of that name
     * @throws NullPointerException if {@code message} is null
     */
    public Issue {
        Objects.requireNonNull(message, "message");
    }

    /** Returns all issues of both lists, in this order; no list is made where one of them is empty. */
    static List<Issue> joined(List<Issue> first, List<Issue> second) {
        if (first.isEmpty() || second.isEmpty()) {
            return first.isEmpty() ? second : first;
        }
        List<Issue> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
