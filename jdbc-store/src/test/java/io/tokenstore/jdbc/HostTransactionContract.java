package io.tokenstore.jdbc;

import static io.tokenstore.jdbc.HostDatabase.ALICE;
import static io.tokenstore.jdbc.HostDatabase.LAPTOP;
import static io.tokenstore.jdbc.HostDatabase.NOW;
import static io.tokenstore.jdbc.HostDatabase.PHONE;
import static io.tokenstore.jdbc.HostDatabase.order;
import static io.tokenstore.jdbc.HostDatabase.revocation;
import static io.tokenstore.jdbc.HostDatabase.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.service.Caller;
import io.tokenstore.service.Status;
import io.tokenstore.service.TokenServices;
import io.tokenstore.service.UnsuccessfulResultException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;

/** What holds of a store within a transaction of its host's, whatever begins and ends that. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HostTransactionContract {

    static final TokenId TABLET = new TokenId("tablet");

    final ConnectionRecorder recorder = new ConnectionRecorder();
    HostDatabase database;

    @Parameter
    HostPool pool;

    /** What a host does in one transaction, on its own rows by the connection and on tokens by the store. */
    interface HostWork {
        void on(TokenStore store, Connection connection) throws SQLException;
    }

    /** Runs the work in a transaction that commits, or rolls back and lets out what the work throws. */
    abstract void inTransaction(HostWork work) throws SQLException;

    @BeforeParameterizedClassInvocation
    void openTheDatabase() throws SQLException {
        database = new HostDatabase(pool);
    }

    @BeforeEach
    void startOver() throws SQLException {
        database.startOver();
        recorder.startOver();
    }

    @AfterParameterizedClassInvocation
    void closeTheDatabase() throws SQLException {
        database.close();
    }

    @Test
    void what_is_written_within_it_is_provisional() throws Exception {
        inTransaction(
                (store, connection) -> assertThat(store.inHostTransaction()).isTrue());
        assertThat(JdbcTokenStore.create(database.pool()).inHostTransaction()).isFalse();
    }

    @Test
    void the_hosts_commit_keeps_exactly_its_own() throws SQLException {
        inTransaction((store, connection) -> {
            order(connection, "a new laptop");
            assertThat(store.revoke(ALICE, LAPTOP, revocation())).isTrue();
        });
        assertThat(database.revokedTokens()).containsExactly("laptop");
        assertThat(database.orders()).containsExactly("a new laptop");
    }

    @Test
    void the_hosts_rollback_leaves_every_token_alive() throws SQLException {
        Revocation rolledBack = revocation();
        rollingBack((store, connection) -> {
            assertThat(store.revoke(ALICE, LAPTOP, rolledBack)).isTrue();
        });
        assertThat(database.revokedTokens()).isEmpty();
        inTransaction((store, connection) ->
                assertThat(store.revoke(ALICE, LAPTOP, revocation())).isTrue());
        assertThat(database.revokedTokens()).containsExactly("laptop");
    }

    @Test
    void before_the_hosts_commit_nobody_else_sees_anything() throws SQLException {
        inTransaction((store, connection) -> {
            order(connection, "a new laptop");
            store.revoke(ALICE, LAPTOP, revocation());
            store.add(token(TABLET));
            assertThat(database.revokedTokens()).isEmpty();
            assertThat(database.tokens()).doesNotContain("tablet");
            assertThat(database.orders()).isEmpty();
        });
        assertThat(database.tokens()).contains("tablet");
    }

    @Test
    void the_store_executes_its_statements_and_asks_nothing_else_of_the_hosts_connection() throws SQLException {
        rollingBack((store, connection) -> {
            assertExecutesOnly(() -> store.add(token(TABLET)), "INSERT");
            assertExecutesOnly(() -> store.find(TABLET), "SELECT");
            assertExecutesOnly(() -> store.list(ALICE, null, 10), "SELECT");
            assertExecutesOnly(() -> store.revoke(ALICE, TABLET, revocation()), "UPDATE");
            assertExecutesOnly(() -> store.findAll(List.of(TABLET, PHONE)), "SELECT");
            assertExecutesOnly(() -> store.scan(null, 10), "SELECT");
            assertExecutesOnly(() -> store.activate(ALICE, PHONE), "UPDATE");
            assertExecutesOnly(() -> store.revokeAll(ALICE, revocation()), "UPDATE", "UPDATE");
            assertExecutesOnly(() -> store.purge(NOW.plusSeconds(1), null, 10), "SELECT", "DELETE");
            assertThat(connection.isClosed()).isFalse();
        });
    }

    @Test
    void a_conflict_fails_at_once_and_is_not_repeated() throws SQLException {
        try (Connection other = database.lock(LAPTOP)) {
            rollingBack((store, connection) -> {
                order(connection, "a new laptop");
                assertExecutesOnly(
                        () -> assertThatExceptionOfType(TokenStoreException.class)
                                .isThrownBy(() -> store.revoke(ALICE, LAPTOP, revocation()))
                                .returns(Applied.NO, TokenStoreException::applied),
                        "UPDATE");
            });
            other.rollback();
        }
    }

    @Test
    void after_an_exception_the_host_can_only_roll_back() throws SQLException {
        rollingBack((store, connection) -> {
            order(connection, "a new laptop");
            store.revoke(ALICE, PHONE, revocation());
            assertExecutesOnly(
                    () -> assertThatExceptionOfType(DuplicateTokenException.class)
                            .isThrownBy(() -> store.add(token(LAPTOP))),
                    "INSERT");
            if (database.kind() == HostPool.Database.POSTGRES) {
                assertThatExceptionOfType(TokenStoreException.class)
                        .isThrownBy(() -> store.revoke(ALICE, LAPTOP, revocation()))
                        .returns(Applied.NO, TokenStoreException::applied);
            }
        });
    }

    @Test
    void an_answer_other_than_OK_rolls_the_host_back_where_it_is_thrown() throws SQLException {
        assertThatExceptionOfType(UnsuccessfulResultException.class)
                .isThrownBy(() -> inTransaction((store, connection) -> {
                    order(connection, "a new tablet");
                    store.revoke(ALICE, LAPTOP, revocation());
                    TokenServices.builder(store)
                            .build()
                            .revocation()
                            .revoke(Caller.user(ALICE), "alice", "tablet")
                            .orElseThrow();
                }))
                .returns(Status.NOT_FOUND, UnsuccessfulResultException::status);
        assertThatNothingIsLeft();
    }

    @Test
    void an_answer_of_OK_becomes_true_with_the_hosts_commit() throws SQLException {
        inTransaction((store, connection) -> TokenServices.builder(store)
                .build()
                .revocation()
                .revoke(Caller.user(ALICE), "alice", "laptop")
                .orElseThrow());
        assertThat(database.revokedTokens()).containsExactly("laptop");
    }

    @Test
    void add_and_find_are_part_of_the_hosts_transaction() throws SQLException {
        rollingBack((store, connection) -> {
            store.add(token(TABLET));
            assertThat(store.find(TABLET)).contains(token(TABLET));
        });
    }

    @Test
    void list_is_part_of_the_hosts_transaction() throws SQLException {
        rollingBack((store, connection) -> {
            store.add(token(TABLET));
            assertThat(store.list(ALICE, null, 10).tokens())
                    .containsExactly(token(LAPTOP), token(PHONE), token(TABLET));
        });
    }

    @Test
    void revoke_is_part_of_the_hosts_transaction() throws SQLException {
        Revocation revocation = revocation();
        rollingBack((store, connection) -> {
            store.add(token(TABLET));
            assertThat(store.revoke(ALICE, TABLET, revocation)).isTrue();
            assertThat(store.revoke(ALICE, TABLET, revocation())).isFalse();
            assertThat(store.revoke(ALICE, TABLET, revocation)).isTrue();
            assertThat(store.find(TABLET)).contains(token(TABLET).withRevocation(revocation));
        });
    }

    @Test
    void revokeAll_is_part_of_the_hosts_transaction() throws SQLException {
        rollingBack((store, connection) -> {
            store.add(token(TABLET));
            assertThat(store.revokeAll(ALICE, revocation())).isEqualTo(3);
            assertThat(store.revokeAll(ALICE, revocation())).isZero();
        });
    }

    @Test
    void revokeAll_ends_though_an_old_snapshot_shows_a_revoked_token_as_live() throws SQLException {
        inTransaction((store, connection) -> {
            assertThat(store.list(ALICE, null, 10).tokens()).hasSize(2);
            JdbcTokenStore.create(database.pool()).revoke(ALICE, LAPTOP, revocation());
            assertThat(store.revokeAll(ALICE, revocation())).isEqualTo(1);
        });
    }

    @Test
    void purge_is_part_of_the_hosts_transaction() throws SQLException {
        rollingBack((store, connection) -> {
            store.add(token(TABLET));
            store.revokeAll(ALICE, revocation());
            assertThat(store.purge(NOW.plusSeconds(1), null, 10)).isEqualTo(new PurgePage(3, null));
            assertThat(store.find(TABLET)).isEmpty();
        });
    }

    private void rollingBack(HostWork work) throws SQLException {
        HostFailure failure = new HostFailure();
        assertThatExceptionOfType(HostFailure.class)
                .isThrownBy(() -> inTransaction((store, connection) -> {
                    work.on(store, connection);
                    throw failure;
                }));
        assertThatNothingIsLeft();
    }

    final void assertThatNothingIsLeft() throws SQLException {
        assertThat(database.tokens()).containsExactly("laptop", "phone");
        assertThat(database.revokedTokens()).isEmpty();
        assertThat(database.orders()).isEmpty();
    }

    private void assertExecutesOnly(Runnable call, String... verbs) {
        recorder.startOver();
        call.run();
        assertThat(recorder.interventions()).isEmpty();
        assertThat(recorder.executions()).extracting(sql -> sql.split(" ")[0]).isEqualTo(List.of(verbs));
    }

    /** What goes wrong in a host after its work with the store. */
    static final class HostFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
