package io.tokenstore.examples.rest;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.core.PriorityOrdered;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

// tag::transactions[]
/**
 * Gives the store the connection of Spring's transaction, and tells whether that transaction is open. Spring itself reports it
 * as active even in callbacks after the commit, but nobody commits a write there unless the store does.
 */
final class SpringTransactions extends TransactionAwareDataSourceProxy
        implements BooleanSupplier, TransactionExecutionListener {

    private enum State {
        OPEN,
        ENDING,
        ENDED
    }

    /** The key is what Spring binds to the thread for one transaction, and unbinds while it is suspended. */
    private final Map<Object, State> states = Collections.synchronizedMap(new WeakHashMap<>());

    private volatile boolean foreign;

    SpringTransactions(DataSource dataSource, ConfigurableTransactionManager manager) {
        super(dataSource);
        manager.addListener(this);
    }

    @Override
    public boolean getAsBoolean() {
        ConnectionHolder bound = bound();
        State state = bound == null ? State.ENDED : states.get(bound);
        if (foreign) {
            throw new IllegalStateException(
                    "SpringTransactions was given a transaction manager of another data source");
        }
        if (state == State.ENDING || (state == null && new Bound(obtainTargetDataSource()).isOfTransaction(bound))) {
            throw new IllegalStateException(
                    "this transaction is ending, its end is not known, or SpringTransactions does not"
                            + " listen to its manager: call the token store earlier, or in a new transaction of the manager"
                            + " that SpringTransactions was given");
        }
        return state == State.OPEN;
    }

    /** Leaves alone a connection that Spring has bound without a transaction of this manager. */
    @Override
    public Connection getConnection() throws SQLException {
        ConnectionHolder bound = bound();
        return bound != null && states.containsKey(bound)
                ? super.getConnection()
                : obtainTargetDataSource().getConnection();
    }

    @Override
    public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
        if (failure == null && set(transaction, State.OPEN)) {
            if (TransactionSynchronizationManager.isSynchronizationActive()) {
                TransactionSynchronizationManager.registerSynchronization(new End(bound()));
            } else {
                set(transaction, State.ENDING); // Nothing would report its end.
            }
        }
    }

    @Override
    public void beforeCommit(TransactionExecution transaction) {
        set(transaction, State.ENDING);
    }

    @Override
    public void beforeRollback(TransactionExecution transaction) {
        set(transaction, State.ENDING);
    }

    /** Sets the state of a new transaction only: a savepoint does not begin or end one. */
    private boolean set(TransactionExecution transaction, State state) {
        ConnectionHolder bound = bound();
        if (bound == null) {
            foreign = true;
        } else if (transaction.isNewTransaction()) {
            states.put(bound, state);
            return true;
        }
        return false;
    }

    private @Nullable ConnectionHolder bound() {
        return (ConnectionHolder) TransactionSynchronizationManager.getResource(obtainTargetDataSource());
    }

    /** Is told of the end before every other callback. */
    private final class End implements TransactionSynchronization, PriorityOrdered {

        private final Object bound;

        End(Object bound) {
            this.bound = bound;
        }

        @Override
        public int getOrder() {
            return HIGHEST_PRECEDENCE;
        }

        @Override
        public void afterCommit() {
            states.put(bound, State.ENDED);
        }

        @Override
        public void afterCompletion(int status) {
            states.put(bound, status == STATUS_UNKNOWN ? State.ENDING : State.ENDED);
        }
    }

    /** Distinguishes a transaction's connection from one that Spring only keeps for the thread until the scope ends. */
    private static final class Bound extends DataSourceTransactionManager {
        private static final long serialVersionUID = 1L;

        Bound(DataSource dataSource) {
            super(dataSource);
        }

        boolean isOfTransaction(ConnectionHolder bound) {
            return isExistingTransaction(doGetTransaction()) || !bound.isSynchronizedWithTransaction();
        }
    }
}
// end::transactions[]
