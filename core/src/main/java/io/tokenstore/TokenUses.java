package io.tokenstore;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/**
 * Where the last use of each token is kept: an interface that a store may implement beside {@link TokenStore}.
 *
 * <p>Uses are kept apart from tokens: no call here changes, locks, slows or revives a token. Every method is safe to call from
 * many threads and on many nodes. A null argument, id or instant is a {@link NullPointerException}. A purge that removes a
 * token also forgets its use, at the latest by the time its walk ends. A purge within the host's transaction may leave uses to
 * the next purge outside of it.
 */
public interface TokenUses {

    /**
     * Keeps the instants at which tokens were used. Of the instant that is kept and the one that is given the later one stays.
     *
     * <p>A use may be left out only if the token is not kept. If calls race, the latest use of them all stays, so an
     * implementation waits for another call that writes the same token; it does not skip it.
     *
     * @param uses at most {@value TokenStore#MAX_PAGE} tokens, each with an instant in the years 1970 to 9999 in whole
     *     microseconds
     * @throws IllegalArgumentException if there are more; nothing changes
     * @throws IllegalStateException within the host's transaction, which would keep other nodes waiting
     * @throws TokenStoreException if the store failed; some of the uses may be kept, and repeating the call is always safe
     */
    void record(Map<TokenId, Instant> uses);

    /**
     * Returns the last uses that are kept of these tokens.
     *
     * @param ids at most {@value TokenStore#MAX_PAGE} ids; one that is there twice counts once
     * @return the instants by id, unmodifiable, without the ids that have none
     * @throws IllegalArgumentException if there are more
     * @throws TokenStoreException if the store failed
     */
    Map<TokenId, Instant> lastUses(Collection<TokenId> ids);
}
