package io.tokenstore;

/** Thrown by {@link TokenStore#add} if the store already keeps a token with this id; nothing was written. */
public final class DuplicateTokenException extends TokenStoreException {

    private static final long serialVersionUID = 1L;

    /** Creates an exception. It does not name the token and has no cause, because a database's message may show the row. */
    public DuplicateTokenException() {
        super("a token with this id is kept already", Applied.NO, null);
    }
}
