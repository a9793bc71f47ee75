package io.tokenstore.jdbc;

import static io.tokenstore.jdbc.HostDatabase.ALICE;
import static io.tokenstore.jdbc.HostDatabase.LAPTOP;
import static io.tokenstore.jdbc.HostDatabase.order;
import static io.tokenstore.jdbc.HostDatabase.revocation;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The host's transactions are those of its own Jdbi. */
@ParameterizedClass
@EnumSource
class HostTransactionByJdbiTest extends HostTransactionContract {

    private Jdbi jdbi;

    @BeforeParameterizedClassInvocation
    void createJdbi() {
        jdbi = Jdbi.create(recorder.recorded(database.pool()));
    }

    @Override
    void inTransaction(HostWork work) throws SQLException {
        if (database.pool().isAutoCommit()) {
            jdbi.useTransaction(handle -> doIn(handle, work));
        } else {
            jdbi.useHandle(handle -> beginAndEnd(handle, work));
        }
    }

    private static void beginAndEnd(Handle handle, HostWork work) throws SQLException {
        handle.begin();
        try {
            doIn(handle, work);
            handle.commit();
        } catch (RuntimeException | SQLException e) {
            handle.rollback();
            throw e;
        }
    }

    private static void doIn(Handle handle, HostWork work) throws SQLException {
        work.on(JdbcTokenStore.joining(handle.getConnection()), handle.getConnection());
    }

    @Test
    void useTransaction_of_Jdbi_commits_only_on_a_pool_with_autocommit() throws SQLException {
        jdbi.useTransaction(handle -> {
            order(handle.getConnection(), "a new laptop");
            JdbcTokenStore.joining(handle.getConnection()).revoke(ALICE, LAPTOP, revocation());
        });
        boolean committed = database.pool().isAutoCommit();
        assertThat(database.orders()).hasSize(committed ? 1 : 0);
        assertThat(database.revokedTokens()).hasSize(committed ? 1 : 0);
    }

    @Test
    void a_rollback_in_the_handle_leaves_the_token_alive_and_the_handle_usable() throws SQLException {
        jdbi.useHandle(handle -> {
            Connection connection = handle.getConnection();
            handle.begin();
            JdbcTokenStore.joining(connection).revoke(ALICE, LAPTOP, revocation());
            handle.rollback();
            assertThat(database.revokedTokens()).isEmpty();
            handle.begin();
            JdbcTokenStore.joining(connection).revoke(ALICE, LAPTOP, revocation());
            order(connection, "a new laptop");
            handle.commit();
        });
        assertThat(database.revokedTokens()).containsExactly("laptop");
        assertThat(database.orders()).containsExactly("a new laptop");
    }
}
