package io.tokenstore.jdbc;

import static io.tokenstore.jdbc.HostDatabase.ALICE;
import static io.tokenstore.jdbc.HostDatabase.LAPTOP;
import static io.tokenstore.jdbc.HostDatabase.NOW;
import static io.tokenstore.jdbc.HostDatabase.PHONE;
import static io.tokenstore.jdbc.HostDatabase.revocation;
import static io.tokenstore.jdbc.HostDatabase.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The host begins and ends its transactions on the connection itself. */
@ParameterizedClass
@EnumSource
class HostTransactionByJdbcTest extends HostTransactionContract {

    @Override
    void inTransaction(HostWork work) throws SQLException {
        try (Connection connection = database.pool().getConnection()) {
            connection.setAutoCommit(false);
            Connection recorded = recorder.recorded(connection);
            try {
                work.on(JdbcTokenStore.joining(recorded), recorded);
                connection.commit();
            } catch (RuntimeException | SQLException e) {
                connection.rollback();
                throw e;
            }
        }
    }

    @Test
    void on_a_connection_with_autocommit_each_statement_commits_by_itself() throws SQLException {
        try (Connection connection = database.pool().getConnection()) {
            connection.setAutoCommit(true);
            Connection recorded = recorder.recorded(connection);
            TokenStore store = JdbcTokenStore.joining(recorded);
            store.revoke(ALICE, LAPTOP, revocation());
            assertThat(database.revokedTokens()).containsExactly("laptop");
            store.add(token(TABLET));
            assertThat(database.tokens()).containsExactly("laptop", "phone", "tablet");
            store.purge(NOW.plusSeconds(1), null, 10);
            assertThat(database.tokens()).containsExactly("phone", "tablet");
            store.revokeAll(ALICE, revocation());
            assertThat(database.revokedTokens()).containsExactly("phone", "tablet");
            assertThat(recorder.interventions()).isEmpty();
            assertThat(connection.getAutoCommit()).isTrue();
        }
    }

    @Test
    void a_savepoint_of_the_hosts_saves_its_transaction_from_an_exception() throws SQLException {
        inTransaction((store, connection) -> {
            store.revoke(ALICE, LAPTOP, revocation());
            Savepoint savepoint = connection.setSavepoint();
            assertThatExceptionOfType(DuplicateTokenException.class).isThrownBy(() -> store.add(token(PHONE)));
            connection.rollback(savepoint);
            store.add(token(TABLET));
        });
        assertThat(database.revokedTokens()).containsExactly("laptop");
        assertThat(database.tokens()).containsExactly("laptop", "phone", "tablet");
    }

    @Test
    void after_an_exception_a_commit_keeps_earlier_work_except_on_postgres() throws SQLException {
        inTransaction((store, connection) -> {
            store.revoke(ALICE, LAPTOP, revocation());
            assertThatExceptionOfType(DuplicateTokenException.class).isThrownBy(() -> store.add(token(PHONE)));
        });
        assertThat(database.revokedTokens().isEmpty()).isEqualTo(database.kind() == HostPool.Database.POSTGRES);
    }

    @Test
    void one_store_serves_one_transaction_after_the_other_on_its_connection() throws SQLException {
        try (Connection connection = database.pool().getConnection()) {
            connection.setAutoCommit(false);
            TokenStore store = JdbcTokenStore.joining(connection);
            store.revoke(ALICE, LAPTOP, revocation());
            connection.rollback();
            assertThat(database.revokedTokens()).isEmpty();
            store.revoke(ALICE, PHONE, revocation());
            connection.commit();
            assertThat(database.revokedTokens()).containsExactly("phone");
        }
    }

    @Test
    void a_connection_that_the_host_has_closed_is_a_failure() throws SQLException {
        Connection connection = database.pool().getConnection();
        TokenStore store = JdbcTokenStore.joining(connection);
        connection.close();
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> store.revoke(ALICE, LAPTOP, revocation()));
        assertThatNothingIsLeft();
    }
}
