package io.tokenstore.service;

import io.tokenstore.Violation;
import java.util.List;
import java.util.Objects;

/**
 * The body of every answer but OK: any JSON library that writes records writes it as the OpenAPI schema {@code Error}.
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
     * Returns the body for a status, as {@link Result#error()} has it: for what a host refuses before it asks a service,
     * such as a request that can't be read, and for what fails afterwards, such as its commit.
     *
     * @param status any status but OK
     * @param issues what was wrong with the input; empty for any other status
     * @return the body
     * @throws NullPointerException if an argument or an issue is null
     * @throws IllegalArgumentException if {@code status} is {@link Status#OK}
     */
    public static ErrorResponse of(Status status, List<Violation> issues) {
        if (status == Status.OK) {
            throw new IllegalArgumentException("OK is no error");
        }
        return new ErrorResponse(status.message(), status.name(), issues);
    }
}
