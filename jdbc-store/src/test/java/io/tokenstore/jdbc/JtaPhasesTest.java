package io.tokenstore.jdbc;

import static io.tokenstore.jdbc.HostDatabase.ALICE;
import static io.tokenstore.jdbc.HostDatabase.LAPTOP;
import static io.tokenstore.jdbc.HostDatabase.order;
import static io.tokenstore.jdbc.HostDatabase.revocation;
import static org.assertj.core.api.Assertions.assertThat;

import com.arjuna.ats.arjuna.common.arjPropertyManager;
import com.arjuna.ats.internal.arjuna.objectstore.VolatileStore;
import com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionManagerImple;
import com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple;
import com.arjuna.ats.internal.jta.transaction.arjunacore.UserTransactionImple;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.narayana.NarayanaTransactionIntegration;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.jta.JtaTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The transactions are those of JTA, by Agroal and Narayana as in Quarkus, begun by themselves or by Spring. */
@ParameterizedClass
@EnumSource
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JtaPhasesTest {

    private static final TransactionManager TRANSACTIONS = narayana();
    private static final TransactionSynchronizationRegistry REGISTRY = new TransactionSynchronizationRegistryImple();

    /** Agroal gives no connection to a thread whose transaction has rolled back. */
    private static final Set<Phase> AFTER_A_ROLLBACK =
            EnumSet.of(Phase.AFTER_COMPLETION_BY_ROLLBACK, Phase.INTERPOSED_AFTER_COMPLETION_BY_ROLLBACK);

    @Parameter
    HostPool pool;

    private HostDatabase database;
    private AgroalDataSource dataSource;
    private TokenStore store;
    private JtaTransactionManager spring;

    /** Where in the host's transaction the revocation comes. */
    enum Phase {
        WITHIN_A_COMMIT(true, false),
        WITHIN_A_ROLLBACK(false, false),
        MARKED_TO_ROLL_BACK(false, false),
        BEFORE_COMPLETION(true, false),
        INTERPOSED_BEFORE_COMPLETION(true, false),
        AFTER_COMPLETION_BY_COMMIT(true, true),
        AFTER_COMPLETION_BY_ROLLBACK(false, true),
        INTERPOSED_AFTER_COMPLETION_BY_COMMIT(true, true),
        INTERPOSED_AFTER_COMPLETION_BY_ROLLBACK(false, true),
        SPRINGS_BEFORE_COMMIT(true, false),
        SPRINGS_AFTER_COMMIT(true, true),
        SPRINGS_AFTER_COMPLETION_BY_COMMIT(true, true),
        SPRINGS_AFTER_COMPLETION_BY_ROLLBACK(false, true);

        private final boolean commits;
        private final boolean ended;

        Phase(boolean commits, boolean ended) {
            this.commits = commits;
            this.ended = ended;
        }
    }

    private static TransactionManager narayana() {
        arjPropertyManager.getObjectStoreEnvironmentBean().setObjectStoreType(VolatileStore.class.getName());
        return new TransactionManagerImple();
    }

    static Stream<Arguments> every_phase() {
        return Stream.of(Phase.values())
                .flatMap(phase -> Stream.of(Propagation.REQUIRED, Propagation.REQUIRES_NEW, Propagation.NOT_SUPPORTED)
                        .map(inner -> Arguments.of(phase, inner)));
    }

    // tag::jta[]
    static BooleanSupplier inTransaction(TransactionSynchronizationRegistry registry) {
        return () -> switch (registry.getTransactionStatus()) {
            case Status.STATUS_ACTIVE, Status.STATUS_MARKED_ROLLBACK -> true;
            // In callbacks after the end nobody commits what is written there, unless the store does.
            case Status.STATUS_NO_TRANSACTION, Status.STATUS_COMMITTED, Status.STATUS_ROLLEDBACK -> false;
            default -> throw new IllegalStateException("the transaction is ending, or its end is not known");
        };
    }
    // end::jta[]

    @BeforeParameterizedClassInvocation
    void start() throws SQLException {
        database = new HostDatabase(pool);
        dataSource = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(agroal -> agroal.maxSize(3)
                        .transactionIntegration(new NarayanaTransactionIntegration(TRANSACTIONS, REGISTRY))
                        .connectionFactoryConfiguration(
                                factory -> factory.jdbcUrl(database.pool().getJdbcUrl())
                                        .autoCommit(database.pool().isAutoCommit()))));
        store = JdbcTokenStore.create(dataSource, inTransaction(REGISTRY));
        spring = new JtaTransactionManager(new UserTransactionImple(), TRANSACTIONS);
    }

    @BeforeEach
    void startOver() throws SQLException {
        database.startOver();
    }

    @AfterParameterizedClassInvocation
    void stop() throws SQLException {
        dataSource.close();
        database.close();
    }

    @ParameterizedTest
    @MethodSource("every_phase")
    void an_acknowledged_revocation_holds_unless_the_host_rolls_it_back(Phase phase, Propagation inner)
            throws Exception {
        List<Object> answers = new ArrayList<>();
        Runnable work = () -> {
            TransactionTemplate scope = new TransactionTemplate(spring);
            scope.setPropagationBehavior(inner.value());
            try {
                scope.executeWithoutResult(status -> answers.add(revoke()));
            } catch (RuntimeException e) {
                answers.add(e);
            }
        };
        if (phase.name().startsWith("SPRINGS")) {
            inSpringsPhase(phase, work);
        } else {
            inPhase(phase, work);
        }
        boolean refused = AFTER_A_ROLLBACK.contains(phase) && inner == Propagation.REQUIRED;
        assertThat(answers).hasSize(1).extracting(Boolean.TRUE::equals).containsExactly(!refused);
        boolean rolledBack = !phase.commits && !phase.ended && inner == Propagation.REQUIRED;
        assertThat(database.revokedTokens()).hasSize(refused || rolledBack ? 0 : 1);
        assertThat(database.orders()).hasSize(phase.commits ? 1 : 0);
    }

    private Object revoke() {
        try {
            return store.revoke(ALICE, LAPTOP, revocation());
        } catch (TokenStoreException | IllegalStateException e) {
            return e;
        }
    }

    private void inPhase(Phase phase, Runnable work) throws Exception {
        TRANSACTIONS.begin();
        try (Connection connection = dataSource.getConnection()) {
            order(connection, "a new laptop");
        }
        switch (phase) {
            case WITHIN_A_COMMIT, WITHIN_A_ROLLBACK -> work.run();
            case MARKED_TO_ROLL_BACK -> {
                TRANSACTIONS.setRollbackOnly();
                work.run();
            }
            case INTERPOSED_BEFORE_COMPLETION,
                    INTERPOSED_AFTER_COMPLETION_BY_COMMIT,
                    INTERPOSED_AFTER_COMPLETION_BY_ROLLBACK ->
                REGISTRY.registerInterposedSynchronization(new Callback(phase, work));
            default -> TRANSACTIONS.getTransaction().registerSynchronization(new Callback(phase, work));
        }
        if (phase.commits) {
            TRANSACTIONS.commit();
        } else {
            TRANSACTIONS.rollback();
        }
    }

    private void inSpringsPhase(Phase phase, Runnable work) {
        new TransactionTemplate(spring).executeWithoutResult(status -> {
            try (Connection connection = dataSource.getConnection()) {
                order(connection, "a new laptop");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            TransactionSynchronizationManager.registerSynchronization(new SpringCallback(phase, work));
            if (!phase.commits) {
                status.setRollbackOnly();
            }
        });
    }

    /** A host's own callback. */
    private record Callback(Phase phase, Runnable work) implements Synchronization {

        @Override
        public void beforeCompletion() {
            if (phase.name().contains("BEFORE")) {
                work.run();
            }
        }

        @Override
        public void afterCompletion(int status) {
            if (phase.name().contains("AFTER")) {
                work.run();
            }
        }
    }

    /** A host's own callback, by Spring. */
    private record SpringCallback(Phase phase, Runnable work)
            implements org.springframework.transaction.support.TransactionSynchronization {

        @Override
        public void beforeCommit(boolean readOnly) {
            if (phase == Phase.SPRINGS_BEFORE_COMMIT) {
                work.run();
            }
        }

        @Override
        public void afterCommit() {
            if (phase == Phase.SPRINGS_AFTER_COMMIT) {
                work.run();
            }
        }

        @Override
        public void afterCompletion(int status) {
            if (phase.name().contains("AFTER_COMPLETION")) {
                work.run();
            }
        }
    }
}
