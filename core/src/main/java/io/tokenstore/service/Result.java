package io.tokenstore.service;

import io.tokenstore.NotSerializable;
import io.tokenstore.Violation;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a service: a status, and either a value or an error. Immutable.
 *
 * <p>If there is an {@link #error()}, the host writes it to its client; otherwise it writes what its API says, such as an empty
 * object for a revocation. A JSON library that is given the result itself fails.
 *
 * @param <T> what an OK answer holds
 */
public final class Result<T> implements NotSerializable {

    private final Object unwritable = UNWRITABLE;
    private final Status status;
    private final T value;
    private final List<Violation> violations;
    private final @Nullable RuntimeException cause;
    private final @Nullable String missingScope;

    private Result(
            Status status,
            @Nullable T value,
            List<Violation> violations,
            @Nullable RuntimeException cause,
            @Nullable String missingScope) {
        this.status = status;
        this.value = value;
        this.violations = List.copyOf(violations);
        this.cause = cause;
        this.missingScope = missingScope;
    }

    static <T> Result<T> ok(T value) {
        return new Result<>(Status.OK, value, List.of(), null, null);
    }

    static <T> Result<T> refused(Status status) {
        return new Result<>(status, null, List.of(), null, null);
    }

    static <T> Result<T> badRequest(List<Violation> violations) {
        return new Result<>(Status.BAD_REQUEST, null, violations, null, null);
    }

    /** Refuses because the caller's token lacks a scope; null if no scope would help. */
    static <T> Result<T> lackingScope(@Nullable String scope) {
        return new Result<>(Status.FORBIDDEN, null, List.of(), null, scope);
    }

    /** A store written in another language can throw checked exceptions too. */
    static <T> Result<T> failed(Exception cause) {
        RuntimeException unchecked =
                cause instanceof RuntimeException runtime ? runtime : new UndeclaredThrowableException(cause);
        return new Result<>(Status.INTERNAL_SERVER_ERROR, null, List.of(), unchecked, null);
    }

    /** Returns this answer with another value, if it has one. */
    <R> Result<R> map(Function<? super T, ? extends R> mapper) {
        return status == Status.OK
                ? ok(mapper.apply(value))
                : new Result<>(status, null, violations, cause, missingScope);
    }

    /** {@return the status, one of the operation's six} */
    public Status status() {
        return status;
    }

    /**
     * Returns what an OK answer holds.
     *
     * @return the value
     * @throws IllegalStateException unless the status is {@link Status#OK}
     */
    public T value() {
        if (status != Status.OK) {
            throw new IllegalStateException("there is no value: " + status);
        }
        return value;
    }

    /** {@return the error; empty if the status is {@link Status#OK}} */
    public Optional<ErrorResponse> error() {
        return status == Status.OK ? Optional.empty() : Optional.of(ErrorResponse.of(status, violations));
    }

    /**
     * Returns the exception behind {@link Status#INTERNAL_SERVER_ERROR}, which the policy or the store threw. It is for the
     * host, not for its client, and has been logged.
     *
     * @return the exception, a checked one wrapped in an {@link UndeclaredThrowableException}; or empty
     */
    public Optional<RuntimeException> cause() {
        return Optional.ofNullable(cause);
    }

    /**
     * Returns the scope that the caller's token lacks: the {@code scope} of a challenge with {@code insufficient_scope} (RFC
     * 6750, section 3).
     *
     * @return the scope; empty if the status is not {@link Status#FORBIDDEN}, or no scope would help
     */
    public Optional<String> missingScope() {
        return Optional.ofNullable(missingScope);
    }

    /**
     * Returns the value or throws. A host calls this inside its own transaction, so that every answer except OK rolls it back.
     *
     * @return the value
     * @throws UnsuccessfulResultException unless the status is {@link Status#OK}
     */
    public T orElseThrow() {
        if (status != Status.OK) {
            throw new UnsuccessfulResultException(this);
        }
        return value();
    }

    /** Returns the status alone. */
    @Override
    public String toString() {
        return "Result[" + status + "]";
    }
}
