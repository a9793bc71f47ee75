package io.tokenstore;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where tokens are kept: the one interface that a store of your own implements, and that the contract kit
 * {@code io.tokenstore.contract} proves.
 *
 * <p>Every method is safe to call from many threads. Ids and owners are compared exactly, byte for byte: no case folding,
 * no normalization, no ignoring of trailing spaces. Every instant comes back as it was given, to the microsecond. A null argument that
 * is not marked nullable is a {@link NullPointerException}. A store that cannot carry out a call throws, best a
 * {@link TokenStoreException}, and never answers as if it had.
 */
public interface TokenStore {

    /** The most tokens that one call of {@link #list} gives. */
    int MAX_LIST = 1_000;

    /**
     * Keeps a new token, in whatever state it is.
     *
     * @param token the token
     * @throws DuplicateTokenException if a token with this id is kept, even a revoked or expired one; nothing changes
     * @throws TokenStoreException if the store failed
     */
    void add(Token token);

    /**
     * Returns the token with an id, in whatever state it is.
     *
     * @param id the id
     * @return the token, or empty where none is kept
     * @throws TokenStoreException if the store failed
     */
    Optional<Token> find(TokenId id);

    /**
     * Returns the tokens of a user, in whatever state they are, in ascending order of their ids; a token that is there
     * throughout a walk from page to page appears in it exactly once.
     *
     * @param owner the user
     * @param after the id after which to begin, kept or not; null to begin with the first
     * @param limit the most tokens to return, 1 to {@value #MAX_LIST}
     * @return at most {@code limit} tokens; fewer only where there are no more
     * @throws IllegalArgumentException if {@code limit} is out of range
     * @throws TokenStoreException if the store failed
     */
    List<Token> list(Username owner, @Nullable TokenId after, int limit);

    /**
     * Revokes a token, in one atomic conditional write: the first revocation wins for ever, and what it says is kept.
     *
     * @param owner the user whose token it must be
     * @param id the id
     * @param how the revocation to record
     * @return true if the owner's token is revoked by this very revocation (the one with its id), now or since an earlier
     *     call; false if there is no such token or another revocation was first
     * @throws TokenStoreException if the store failed; to repeat the call with the same revocation is always safe
     */
    boolean revoke(Username owner, TokenId id, Revocation how);

    /**
     * Revokes every token of a user that is not revoked yet, each as {@link #revoke} does.
     *
     * <p>Every token whose {@code add} returned before this call began is revoked when it returns; one that is added
     * meanwhile may escape.
     *
     * @param owner the user
     * @param how the revocation to record in each
     * @return how many kept tokens of the user are revoked by this very revocation, now or since an earlier call
     * @throws TokenStoreException if the store failed; some tokens may be revoked, and repeating the same revocation
     *     finishes
     */
    int revokeAll(Username owner, Revocation how);

    /**
     * Examines the next tokens of all users in a stable order of the store's own, and removes those that
     * {@linkplain Token#endsAt ended} strictly before an instant.
     *
     * <p>The next call goes on after {@link PurgePage#last}, on any node; a token that is there throughout such a walk is
     * examined once. The cost of a call depends on {@code examine}, not on how many tokens are kept.
     *
     * @param endedBefore the instant, within the years 1970 to 9999, in whole microseconds
     * @param after the last token that was examined, kept or not; null to begin with the first
     * @param examine the most tokens to examine, 1 or more
     * @return how many were removed, and where the next call goes on
     * @throws IllegalArgumentException if {@code examine} is less than 1
     * @throws TokenStoreException if the store failed; some tokens may be removed
     */
    PurgePage purge(Instant endedBefore, @Nullable TokenId after, int examine);

    /**
     * Returns whether what the calling thread writes now is part of a transaction of the host's, and so holds only once the
     * host has committed. Only a store that can join one has a reason to override this.
     *
     * @return true within a transaction of the host's
     */
    default boolean inHostTransaction() {
        return false;
    }
}
