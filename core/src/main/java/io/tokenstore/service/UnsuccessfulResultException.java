package io.tokenstore.service;

import io.tokenstore.NotSerializable;
import java.util.Optional;

/** Thrown by {@link Result#orElseThrow} for an answer other than OK, so that the host's transaction rolls back. */
public final class UnsuccessfulResultException extends RuntimeException implements NotSerializable {

    private static final long serialVersionUID = 1L;

    /** The answer's status. */
    private final Status status;

    private final transient ErrorResponse error;
    private final transient Optional<String> missingScope;

    UnsuccessfulResultException(Result<?> result) {
        super(result.status().name(), result.cause().orElse(null));
        this.status = result.status();
        this.error = result.error().orElseThrow();
        this.missingScope = result.missingScope();
    }

    /** {@return any status except OK} */
    public Status status() {
        return status;
    }

    /** {@return the error, for the client} */
    public ErrorResponse error() {
        return error;
    }

    /** {@return the scope that the caller's token lacks, as {@link Result#missingScope()} returns it} */
    public Optional<String> missingScope() {
        return missingScope;
    }
}
