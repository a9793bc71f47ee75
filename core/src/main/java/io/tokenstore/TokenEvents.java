package io.tokenstore;

import org.jspecify.annotations.Nullable;

/**
 * What a host can watch: for metrics and caches, not for the audit, which is in the store.
 *
 * <p>A service calls these after the store has answered, on the thread of the caller and outside any lock, so a method may
 * call back into a service; it delays the caller's answer by as long as it takes. One that throws is logged and changes no
 * answer. Implementations are safe to call from many threads.
 *
 * <p>A write within the host's transaction is {@code provisional}: it holds once the host has committed, so a cache acts on
 * it then, and a metric may count a write that is rolled back.
 */
public interface TokenEvents {

    /**
     * A token was issued.
     *
     * @param owner the user
     * @param id the token's id
     * @param provisional whether it was written within the host's transaction
     */
    default void issued(Username owner, TokenId id, boolean provisional) {}

    /**
     * Tokens were revoked, or a revocation was repeated.
     *
     * @param owner the user
     * @param id the token's id; null where all of the user's tokens were revoked
     * @param how the revocation as this call made it; where it repeats one, the store keeps what the first one said
     * @param tokens how many tokens carry it: 1, or for all of a user's tokens 0 or more
     * @param provisional whether it was written within the host's transaction
     */
    default void revoked(Username owner, @Nullable TokenId id, Revocation how, int tokens, boolean provisional) {}

    /**
     * A request was answered with a status from 400 to 404.
     *
     * @param action what was asked
     * @param status the answer
     */
    default void rejected(Action action, Status status) {}

    /**
     * A request was answered with {@link Status#INTERNAL_SERVER_ERROR}.
     *
     * @param action what was asked
     * @param cause what the policy or the store threw
     */
    default void failed(Action action, RuntimeException cause) {}

    /**
     * Returns events that nobody watches.
     *
     * @return the events
     */
    static TokenEvents none() {
        return new TokenEvents() {};
    }
}
