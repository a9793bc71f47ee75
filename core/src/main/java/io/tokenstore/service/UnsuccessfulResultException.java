package io.tokenstore.service;

import io.tokenstore.NotSerializable;

/** Thrown by {@link Result#orElseThrow} for an answer other than OK, so that a host's transaction rolls back. */
public final class UnsuccessfulResultException extends RuntimeException implements NotSerializable {

    private static final long serialVersionUID = 1L;

    /** The answer's status. */
    private final Status status;

    private final transient ErrorResponse error;

    UnsuccessfulResultException(Result<?> result) {
        super(result.status().name(), result.cause().orElse(null));
        this.status = result.status();
        this.error = result.error().orElseThrow();
    }

    /** {@return any status but OK} */
    public Status status() {
        return status;
    }

    /** {@return what a JSON library writes as the contract's error} */
    public ErrorResponse error() {
        return error;
    }
}
