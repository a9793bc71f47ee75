package io.tokenstore.jdbc;

import static io.tokenstore.jdbc.HostDatabase.ALICE;
import static io.tokenstore.jdbc.HostDatabase.LAPTOP;
import static io.tokenstore.jdbc.HostDatabase.PHONE;
import static io.tokenstore.jdbc.HostDatabase.order;
import static io.tokenstore.jdbc.HostDatabase.revocation;
import static io.tokenstore.jdbc.HostDatabase.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.TokenStore;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionAspectSupport;
import org.springframework.transaction.support.TransactionTemplate;

/** The host's transactions are Spring's. */
@ParameterizedClass
@EnumSource
class HostTransactionBySpringTest extends HostTransactionContract {

    private AnnotationConfigApplicationContext application;
    private HostService service;
    private TransactionAwareDataSourceProxy dataSource;

    @BeforeParameterizedClassInvocation
    void startTheApplication() {
        application = new AnnotationConfigApplicationContext();
        application.registerBean("pool", DataSource.class, () -> recorder.recorded(database.pool()));
        application.register(HostApplication.class);
        application.refresh();
        service = application.getBean(HostService.class);
        dataSource = application.getBean(TransactionAwareDataSourceProxy.class);
    }

    @AfterParameterizedClassInvocation
    void closeTheApplication() {
        application.close();
    }

    @Override
    void inTransaction(HostWork work) throws SQLException {
        service.inTransaction(work);
    }

    @Test
    void outside_a_transaction_the_store_commits_by_itself() throws SQLException {
        TokenStore store = application.getBean(TokenStore.class);
        assertThat(store.revoke(ALICE, LAPTOP, revocation())).isTrue();
        assertThat(database.revokedTokens()).containsExactly("laptop");
        assertThat(recorder.interventions()).endsWith("close");
        assertThat(recorder.interventions().contains("commit"))
                .isNotEqualTo(database.pool().isAutoCommit());
        store.add(token(TABLET));
        assertThat(database.tokens()).containsExactly("laptop", "phone", "tablet");
    }

    @Test
    void outside_a_transaction_but_within_Springs_scope_the_store_commits_by_itself() {
        assertThatExceptionOfType(HostFailure.class)
                .isThrownBy(() -> service.withoutTransaction((store, connection) -> {
                    store.revoke(ALICE, LAPTOP, revocation());
                    assertThat(database.revokedTokens()).containsExactly("laptop");
                    throw new HostFailure();
                }))
                .satisfies(e -> assertThat(database.revokedTokens()).containsExactly("laptop"));
    }

    @Test
    void a_transaction_that_can_only_roll_back_leaves_nothing() throws SQLException {
        service.inTransaction((store, connection) -> {
            order(connection, "a new laptop");
            store.revoke(ALICE, LAPTOP, revocation());
            TransactionAspectSupport.currentTransactionStatus().setRollbackOnly();
        });
        assertThatNothingIsLeft();
    }

    @Test
    void a_new_transaction_within_another_keeps_its_own_alone() throws SQLException {
        assertThatExceptionOfType(HostFailure.class)
                .isThrownBy(() -> service.inTransaction((store, connection) -> {
                    store.revoke(ALICE, LAPTOP, revocation());
                    service.inNewTransaction((sameStore, another) -> {
                        order(another, "a new phone");
                        sameStore.revoke(ALICE, PHONE, revocation());
                    });
                    throw new HostFailure();
                }));
        assertThat(database.revokedTokens()).containsExactly("phone");
        assertThat(database.orders()).containsExactly("a new phone");
    }

    @Test
    void a_nested_transaction_saves_the_outer_one_from_an_exception() throws SQLException {
        service.inTransaction((store, connection) -> {
            store.revoke(ALICE, LAPTOP, revocation());
            assertThatExceptionOfType(DuplicateTokenException.class)
                    .isThrownBy(() -> service.inNestedTransaction((sameStore, same) -> {
                        sameStore.revoke(ALICE, PHONE, revocation());
                        sameStore.add(token(PHONE));
                    }));
            store.add(token(TABLET));
        });
        assertThat(database.revokedTokens()).containsExactly("laptop");
        assertThat(database.tokens()).containsExactly("laptop", "phone", "tablet");
    }

    @Test
    void a_transaction_on_another_data_source_is_not_taken_for_one_on_the_stores() throws SQLException {
        JdbcConnectionPool another = H2.memory();
        new TransactionTemplate(new JdbcTransactionManager(another))
                .executeWithoutResult(
                        status -> application.getBean(TokenStore.class).revoke(ALICE, LAPTOP, revocation()));
        another.dispose();
        assertThat(database.revokedTokens()).containsExactly("laptop");
    }

    @Test
    void a_store_unaware_of_host_transactions_commits_the_hosts_work_with_its_own() throws SQLException {
        TokenStore mistaken = JdbcTokenStore.create(dataSource);
        assertThatExceptionOfType(HostFailure.class)
                .isThrownBy(() -> service.inTransaction((store, connection) -> {
                    order(connection, "a new laptop");
                    mistaken.revoke(ALICE, LAPTOP, revocation());
                    throw new HostFailure();
                }));
        assertThat(database.revokedTokens()).containsExactly("laptop");
        assertThat(database.orders()).containsExactly("a new laptop");
    }

    @Test
    void a_store_unaware_of_host_transactions_rolls_back_the_hosts_work_if_it_fails() throws SQLException {
        TokenStore mistaken = JdbcTokenStore.create(dataSource);
        service.inTransaction((store, connection) -> {
            order(connection, "a new laptop");
            assertThatExceptionOfType(DuplicateTokenException.class).isThrownBy(() -> mistaken.add(token(LAPTOP)));
            order(connection, "a new phone");
        });
        assertThat(database.orders()).containsExactly("a new phone");
    }

    /** A service as hosts write them. */
    static class HostService {

        private final TokenStore store;
        private final TransactionAwareDataSourceProxy dataSource;

        HostService(TokenStore store, TransactionAwareDataSourceProxy dataSource) {
            this.store = store;
            this.dataSource = dataSource;
        }

        @Transactional
        public void inTransaction(HostWork work) throws SQLException {
            run(work);
        }

        @Transactional(propagation = Propagation.REQUIRES_NEW)
        public void inNewTransaction(HostWork work) throws SQLException {
            run(work);
        }

        @Transactional(propagation = Propagation.NESTED)
        public void inNestedTransaction(HostWork work) throws SQLException {
            run(work);
        }

        @Transactional(propagation = Propagation.NOT_SUPPORTED)
        public void withoutTransaction(HostWork work) throws SQLException {
            run(work);
        }

        private void run(HostWork work) throws SQLException {
            try (Connection connection = dataSource.getConnection()) {
                work.on(store, connection);
            }
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class HostApplication {

        @Bean
        TransactionAwareDataSourceProxy dataSource(DataSource pool) {
            return new TransactionAwareDataSourceProxy(pool);
        }

        @Bean
        JdbcTransactionManager transactionManager(DataSource pool) {
            return new JdbcTransactionManager(pool);
        }

        @Bean
        TokenStore tokenStore(DataSource pool, JdbcTransactionManager manager) {
            SpringTransactions transactions = new SpringTransactions(pool, manager);
            return JdbcTokenStore.create(transactions, transactions);
        }

        @Bean
        HostService hostService(TokenStore store, TransactionAwareDataSourceProxy dataSource) {
            return new HostService(store, dataSource);
        }
    }
}
