package io.tokenstore;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a service: a status, and either a value or an error. Immutable.
 *
 * <p>A host writes {@link #body()} to its client; a JSON library that is handed the result itself fails.
 *
 * @param <T> what an OK answer holds
 */
public final class Result<T extends @Nullable Object> implements Unserializable {

    private final Status status;
    private final T value;
    private final List<Issue> issues;
    private final @Nullable RuntimeException cause;

    private Result(Status status, @Nullable T value, List<Issue> issues, @Nullable RuntimeException cause) {
        this.status = status;
        this.value = value;
        this.issues = List.copyOf(issues);
        this.cause = cause;
    }

    static <T extends @Nullable Object> Result<T> ok(T value) {
        return new Result<>(Status.OK, value, List.of(), null);
    }

    static <T extends @Nullable Object> Result<T> refused(Status status) {
        return new Result<>(status, null, List.of(), null);
    }

    static <T extends @Nullable Object> Result<T> badRequest(List<Issue> issues) {
        return new Result<>(Status.BAD_REQUEST, null, issues, null);
    }

    /** A store written in another language, or with a sleight of hand, throws checked exceptions too. */
    static <T extends @Nullable Object> Result<T> failed(Exception cause) {
        RuntimeException unchecked =
                cause instanceof RuntimeException runtime ? runtime : new UndeclaredThrowableException(cause);
        return new Result<>(Status.INTERNAL_SERVER_ERROR, null, List.of(), unchecked);
    }

    /** Returns this answer with another value, where it has one. */
    <R extends @Nullable Object> Result<R> map(Function<? super T, ? extends R> mapper) {
        return status == Status.OK ? ok(mapper.apply(value)) : new Result<>(status, null, issues, cause);
    }

    /**
     * Returns the status.
     *
     * @return one of the operation's six
     */
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

    /**
     * Returns the error, where the status is not {@link Status#OK}.
     *
     * @return the error, or empty
     */
    public Optional<ErrorResponse> error() {
        return status == Status.OK ? Optional.empty() : Optional.of(ErrorResponse.of(status, issues));
    }

    /**
     * Returns what the policy or the store threw, where the status is {@link Status#INTERNAL_SERVER_ERROR}; it is for
     * the host, not for its client, and has been logged.
     *
     * @return the exception, a checked one wrapped in an {@link UndeclaredThrowableException}; or empty
     */
    public Optional<RuntimeException> cause() {
        return Optional.ofNullable(cause);
    }

    /**
     * Returns the body of the response to {@code users-deleteToken}, for a JSON library to write; an OK answer to any other
     * question has its body in {@link #value()}.
     *
     * @return an empty map, <code>{}</code>, for OK; else the {@link ErrorResponse}
     */
    public Object body() {
        return error().<Object>map(error -> error).orElse(Map.of());
    }

    /**
     * Returns the value or throws: what a host calls inside a transaction of its own, so that every other answer rolls it
     * back.
     *
     * @return the value
     * @throws TokenOperationException unless the status is {@link Status#OK}
     */
    public T orElseThrow() {
        if (status != Status.OK) {
            throw new TokenOperationException(this);
        }
        return value();
    }

    /** Returns the status alone. */
    @Override
    public String toString() {
        return "Result[" + status + "]";
    }
}
