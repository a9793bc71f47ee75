package io.tokenstore;

import java.util.Objects;

/**
 * One rule that an input violates, as the {@code issues} of the OpenAPI schema {@code Error} list it.
 *
 * @param message names the rule; never repeats the input
 */
public record Violation(String message) {

    /**
     * Creates a violation.
     *
     * @param message the component of that name
     * @throws NullPointerException if {@code message} is null
     */
    public Violation {
        Objects.requireNonNull(message, "message");
    }
}
