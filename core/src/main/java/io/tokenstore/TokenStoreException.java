package io.tokenstore;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Thrown if a {@link TokenStore} could not carry out a call; tells whether the call may have had its effect. */
public class TokenStoreException extends RuntimeException implements NotSerializable {

    private static final long serialVersionUID = 1L;

    /** Whether a call that failed was applied. */
    public enum Applied {
        /** Certainly not: nothing was written. */
        NO,
        /** Perhaps: repeat the same call to be sure. */
        UNKNOWN
    }

    /** Whether the call was applied. */
    private final Applied applied;

    /**
     * Creates an exception.
     *
     * @param message what failed; must not hold a secret, a hash or anything that a caller passed in
     * @param applied whether the call may have had its effect
     * @param cause the cause, or null
     * @throws NullPointerException if {@code message} or {@code applied} is null
     */
    public TokenStoreException(String message, Applied applied, @Nullable Throwable cause) {
        super(Objects.requireNonNull(message, "message"), cause);
        this.applied = Objects.requireNonNull(applied, "applied");
    }

    /**
     * Returns whether the call that failed may have had its effect.
     *
     * @return {@code NO} or {@code UNKNOWN}
     */
    public Applied applied() {
        return applied;
    }
}
