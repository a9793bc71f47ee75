package io.tokenstore.service;

import io.tokenstore.NotSerializable;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The entry point to all services, which share the configuration that the host gives once.
 *
 * <p>Immutable, and safe to call from many threads: a host creates one at its start and shares it.
 */
public final class TokenServices implements NotSerializable {

    /** The configuration that all services share. */
    record Settings(
            List<TokenPrefix> prefixes,
            TokenForms forms,
            TokenLifetimes lifetimes,
            Set<String> scopes,
            int limit,
            Gate gate,
            Clock clock,
            TokenEvents events,
            @Nullable RecentLooks recent,
            @Nullable RecentUses uses) {

        /** Returns a store whose writes invalidate what is remembered. */
        TokenStore watched(TokenStore store) {
            return recent == null ? store : new WatchedStore(store, recent);
        }
    }

    private final Object unwritable = UNWRITABLE;
    private final Settings settings;
    private final TokenAuthenticator authenticator;
    private final TokenRevocationService revocation;
    private final TokenIssuanceService issuance;
    private final TokenQueryService query;
    private final TokenPurger purger;

    TokenServices(Settings settings, TokenStore store, TokenAuthenticator authenticator) {
        this.settings = settings;
        this.authenticator = authenticator;
        this.revocation = new TokenRevocationService(store, settings);
        this.issuance = new TokenIssuanceService(store, settings);
        this.query = new TokenQueryService(store, settings);
        this.purger = new TokenPurger(store, settings.clock());
    }

    /**
     * Returns a builder of services on a store, with defaults for everything else.
     *
     * @param store the store of the tokens
     * @return a builder
     * @throws NullPointerException if {@code store} is null
     */
    public static TokenServicesBuilder builder(TokenStore store) {
        return new TokenServicesBuilder(Objects.requireNonNull(store, "store"));
    }

    /**
     * Returns the same services on another store, such as one that joins the host's transaction.
     *
     * <p>The authenticator and the uses stay those of this object: authentication never joins the host's transaction.
     *
     * @param store the store of the tokens
     * @return the services
     * @throws NullPointerException if {@code store} is null
     */
    public TokenServices withStore(TokenStore store) {
        return new TokenServices(settings, settings.watched(Objects.requireNonNull(store, "store")), authenticator);
    }

    /**
     * Writes the uses of tokens that this node recorded since the last flush. Call it from a scheduler and at shutdown.
     *
     * <p>Uses are written in batches. If one batch fails, the others are tried until a second one fails. Uses that could not be
     * written wait for the next flush. One flush runs at a time; another one waits for it.
     *
     * @return how many uses were written
     * @throws IllegalStateException if these services keep no {@linkplain TokenServicesBuilder#uses uses}, or within the host's
     *     transaction
     * @throws TokenStoreException if a batch failed: the first failure, thrown after the rest was tried
     */
    public int flushUses() {
        if (settings.uses() == null) {
            throw new IllegalStateException(
                    "there are no uses to flush: tell the builder of these services where to keep them");
        }
        return settings.uses().flush();
    }

    /** {@return the service that authenticates requests} */
    public TokenAuthenticator authenticator() {
        return authenticator;
    }

    /** {@return the service that revokes tokens} */
    public TokenRevocationService revocation() {
        return revocation;
    }

    /** {@return the service that issues tokens} */
    public TokenIssuanceService issuance() {
        return issuance;
    }

    /** {@return the service that lists and searches tokens} */
    public TokenQueryService query() {
        return query;
    }

    /** {@return the service that removes tokens that ended long ago} */
    public TokenPurger purger() {
        return purger;
    }
}
