package io.tokenstore.service;

import io.tokenstore.Violation;
import java.util.List;
import java.util.Objects;

/**
 * The body of every answer except OK. Any JSON library that supports records writes it as the OpenAPI schema {@code Error}.
 *
 * @param message the error in words
 * @param code the error as a constant: the name of its {@link Status}
 * @param issues what was wrong with the input; empty unless the status is {@link Status#BAD_REQUEST}
 */
public record ErrorResponse(String message, String code, List<Violation> issues) {

    /**
     * Creates a body with a copy of the issues.
     *
     * @param message the component of that name
     * @param code the component of that name
     * @param issues the component of that name
     * @throws NullPointerException if an argument or an issue is null
     */
    public ErrorResponse {
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(code, "code");
        issues = List.copyOf(issues);
    }

    /**
     * Returns the body for a status, as {@link Result#error()} does.
     *
     * <p>It is for what a host refuses before it asks a service, such as an unreadable request, and for what fails afterwards,
     * such as the host's commit.
     *
     * @param status any status except OK
     * @param issues what was wrong with the input; empty for any other status
     * @return the body
     * @throws NullPointerException if an argument or an issue is null
     * @throws IllegalArgumentException if {@code status} is {@link Status#OK}
     */
    public static ErrorResponse of(Status status, List<Violation> issues) {
        if (status == Status.OK) {
            throw new IllegalArgumentException("OK is not an error");
        }
        return new ErrorResponse(status.message(), status.name(), issues);
    }
}
