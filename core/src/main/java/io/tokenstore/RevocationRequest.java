package io.tokenstore;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a caller may say about a revocation.
 *
 * @param id identifies the revocation where the caller may repeat it (an {@code Idempotency-Key}): the same caller who
 *     repeats it gets the same answer; null for one that is not repeated
 * @param reason why: 1 to 255 code points, no control characters, line separators or unpaired surrogates, else the
 *     answer is {@link Status#BAD_REQUEST}; null for no reason
 */
public record RevocationRequest(@Nullable UUID id, @Nullable String reason) {

    private static final RevocationRequest PLAIN = new RevocationRequest(null, null);

    /**
     * Returns a request that is not repeated and gives no reason.
     *
     * @return the request
     */
    public static RevocationRequest plain() {
        return PLAIN;
    }
}
