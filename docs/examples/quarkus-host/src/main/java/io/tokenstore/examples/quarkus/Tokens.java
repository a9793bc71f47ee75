package io.tokenstore.examples.quarkus;

import io.agroal.api.AgroalDataSource;
import io.quarkus.runtime.Startup;
import io.tokenstore.TokenStore;
import io.tokenstore.jdbc.JdbcOptions;
import io.tokenstore.jdbc.JdbcTokenStore;
import io.tokenstore.service.TokenServices;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The store, which joins the transactions of JTA, and the services on it. */
class Tokens {

    // tag::store[]
    /** Made at the start: the first use may be within a transaction, in which a store can't be made. */
    @Startup
    @Singleton
    @Produces
    TokenStore store(
            AgroalDataSource dataSource,
            TransactionSynchronizationRegistry registry,
            @ConfigProperty(name = "tokens.deadline") Duration deadline) {
        JdbcTokenStore.createSchema(dataSource);
        JdbcOptions options = JdbcOptions.defaults().withDeadline(deadline).withReadDeadline(deadline);
        return JdbcTokenStore.create(dataSource, inTransaction(registry), options);
    }

    @Singleton
    @Produces
    TokenServices services(TokenStore store) {
        return TokenServices.builder(store).scopes("repo:read").build();
    }

    private static BooleanSupplier inTransaction(TransactionSynchronizationRegistry registry) {
        return () -> switch (registry.getTransactionStatus()) {
            case Status.STATUS_ACTIVE, Status.STATUS_MARKED_ROLLBACK -> true;
            // In callbacks after the end nobody commits what is written there, unless the store does.
            case Status.STATUS_NO_TRANSACTION, Status.STATUS_COMMITTED, Status.STATUS_ROLLEDBACK -> false;
            default -> throw new IllegalStateException("the transaction is ending, or its end is not known");
        };
    }
    // end::store[]
}
