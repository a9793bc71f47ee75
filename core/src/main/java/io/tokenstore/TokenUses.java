package io.tokenstore;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/**
 * Keeps the last use of each token. A store may implement this in addition to {@link TokenStore}.
 *
 * <p>Uses are kept separately from tokens: no call here changes, locks, slows or revives a token. Every method is safe to call
 * from many threads and on many nodes. A null argument, id or instant causes a {@link NullPointerException}. A purge that
 * removes a token also removes its use, at the latest by the end of the purge's walk. A purge within the host's transaction may
 * leave uses to the next purge outside it.
 */
public interface TokenUses {

    /**
     * Records when tokens were used. For each token, the later of the kept and the given instant stays.
     *
     * <p>A use may be left out only if the token is not kept. If calls race, the latest use stays. So an implementation waits
     * for another call that writes the same token; it does not skip the token.
     *
     * @param uses at most {@value TokenStore#MAX_PAGE} tokens, each with an instant in the years 1970 to 9999 in whole
     *     microseconds
     * @throws IllegalArgumentException if there are more; nothing changes
     * @throws IllegalStateException within the host's transaction, which would keep other nodes waiting
     * @throws TokenStoreException if the store failed; some of the uses may be kept, and repeating the call is always safe
     */
    void record(Map<TokenId, Instant> uses);

    /**
     * Returns the recorded last uses of these tokens.
     *
     * @param ids at most {@value TokenStore#MAX_PAGE} ids; duplicates count once
     * @return the instants by id, unmodifiable, without the ids that have none
     * @throws IllegalArgumentException if there are more
     * @throws TokenStoreException if the store failed
     */
    Map<TokenId, Instant> lastUses(Collection<TokenId> ids);
}
