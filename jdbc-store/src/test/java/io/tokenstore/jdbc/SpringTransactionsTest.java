package io.tokenstore.jdbc;

import static io.tokenstore.jdbc.HostDatabase.ALICE;
import static io.tokenstore.jdbc.HostDatabase.LAPTOP;
import static io.tokenstore.jdbc.HostDatabase.revocation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.core.PriorityOrdered;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What can't be told, or was wired wrongly, is refused. */
@ParameterizedClass
@EnumSource
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SpringTransactionsTest {

    @Parameter
    HostPool pool;

    private HostDatabase database;
    private FailingManager manager;
    private TokenStore store;
    private final List<Boolean> acknowledged = new ArrayList<>();
    private final List<IllegalStateException> refused = new ArrayList<>();

    /** Its commits and rollbacks fail on request, with the transaction left as it was. */
    private static final class FailingManager extends JdbcTransactionManager {
        private static final long serialVersionUID = 1L;
        private boolean commitsFail;
        private boolean rollbacksFail;

        FailingManager(HostDatabase database) {
            super(database.pool());
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            if (commitsFail) {
                throw new TransactionSystemException("the commit failed");
            }
            super.doCommit(status);
        }

        @Override
        protected void doRollback(DefaultTransactionStatus status) {
            if (rollbacksFail) {
                throw new TransactionSystemException("the rollback failed");
            }
            super.doRollback(status);
        }
    }

    @BeforeParameterizedClassInvocation
    void open() throws SQLException {
        database = new HostDatabase(pool);
    }

    @BeforeEach
    void startOver() throws SQLException {
        database.startOver();
        manager = new FailingManager(database);
        store = storeOf(manager);
        acknowledged.clear();
        refused.clear();
    }

    @AfterParameterizedClassInvocation
    void close() throws SQLException {
        database.close();
    }

    private TokenStore storeOf(AbstractPlatformTransactionManager of) {
        SpringTransactions transactions = new SpringTransactions(database.pool(), of);
        return JdbcTokenStore.create(transactions, transactions);
    }

    @Test
    void in_a_read_only_transaction_what_is_acknowledged_holds() throws SQLException {
        TransactionTemplate readOnly = new TransactionTemplate(manager);
        readOnly.setReadOnly(true);
        readOnly.executeWithoutResult(status -> revoke());
        assertThatTheAcknowledgedHolds();
    }

    @Test
    void after_a_read_only_transaction_what_is_acknowledged_holds() throws SQLException {
        TransactionTemplate readOnly = new TransactionTemplate(manager);
        readOnly.setReadOnly(true);
        readOnly.executeWithoutResult(status -> afterCompletion(this::revoke));
        assertThatTheAcknowledgedHolds();
    }

    @Test
    void in_a_transaction_of_another_data_source_the_store_commits_by_itself() throws SQLException {
        JdbcConnectionPool another = H2.memory();
        new TransactionTemplate(new JdbcTransactionManager(another)).executeWithoutResult(status -> {
            // As JdbcTemplate does: Spring keeps the connection for the thread until the other transaction ends.
            order("a new laptop");
            revoke();
            status.setRollbackOnly();
        });
        another.dispose();
        assertThat(acknowledged).containsExactly(true);
        assertThatTheAcknowledgedHolds();
    }

    @Test
    void a_transaction_of_a_manager_that_is_not_known_is_refused() throws SQLException {
        new TransactionTemplate(new JdbcTransactionManager(database.pool())).executeWithoutResult(status -> {
            revoke();
            afterCompletion(this::revoke);
        });
        assertThat(refused)
                .hasSize(2)
                .allSatisfy(e -> assertThat(e).hasMessageContaining("does not listen to its manager"));
        assertThat(database.revokedTokens()).isEmpty();
    }

    @Test
    void a_transaction_without_synchronization_is_refused() throws SQLException {
        manager.setTransactionSynchronization(AbstractPlatformTransactionManager.SYNCHRONIZATION_NEVER);
        new TransactionTemplate(manager).executeWithoutResult(status -> revoke());
        assertThat(refused).hasSize(1);
        assertThat(database.revokedTokens()).isEmpty();
    }

    @Test
    void a_manager_of_another_data_source_is_refused_from_its_first_transaction_on() throws SQLException {
        JdbcConnectionPool another = H2.memory();
        JdbcTransactionManager wrong = new JdbcTransactionManager(another);
        store = storeOf(wrong);
        new TransactionTemplate(wrong).executeWithoutResult(status -> revoke());
        revoke();
        another.dispose();
        assertThat(refused).hasSize(2).allSatisfy(e -> assertThat(e).hasMessageContaining("another data source"));
        assertThat(database.revokedTokens()).isEmpty();
    }

    @Test
    void after_a_commit_that_failed_the_store_commits_nothing_of_the_host() throws SQLException {
        manager.commitsFail = true;
        runToItsFailure(status -> {
            order("a new laptop");
            afterCompletion(this::revoke);
        });
        assertThat(refused).hasSize(1);
        assertThat(database.revokedTokens()).isEmpty();
        // Spring's own switch back to autocommit commits what is left.
        assertThat(database.orders()).hasSize(database.pool().isAutoCommit() ? 1 : 0);
    }

    @Test
    void after_a_rollback_that_failed_the_store_commits_nothing_of_the_host() throws SQLException {
        manager.rollbacksFail = true;
        runToItsFailure(status -> {
            order("a new laptop");
            afterCompletion(this::revoke);
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void beforeCommit(boolean readOnly) {
                    throw new HostTransactionContract.HostFailure();
                }
            });
        });
        assertThat(refused).hasSize(1);
        assertThat(database.revokedTokens()).isEmpty();
    }

    @Test
    void what_is_acknowledged_to_a_callback_of_the_highest_precedence_holds() throws SQLException {
        assertThatExceptionOfType(HostTransactionContract.HostFailure.class)
                .isThrownBy(() -> new TransactionTemplate(manager).executeWithoutResult(status -> {
                    TransactionSynchronizationManager.registerSynchronization(new EagerCallback(this::revoke));
                }));
        assertThat(acknowledged).containsExactly(true);
        assertThatTheAcknowledgedHolds();
    }

    /** Fails the commit, and then hears of the rollback before others do. */
    private record EagerCallback(Runnable work) implements TransactionSynchronization, PriorityOrdered {

        @Override
        public int getOrder() {
            return HIGHEST_PRECEDENCE;
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            throw new HostTransactionContract.HostFailure();
        }

        @Override
        public void afterCompletion(int status) {
            work.run();
        }
    }

    @Test
    void what_is_acknowledged_to_a_listener_of_the_manager_holds() throws SQLException {
        manager.addListener(new TransactionExecutionListener() {
            @Override
            public void beforeCommit(TransactionExecution transaction) {
                revoke();
            }

            @Override
            public void afterCommit(TransactionExecution transaction, Throwable failure) {
                revoke();
            }
        });
        new TransactionTemplate(manager).executeWithoutResult(status -> order("a new laptop"));
        assertThat(refused).hasSize(1);
        assertThat(acknowledged).containsExactly(true);
        assertThatTheAcknowledgedHolds();
    }

    @Test
    void a_listeners_revocation_before_a_rollback_commits_nothing_of_the_host() throws SQLException {
        manager.addListener(new TransactionExecutionListener() {
            @Override
            public void beforeRollback(TransactionExecution transaction) {
                revoke();
            }
        });
        new TransactionTemplate(manager).executeWithoutResult(status -> {
            order("a new laptop");
            status.setRollbackOnly();
        });
        assertThat(refused).hasSize(1);
        assertThat(database.orders()).isEmpty();
    }

    private void runToItsFailure(Consumer<TransactionStatus> work) {
        assertThatExceptionOfType(TransactionSystemException.class)
                .isThrownBy(() -> new TransactionTemplate(manager).executeWithoutResult(work));
    }

    private void revoke() {
        try {
            acknowledged.add(store.revoke(ALICE, LAPTOP, revocation()));
        } catch (IllegalStateException e) {
            refused.add(e);
        } catch (TokenStoreException e) {
            // Not acknowledged.
        }
    }

    private void order(String item) {
        try {
            HostDatabase.order(DataSourceUtils.getConnection(database.pool()), item);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void afterCompletion(Runnable work) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                work.run();
            }
        });
    }

    private void assertThatTheAcknowledgedHolds() throws SQLException {
        assertThat(database.revokedTokens()).hasSize(acknowledged.contains(true) ? 1 : 0);
    }
}
