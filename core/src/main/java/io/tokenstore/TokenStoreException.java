package io.tokenstore;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Thrown by a {@link TokenStore} that could not carry out a call; tells whether the call may have had its effect. */
public class TokenStoreException extends RuntimeException implements NotSerializable {

    private static final long serialVersionUID = 1L;

    /** Whether a call that failed was applied. */
    public enum Applied {
        /** Surely not: nothing was written. */
        NO,
        /** It may or may not have been: repeat the same call to be sure. */
        UNKNOWN
    }

    /** What is known of the effect. */
    private final Applied applied;

    /**
     * Creates an exception.
     *
     * @param message what failed; holds no secret, no hash and nothing that a caller passed in
     * @param applied whether the call may have had its effect
     * @param cause what made it fail, or null
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
