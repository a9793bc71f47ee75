package io.tokenstore.service;

import io.tokenstore.NotSerializable;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.TokenId;
import org.jspecify.annotations.Nullable;

/**
 * Listens to what the services do, for metrics and caches. The audit is in the store.
 *
 * <p>A service calls these methods after the store has answered, on the caller's thread and outside any lock. So a method may
 * call a service, and the caller's answer waits for it. Whatever a method throws is logged and changes no answer.
 * Implementations must be safe to call from many threads.
 *
 * <p>A write within the host's transaction is {@code provisional}: it holds only once the host has committed. So a cache must
 * act on it after the commit, and a metric may count a write that is rolled back.
 */
public interface TokenEvents {

    /**
     * Called when a token was issued.
     *
     * @param event which one
     */
    default void issued(Issued event) {}

    /**
     * Called when tokens were revoked, or a revocation was repeated.
     *
     * @param event which ones
     */
    default void revoked(Revoked event) {}

    /**
     * Called when a request was answered with a status from 400 to 404.
     *
     * @param event which one
     */
    default void rejected(Unsuccessful event) {}

    /**
     * Called when a request was answered with {@link Status#INTERNAL_SERVER_ERROR}.
     *
     * @param event which one
     */
    default void failed(Unsuccessful event) {}

    /**
     * Called when somebody was not authenticated: for the host's log and metrics, never for the client.
     *
     * @param event why
     */
    default void authenticationFailed(AuthenticationFailed event) {}

    /** {@return a listener that ignores every event} */
    static TokenEvents none() {
        return new TokenEvents() {};
    }

    /** A token was issued. */
    final class Issued implements NotSerializable {

        private final Caller caller;
        private final Owner owner;
        private final TokenId id;
        private final @Nullable TokenId predecessor;
        private final boolean provisional;

        Issued(Caller caller, Owner owner, TokenId id, @Nullable TokenId predecessor, boolean provisional) {
            this.caller = caller;
            this.owner = owner;
            this.id = id;
            this.predecessor = predecessor;
            this.provisional = provisional;
        }

        /** {@return who asked for it} */
        public Caller caller() {
            return caller;
        }

        /** {@return whose token it is} */
        public Owner owner() {
            return owner;
        }

        /** {@return the token's id} */
        public TokenId id() {
            return id;
        }

        /** {@return the token that it replaces at its first use; null if it replaces none} */
        public @Nullable TokenId predecessor() {
            return predecessor;
        }

        /** {@return whether it was written within the host's transaction} */
        public boolean provisional() {
            return provisional;
        }
    }

    /** Tokens were revoked, or a revocation was repeated. */
    final class Revoked implements NotSerializable {

        private final Caller caller;
        private final Owner owner;
        private final @Nullable TokenId id;
        private final Revocation revocation;
        private final int tokens;
        private final boolean provisional;

        Revoked(
                Caller caller,
                Owner owner,
                @Nullable TokenId id,
                Revocation revocation,
                int tokens,
                boolean provisional) {
            this.caller = caller;
            this.owner = owner;
            this.id = id;
            this.revocation = revocation;
            this.tokens = tokens;
            this.provisional = provisional;
        }

        /** {@return who asked for it; anonymous if they presented the token itself} */
        public Caller caller() {
            return caller;
        }

        /** {@return whose tokens they are} */
        public Owner owner() {
            return owner;
        }

        /** {@return the token's id; null if all of the owner's tokens were revoked} */
        public @Nullable TokenId id() {
            return id;
        }

        /** {@return the revocation as this call made it; if it repeats one, the store keeps the first one's data} */
        public Revocation revocation() {
            return revocation;
        }

        /** {@return how many tokens carry it: 1, or for all of an owner's tokens 0 or more} */
        public int tokens() {
            return tokens;
        }

        /** {@return whether it was written within the host's transaction} */
        public boolean provisional() {
            return provisional;
        }
    }

    /** A request was answered with a status other than OK. */
    final class Unsuccessful implements NotSerializable {

        private final Object unwritable = UNWRITABLE;
        private final Caller caller;
        private final Action action;
        private final Status status;
        private final @Nullable RuntimeException cause;

        Unsuccessful(Caller caller, Action action, Status status, @Nullable RuntimeException cause) {
            this.caller = caller;
            this.action = action;
            this.status = status;
            this.cause = cause;
        }

        /** {@return who asked} */
        public Caller caller() {
            return caller;
        }

        /** {@return what they asked for} */
        public Action action() {
            return action;
        }

        /** {@return the answer} */
        public Status status() {
            return status;
        }

        /** {@return what the policy or the store threw; null unless the request failed} */
        public @Nullable RuntimeException cause() {
            return cause;
        }
    }

    /** Somebody was not authenticated. */
    final class AuthenticationFailed implements NotSerializable {

        /** Why somebody was not authenticated. */
        public enum Reason {
            /** There was no token: no header, or another scheme. */
            NO_TOKEN,
            /** No prefix and no {@link TokenFormat} of the host fits, the checksum is wrong, or the header is too long. */
            MALFORMED,
            /** The store keeps no token with its id. */
            UNKNOWN,
            /** The token's id is right, but its secret is wrong. */
            WRONG_SECRET,
            /** It has expired. */
            EXPIRED,
            /** It is revoked. */
            REVOKED,
            /** A successor replaced it: somebody may have stolen the token that is presented, or the successor. */
            ROTATED,
            /**
             * It is an unused successor, and its predecessor was revoked or replaced by another successor; or only the id of an
             * unused successor was presented.
             */
            PENDING,
            /** The owner has the role {@link Role#NONE}. */
            SUSPENDED_OWNER,
            /** A later release wrote it, with a restriction that this release does not know. */
            UNKNOWN_READER_VERSION
        }

        private final Object unwritable = UNWRITABLE;
        private final Reason reason;
        private final @Nullable TokenId id;
        private final @Nullable Owner owner;
        private final @Nullable TokenId successor;

        AuthenticationFailed(Reason reason, @Nullable TokenId id, @Nullable Owner owner, @Nullable TokenId successor) {
            this.reason = reason;
            this.id = id;
            this.owner = owner;
            this.successor = successor;
        }

        /** {@return why} */
        public Reason reason() {
            return reason;
        }

        /** {@return the id that was presented; null if there was none} */
        public @Nullable TokenId id() {
            return id;
        }

        /** {@return whose token it is; null if that is not known} */
        public @Nullable Owner owner() {
            return owner;
        }

        /** {@return the token that replaced it; null unless the reason is {@link Reason#ROTATED}} */
        public @Nullable TokenId successor() {
            return successor;
        }
    }
}
