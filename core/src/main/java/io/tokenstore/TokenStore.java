package io.tokenstore;

import io.tokenstore.TokenStoreException.Applied;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tokens: the only interface that your own store must implement. The contract kit {@code io.tokenstore.contract} tests
 * such a store.
 *
 * <p>Every method is safe to call from many threads. Ids and owners are compared exactly, byte for byte, without case folding
 * or normalization, and trailing spaces count. Every component of a token is returned as it was given, every instant to the
 * microsecond. A reader sees a write of a token completely or not at all. Once the write has returned, every later call sees
 * it. A call returns an unmodifiable snapshot. A null argument that is not marked nullable causes a
 * {@link NullPointerException}. A token is kept until {@link #purge} removes it, however many there are. All instances of a
 * store on the same data, on any node, keep these promises together.
 *
 * <p>A store that can't carry out a call throws, preferably a {@link TokenStoreException}; it never reports success. It may
 * give up if other calls are in the way, and report that the call was not {@linkplain TokenStoreException#applied applied}. A
 * call on an interrupted thread returns a true result, or throws. Neither an exception nor its causes show a hash.
 */
public interface TokenStore {

    /** The most tokens in one page, and in one call of {@link #addAll} or {@link #findAll}. */
    int MAX_PAGE = 1_000;

    /**
     * Adds a new token, whatever its state.
     *
     * @param token the token
     * @throws DuplicateTokenException if the store keeps a token with this id, even a revoked or expired one; nothing changes
     * @throws TokenStoreException if the store failed
     */
    void add(Token token);

    /**
     * Adds several new tokens, each as {@link #add} does.
     *
     * @param tokens at most {@value #MAX_PAGE} tokens
     * @throws IllegalArgumentException if there are more; nothing changes
     * @throws DuplicateTokenException if the store already keeps an id, or an id occurs twice; some of the others may be kept
     * @throws TokenStoreException if the store failed; some of the tokens may be kept
     */
    default void addAll(Collection<Token> tokens) {
        requireAtMostOnePage(tokens);
        boolean begun = false;
        for (Token token : tokens) {
            try {
                add(token);
                begun = true;
            } catch (DuplicateTokenException e) {
                throw e;
            } catch (TokenStoreException e) {
                // The exception speaks of this token only: those before it may have been added.
                throw begun ? new TokenStoreException("some of the tokens may be kept", Applied.UNKNOWN, e) : e;
            }
        }
    }

    /**
     * Returns the token with an id, whatever its state.
     *
     * @param id the id
     * @return the token, or empty if none is kept
     * @throws TokenStoreException if the store failed
     */
    Optional<Token> find(TokenId id);

    /**
     * Returns the tokens with these ids, each as {@link #find} does.
     *
     * @param ids at most {@value #MAX_PAGE} ids; duplicates count once
     * @return the tokens that are kept, by id
     * @throws IllegalArgumentException if there are more
     * @throws TokenStoreException if the store failed
     */
    default Map<TokenId, Token> findAll(Collection<TokenId> ids) {
        requireAtMostOnePage(ids);
        Map<TokenId, Token> found = new LinkedHashMap<>();
        ids.forEach(id -> find(id).ifPresent(token -> found.put(id, token)));
        return Map.copyOf(found);
    }

    /**
     * Returns an owner's next tokens in ascending order of their ids, whatever their states.
     *
     * <p>A walk from page to page ends. A token that is kept throughout the walk appears in it exactly once.
     *
     * @param owner the owner
     * @param after the id after which to begin, whether it is kept or not; null to begin with the first token
     * @param limit the most tokens to return, 1 to {@value #MAX_PAGE}
     * @return at most {@code limit} tokens, and where to continue
     * @throws IllegalArgumentException if {@code limit} is out of range
     * @throws TokenStoreException if the store failed
     */
    TokenPage list(Owner owner, @Nullable TokenId after, int limit);

    /**
     * Returns the next tokens of all owners, whatever their states, in the order in which {@link #purge} examines them.
     *
     * <p>A walk from page to page ends. A token that is kept throughout the walk appears in it exactly once. The cost of a call
     * depends on {@code limit}, not on how many tokens are kept.
     *
     * @param after the {@code resumeAfter} of an earlier page, whether that token is kept or not; null to begin with the first
     *     token
     * @param limit the most tokens to return, 1 to {@value #MAX_PAGE}
     * @return at most {@code limit} tokens, and where to continue
     * @throws IllegalArgumentException if {@code limit} is out of range
     * @throws TokenStoreException if the store failed
     */
    TokenPage scan(@Nullable TokenId after, int limit);

    /**
     * Revokes a token in one atomic conditional write. The first revocation wins permanently, and the store keeps its data.
     *
     * <p>One act may revoke several tokens; each keeps the data that it was revoked with. Only the id makes a retry the same
     * act.
     *
     * @param owner the owner whose token it must be
     * @param id the id
     * @param revocation the revocation to record
     * @return true if the revocation with this id revoked the owner's token, now or in an earlier call; false if there is no
     *     such token or another revocation was first
     * @throws TokenStoreException if the store failed; repeating the call with the same revocation is always safe
     */
    boolean revoke(Owner owner, TokenId id, Revocation revocation);

    /**
     * Revokes every token of an owner that is not revoked yet, each as {@link #revoke} does.
     *
     * <p>The store repeats its pass until a fresh look finds no token that is not revoked. So when this call returns, every
     * token whose {@code add} returned before the call began is revoked. So is every token that was {@linkplain #activate
     * activated} because one of them was revoked. A token that is added independently meanwhile may escape.
     *
     * @param owner the owner
     * @param revocation the revocation to record in each
     * @return how many of the owner's kept tokens the revocation with this id revoked, now or in earlier calls
     * @throws TokenStoreException if the store failed; some tokens may be revoked, and repeating the same revocation continues
     *     from there
     */
    int revokeAll(Owner owner, Revocation revocation);

    /**
     * Clears an unrevoked token's {@linkplain Token#predecessor predecessor} in one atomic conditional write.
     *
     * @param owner the owner whose token it must be
     * @param id the id
     * @return true if the owner's token is not revoked and now has no predecessor, even if it had none before; false, without a
     *     change, if there is no such token or it is revoked
     * @throws TokenStoreException if the store failed; repeating the call is always safe
     */
    boolean activate(Owner owner, TokenId id);

    /**
     * Examines the next tokens of all owners and removes those that {@linkplain Token#endsAt ended} strictly before an instant.
     *
     * <p>The store chooses the order, which is stable. The next call, on any node, continues after
     * {@link PurgePage#resumeAfter}; a token that is kept throughout such a walk is examined once. The cost of a call depends
     * on {@code maxExamined}, not on how many tokens are kept. A purge does not undo other calls' writes, and counts each
     * removal once.
     *
     * @param endedBefore the instant, within the years 1970 to 9999, in whole microseconds
     * @param after the {@code resumeAfter} of an earlier call, whether that token is kept or not; null to begin with the first
     *     token
     * @param maxExamined the most tokens to examine, 1 or more
     * @return how many tokens were removed, and where the next call continues
     * @throws IllegalArgumentException if {@code maxExamined} is less than 1
     * @throws TokenStoreException if the store failed; some tokens may be removed
     */
    PurgePage purge(Instant endedBefore, @Nullable TokenId after, int maxExamined);

    /**
     * Returns whether a write by the calling thread is now part of the host's transaction.
     *
     * <p>Such a write holds only once the host has committed. Only a store that can join a transaction needs to override this.
     *
     * @return true within the host's transaction
     */
    default boolean inHostTransaction() {
        return false;
    }

    private static void requireAtMostOnePage(Collection<?> many) {
        if (many.size() > MAX_PAGE) {
            throw new IllegalArgumentException("at most " + MAX_PAGE + " at once");
        }
    }
}
