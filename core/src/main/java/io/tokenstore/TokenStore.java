package io.tokenstore;

import io.tokenstore.TokenStoreException.Applied;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where tokens are kept: the one interface that a store of your own implements, and that the contract kit
 * {@code io.tokenstore.contract} proves.
 *
 * <p>Every method is safe to call from many threads. Ids and owners are compared exactly, byte for byte: no case folding,
 * no normalization, no ignoring of trailing spaces. Every component of a token comes back as it was given, every instant to
 * the microsecond. A look shows a write of a token whole or not at all, and once the write has returned, every later call
 * shows it. What a call returns is a snapshot, and unmodifiable. A null argument that is not marked nullable is a
 * {@link NullPointerException}. A token is kept until {@link #purge} removes it, however many there are. All instances of a
 * store on the same data, on whatever node, keep these promises together.
 *
 * <p>A store that can't carry out a call throws, preferably a {@link TokenStoreException}; it never reports success. It may
 * give up when others are in the way, and say that the call was not {@linkplain TokenStoreException#applied applied}. A call
 * on an interrupted thread answers truly, or throws. No exception shows a hash, nor does one that made it fail.
 */
public interface TokenStore {

    /** The most tokens of one page, and of one call of {@link #addAll} or {@link #findAll}. */
    int MAX_PAGE = 1_000;

    /**
     * Keeps a new token, in whatever state it is.
     *
     * @param token the token
     * @throws DuplicateTokenException if a token with this id is kept, even a revoked or expired one; nothing changes
     * @throws TokenStoreException if the store failed
     */
    void add(Token token);

    /**
     * Keeps several new tokens, each as {@link #add} does.
     *
     * @param tokens at most {@value #MAX_PAGE} tokens
     * @throws IllegalArgumentException if there are more; nothing changes
     * @throws DuplicateTokenException if an id is kept already, or is there twice; some of the others may be kept
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
                // That this token was surely not added says nothing of those before it.
                throw begun ? new TokenStoreException("some of the tokens may be kept", Applied.UNKNOWN, e) : e;
            }
        }
    }

    /**
     * Returns the token with an id, in whatever state it is.
     *
     * @param id the id
     * @return the token, or empty if none is kept
     * @throws TokenStoreException if the store failed
     */
    Optional<Token> find(TokenId id);

    /**
     * Returns the tokens with these ids, each as {@link #find} does.
     *
     * @param ids at most {@value #MAX_PAGE} ids; one that is there twice counts once
     * @return those that are kept, by their ids
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
     * Returns the next tokens of an owner, in whatever state they are, in ascending order of their ids.
     *
     * <p>A token that is there throughout a walk from page to page appears in it exactly once. A walk ends.
     *
     * @param owner the owner
     * @param after the id after which to begin, kept or not; null to begin with the first
     * @param limit the most tokens to return, 1 to {@value #MAX_PAGE}
     * @return at most {@code limit} tokens, and where to go on
     * @throws IllegalArgumentException if {@code limit} is out of range
     * @throws TokenStoreException if the store failed
     */
    TokenPage list(Owner owner, @Nullable TokenId after, int limit);

    /**
     * Returns the next tokens of all owners, in whatever state they are, in the order in which {@link #purge} examines them.
     *
     * <p>A token that is there throughout a walk from page to page appears in it exactly once. A walk ends. The cost of a call
     * depends on {@code limit}, not on how many tokens are kept.
     *
     * @param after where an earlier page stood, kept or not; null to begin with the first
     * @param limit the most tokens to return, 1 to {@value #MAX_PAGE}
     * @return at most {@code limit} tokens, and where to go on
     * @throws IllegalArgumentException if {@code limit} is out of range
     * @throws TokenStoreException if the store failed
     */
    TokenPage scan(@Nullable TokenId after, int limit);

    /**
     * Revokes a token, in one atomic conditional write: the first revocation wins permanently, and what it says is kept.
     *
     * <p>One act may revoke several tokens; each keeps what it was revoked with. A retry is the same act by its id alone.
     *
     * @param owner the owner whose token it must be
     * @param id the id
     * @param revocation the revocation to record
     * @return true if the owner's token is revoked by this very revocation (the one with its id), now or since an earlier
     *     call; false if there is no such token or another revocation was first
     * @throws TokenStoreException if the store failed; to repeat the call with the same revocation is always safe
     */
    boolean revoke(Owner owner, TokenId id, Revocation revocation);

    /**
     * Revokes every token of an owner that is not revoked yet, each as {@link #revoke} does.
     *
     * <p>The store repeats its pass until a fresh look finds no token that is not revoked. So every token whose {@code add}
     * returned before this call began is revoked when it returns, and so is every token that was {@linkplain #activate
     * activated} because one of these was revoked; one that is added independently meanwhile may escape.
     *
     * @param owner the owner
     * @param revocation the revocation to record in each
     * @return how many kept tokens of the owner are revoked by this very revocation, now or since an earlier call
     * @throws TokenStoreException if the store failed; some tokens may be revoked, and repeating the same revocation
     *     goes on from there
     */
    int revokeAll(Owner owner, Revocation revocation);

    /**
     * Clears the {@linkplain Token#predecessor predecessor} of a token that is not revoked, in one atomic conditional write.
     *
     * @param owner the owner whose token it must be
     * @param id the id
     * @return true if the owner's token is not revoked and has no predecessor now, also if it had none before; false if
     *     there is no such token or it is revoked, and then nothing changes
     * @throws TokenStoreException if the store failed; to repeat the call is always safe
     */
    boolean activate(Owner owner, TokenId id);

    /**
     * Examines the next tokens of all owners in a stable order of the store's own, and removes those that
     * {@linkplain Token#endsAt ended} strictly before an instant.
     *
     * <p>The next call goes on after {@link PurgePage#resumeAfter}, on any node; a token that is there throughout such a walk
     * is examined once. The cost of a call depends on {@code maxExamined}, not on how many tokens are kept. What other calls
     * write meanwhile is not undone, and each removal is counted once.
     *
     * @param endedBefore the instant, within the years 1970 to 9999, in whole microseconds
     * @param after where an earlier call stood, kept or not; null to begin with the first
     * @param maxExamined the most tokens to examine, 1 or more
     * @return how many were removed, and where the next call goes on
     * @throws IllegalArgumentException if {@code maxExamined} is less than 1
     * @throws TokenStoreException if the store failed; some tokens may be removed
     */
    PurgePage purge(Instant endedBefore, @Nullable TokenId after, int maxExamined);

    /**
     * Returns whether what the calling thread writes now is part of the host's transaction, and so holds only once the host
     * has committed. Only a store that can join one has a reason to override this.
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
