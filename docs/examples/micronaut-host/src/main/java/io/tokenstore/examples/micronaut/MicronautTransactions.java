package io.tokenstore.examples.micronaut;

import io.micronaut.data.connection.jdbc.advice.DelegatingDataSource;
import io.micronaut.transaction.TransactionOperations;
import io.micronaut.transaction.TransactionStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;

// tag::transactions[]
/**
 * Gives the store the connection of Micronaut's transaction, and says whether that transaction is open. Callbacks before and
 * after the commit of {@code @Transactional} are outside of it.
 */
final class MicronautTransactions extends DelegatingDataSource implements BooleanSupplier {

    private final DataSource contextual;
    private final TransactionOperations<Connection> transactions;

    MicronautTransactions(DataSource contextual, TransactionOperations<Connection> transactions) throws SQLException {
        super(unwrapDataSource(contextual)); // Outside of a transaction the contextual one gives no connection.
        this.contextual = contextual;
        this.transactions = transactions;
        try (Connection connection = super.getConnection()) {
            if (!connection.getAutoCommit()) {
                throw new IllegalStateException(
                        "the pool's connections have autocommit off, so that a transaction can't"
                                + " be told from its absence: let the pool set it on");
            }
        }
    }

    @Override
    public boolean getAsBoolean() {
        TransactionStatus<?> status = transactions.findTransactionStatus().orElse(null);
        return status != null && !status.isCompleted() && isBegun();
    }

    @Override
    public Connection getConnection() throws SQLException {
        return getAsBoolean() ? contextual.getConnection() : super.getConnection();
    }

    /** For NOT_SUPPORTED and SUPPORTS there is a status too, but no transaction. */
    private boolean isBegun() {
        try {
            return !contextual.getConnection().getAutoCommit();
        } catch (SQLException e) {
            throw new IllegalStateException("it is not known whether a transaction is open", e);
        }
    }
}
// end::transactions[]
