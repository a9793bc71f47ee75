package io.tokenstore.examples.micronaut;

import io.micronaut.context.annotation.Context;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import io.micronaut.transaction.TransactionOperations;
import io.tokenstore.TokenStore;
import io.tokenstore.jdbc.JdbcOptions;
import io.tokenstore.jdbc.JdbcTokenStore;
import io.tokenstore.service.TokenServices;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/** The store, which joins the transactions of Micronaut, and the services on it. */
@Factory
class Tokens {

    // tag::store[]
    /** Made at the start: the first use may be within a transaction, in which a store can't be made. */
    @Context
    TokenStore store(
            DataSource dataSource,
            TransactionOperations<Connection> operations,
            @Value("${tokens.deadline}") Duration deadline)
            throws SQLException {
        MicronautTransactions transactions = new MicronautTransactions(dataSource, operations);
        JdbcTokenStore.createSchema(transactions);
        JdbcOptions options = JdbcOptions.defaults().withDeadline(deadline).withReadDeadline(deadline);
        return JdbcTokenStore.create(transactions, transactions, options);
    }

    @Singleton
    TokenServices services(TokenStore store) {
        return TokenServices.builder(store).scopes("repo:read").build();
    }
    // end::store[]
}
