package io.tokenstore.jdbc.database;

/** Where a request is lost, which decides whether the database applied it. */
public enum Fault {

    /** The connection is cut and the database never sees the request. */
    CUT_REQUEST,

    /** The database answers the request, and the connection is cut instead of delivering the answer. */
    CUT_REPLY,

    /** The request is kept back and the connection stays open. */
    HANG_REQUEST,

    /** The database answers the request, the answer is kept back, and the connection stays open. */
    HANG_REPLY
}
