package io.tokenstore.jdbc;

import static io.tokenstore.jdbc.HostDatabase.ALICE;
import static io.tokenstore.jdbc.HostDatabase.LAPTOP;
import static io.tokenstore.jdbc.HostDatabase.order;
import static io.tokenstore.jdbc.HostDatabase.revocation;
import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.TokenStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
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
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** In whatever phase of a host's transaction a revocation is acknowledged, it holds unless the host rolls it back. */
@ParameterizedClass
@EnumSource
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostTransactionPhasesTest {

    @Parameter
    HostPool pool;

    private HostDatabase database;
    private AnnotationConfigApplicationContext application;
    private JdbcTransactionManager manager;
    private TokenStore own;
    private TokenStore supplied;

    /** Where in the host's transaction the revocation comes. */
    enum Phase {
        WITHIN_A_COMMIT(true, false),
        WITHIN_A_ROLLBACK(false, false),
        BEFORE_COMMIT(true, false),
        BEFORE_COMPLETION_BY_COMMIT(true, false),
        BEFORE_COMPLETION_BY_ROLLBACK(false, false),
        AFTER_COMMIT(true, true),
        AFTER_COMPLETION_BY_COMMIT(true, true),
        AFTER_COMPLETION_BY_ROLLBACK(false, true),
        EVENT_BEFORE_COMMIT(true, false),
        EVENT_AFTER_COMMIT(true, true),
        EVENT_AFTER_ROLLBACK(false, true),
        EVENT_AFTER_COMPLETION_BY_COMMIT(true, true),
        EVENT_AFTER_COMPLETION_BY_ROLLBACK(false, true);

        private final boolean commits;
        private final boolean ended;

        Phase(boolean commits, boolean ended) {
            this.commits = commits;
            this.ended = ended;
        }
    }

    /** Who tells the store that there is a transaction. */
    enum Wiring {
        OWN,
        SUPPLIER,
        JOINING
    }

    /** What a phase does. */
    interface Work {
        void run();
    }

    static Stream<Arguments> every_phase() {
        List<Arguments> every = new ArrayList<>();
        for (Wiring wiring : Wiring.values()) {
            for (Phase phase : Phase.values()) {
                for (Propagation inner : Propagation.values()) {
                    if (inner != Propagation.MANDATORY && inner != Propagation.NEVER) {
                        every.add(Arguments.of(wiring, phase, inner));
                    }
                }
            }
        }
        return every.stream();
    }

    @BeforeParameterizedClassInvocation
    void start() throws SQLException {
        database = new HostDatabase(pool);
        manager = new JdbcTransactionManager(database.pool());
        application = new AnnotationConfigApplicationContext();
        application.registerBean(JdbcTransactionManager.class, () -> manager);
        application.register(HostApplication.class);
        application.refresh();
        own = JdbcTokenStore.create(database.pool());
        SpringTransactions transactions = new SpringTransactions(database.pool(), manager);
        supplied = JdbcTokenStore.create(transactions, transactions);
    }

    @BeforeEach
    void startOver() throws SQLException {
        database.startOver();
    }

    @AfterParameterizedClassInvocation
    void stop() throws SQLException {
        application.close();
        database.close();
    }

    @ParameterizedTest
    @MethodSource("every_phase")
    void an_acknowledged_revocation_holds_unless_the_host_rolls_it_back(Wiring wiring, Phase phase, Propagation inner)
            throws SQLException {
        List<Boolean> answers = new ArrayList<>();
        inPhase(phase, () -> {
            TransactionTemplate scope = new TransactionTemplate(manager);
            scope.setPropagationBehavior(inner.value());
            try {
                scope.executeWithoutResult(status -> answers.add(revoke(wiring, isOver(phase, inner))));
            } catch (TransactionSystemException e) {
                // In a transaction that is over there is no savepoint to release.
                assertThat(isOver(phase, inner) && inner == Propagation.NESTED).isTrue();
            }
        });
        assertThat(answers).containsExactly(true);
        boolean rolledBack = !phase.commits && !isOver(phase, inner) && isOuter(inner) && wiring != Wiring.OWN;
        assertThat(database.revokedTokens()).hasSize(rolledBack ? 0 : 1);
        assertThat(database.orders()).hasSize(phase.commits ? 1 : 0);
    }

    /** Runs the work in that phase of a transaction that also orders something. */
    private void inPhase(Phase phase, Work work) {
        new TransactionTemplate(manager).executeWithoutResult(status -> {
            try {
                order(DataSourceUtils.getConnection(database.pool()), "a new laptop");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            if (phase.name().startsWith("WITHIN")) {
                work.run();
            } else if (phase.name().startsWith("EVENT")) {
                application.publishEvent(new Told(phase, work));
            } else {
                TransactionSynchronizationManager.registerSynchronization(new Callback(phase, work));
            }
            if (!phase.commits) {
                status.setRollbackOnly();
            }
        });
    }

    private static boolean isOuter(Propagation inner) {
        return inner != Propagation.REQUIRES_NEW && inner != Propagation.NOT_SUPPORTED;
    }

    private static boolean isOver(Phase phase, Propagation inner) {
        return inner == Propagation.NOT_SUPPORTED || (phase.ended && inner != Propagation.REQUIRES_NEW);
    }

    private boolean revoke(Wiring wiring, boolean over) {
        return switch (wiring) {
            case OWN -> own.revoke(ALICE, LAPTOP, revocation());
            case SUPPLIER -> supplied.revoke(ALICE, LAPTOP, revocation());
            case JOINING -> revokeJoining(over);
        };
    }

    /** Nobody but the caller commits what joins a connection whose transaction is over. */
    private boolean revokeJoining(boolean over) {
        Connection connection = DataSourceUtils.getConnection(database.pool());
        try {
            boolean revoked = JdbcTokenStore.joining(connection).revoke(ALICE, LAPTOP, revocation());
            if (over && !connection.getAutoCommit()) {
                connection.commit();
            }
            return revoked;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } finally {
            DataSourceUtils.releaseConnection(connection, database.pool());
        }
    }

    /** A host's own callback. */
    private record Callback(Phase phase, Work work) implements TransactionSynchronization {

        @Override
        public void beforeCommit(boolean readOnly) {
            runIn("BEFORE_COMMIT");
        }

        @Override
        public void beforeCompletion() {
            runIn("BEFORE_COMPLETION");
        }

        @Override
        public void afterCommit() {
            runIn("AFTER_COMMIT");
        }

        @Override
        public void afterCompletion(int status) {
            runIn("AFTER_COMPLETION");
        }

        private void runIn(String name) {
            if (phase.name().startsWith(name)) {
                work.run();
            }
        }
    }

    /** What a host's listeners hear of. */
    record Told(Phase phase, Work work) {

        void in(Phase... phases) {
            if (List.of(phases).contains(phase)) {
                work.run();
            }
        }
    }

    /** Listeners as hosts write them. */
    static class Listeners {

        @TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT)
        void beforeCommit(Told told) {
            told.in(Phase.EVENT_BEFORE_COMMIT);
        }

        @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
        void afterCommit(Told told) {
            told.in(Phase.EVENT_AFTER_COMMIT);
        }

        @TransactionalEventListener(phase = TransactionPhase.AFTER_ROLLBACK)
        void afterRollback(Told told) {
            told.in(Phase.EVENT_AFTER_ROLLBACK);
        }

        @TransactionalEventListener(phase = TransactionPhase.AFTER_COMPLETION)
        void afterCompletion(Told told) {
            told.in(Phase.EVENT_AFTER_COMPLETION_BY_COMMIT, Phase.EVENT_AFTER_COMPLETION_BY_ROLLBACK);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class HostApplication {

        @Bean
        Listeners listeners() {
            return new Listeners();
        }
    }
}
