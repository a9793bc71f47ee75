package io.tokenstore.service;

/** The six answers of the OpenAPI operation {@code users-deleteToken}; a constant's name is its error code. */
public enum Status {
    /** Done. */
    OK(200, "OK"),
    /** The input breaks a rule; the issues say which. */
    BAD_REQUEST(400, "Bad Request"),
    /** The caller is anonymous. */
    UNAUTHORIZED(401, "Invalid Credentials"),
    /** The caller is known and may not do this. */
    FORBIDDEN(403, "Unauthorized"),
    /** The user has no such token, or it is already revoked. */
    NOT_FOUND(404, "Not Found"),
    /** The policy or the store failed. */
    INTERNAL_SERVER_ERROR(500, "Internal Error");

    private final int code;
    private final String message;

    Status(int code, String message) {
        this.code = code;
        this.message = message;
    }

    /** {@return the HTTP status code (RFC 9110, section 15)} */
    public int code() {
        return code;
    }

    String message() {
        return message;
    }
}
