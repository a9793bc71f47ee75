package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tokenstore.Actor;
import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.jdbc.DriverFaults.Call;
import io.tokenstore.jdbc.DriverFaults.Fault;
import io.tokenstore.jdbc.database.Await;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/** One call on the store, in the midst of which the driver does what drivers do on a bad day; with autocommit and without. */
@ParameterizedClass(name = "autocommit {0}")
@ValueSource(booleans = {true, false})
class DriverFaultTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Owner ALICE = new Owner("alice");
    private static final TokenId ID = new TokenId("t1");
    private static final Duration HURRY = Duration.ofMillis(500);
    private static final String UPDATE = "statement.executeUpdate";
    private static final String QUERY = "statement.executeQuery";
    private static final String COMMIT = "connection.commit";
    private static final String OPEN = "pool.getConnection";
    private static final Fault CONFLICT = failing("40001");
    private static final Fault LOST_BEFORE = failing("08006");
    private static final Fault LOST_AFTER = call -> {
        call.proceed();
        throw new SQLException("the connection was cut", "08006");
    };

    @Parameter
    private boolean autocommit;

    private final Revocation ofAlice = revocation();
    private final JdbcConnectionPool pool = H2.memory();
    private DriverFaults driver;
    private JdbcTokenStore store;

    @BeforeEach
    void keepAToken() {
        JdbcTokenStore.createSchema(pool);
        driver = new DriverFaults(pool, autocommit);
        store = JdbcTokenStore.create(driver.dataSource());
        store.add(token(ID));
        driver.startOver();
    }

    @AfterEach
    void dropTheDatabase() {
        pool.dispose();
    }

    @Test
    void a_revocation_whose_answer_is_lost_is_made_sure_of_by_writing_it_again() throws SQLException {
        for (Fault lost : new Fault[] {LOST_BEFORE, LOST_AFTER}) {
            TokenId id = new TokenId(UUID.randomUUID().toString());
            store.add(token(id));
            driver.startOver();
            driver.next(acknowledgement(), lost);
            Revocation how = revocation();
            assertThat(store.revoke(ALICE, id, how)).isTrue();
            assertThat(driver.count(UPDATE)).isEqualTo(2);
            assertThat(store.revoke(ALICE, id, revocation())).isFalse();
            assertThat(store.find(id).orElseThrow().revocation()).isEqualTo(how);
        }
    }

    @Test
    void an_add_whose_answer_is_lost_returns_once_the_row_was_written_again() throws SQLException {
        driver.next(acknowledgement(), LOST_AFTER);
        Token added = token(new TokenId("t2"));
        store.add(added);
        assertThat(store.find(added.id())).contains(added);
        assertThat(writeParity("t2")).isEqualTo(1);
        assertThat(driver.calls(UPDATE, QUERY)).startsWith(UPDATE, UPDATE, QUERY, UPDATE);
    }

    @Test
    void an_add_whose_answer_is_lost_returns_also_where_its_token_was_revoked_meanwhile() {
        Revocation how = revocation();
        Token added = token(new TokenId("t2"));
        driver.next(acknowledgement(), call -> {
            call.proceed();
            JdbcTokenStore.create(pool).revoke(ALICE, added.id(), how);
            throw new SQLException("the connection was cut", "08006");
        });
        store.add(added);
        assertThat(store.find(added.id())).contains(added.withRevocation(how));
    }

    @Test
    void an_add_whose_answer_is_lost_returns_also_if_its_token_was_activated_meanwhile() {
        Token added = token(new TokenId("t2")).toBuilder().predecessor(ID).build();
        driver.next(acknowledgement(), call -> {
            call.proceed();
            JdbcTokenStore.create(pool).activate(ALICE, added.id());
            throw new SQLException("the connection was cut", "08006");
        });
        store.add(added);
        assertThat(store.find(added.id()).orElseThrow().predecessor()).isNull();
    }

    @Test
    void several_adds_whose_answer_is_lost_return_once_a_row_was_written_again() throws SQLException {
        List<Token> added = List.of(token(new TokenId("t2")), token(new TokenId("t3")));
        driver.next(acknowledgement(), LOST_AFTER);
        store.addAll(added);
        assertThat(store.list(ALICE, ID, 10).tokens()).isEqualTo(added);
        assertThat(writeParity("t2")).isEqualTo(1);
        assertThat(driver.calls(UPDATE, QUERY)).startsWith(UPDATE, UPDATE, QUERY, UPDATE);
    }

    @Test
    void several_adds_of_which_one_is_a_duplicate_keep_none() {
        List<Token> tokens = List.of(token(new TokenId("t0")), token(ID), token(new TokenId("t2")));
        assertThatExceptionOfType(DuplicateTokenException.class).isThrownBy(() -> store.addAll(tokens));
        assertThat(store.list(ALICE, null, 10).tokens()).containsExactly(token(ID));
    }

    @Test
    void an_activation_whose_answer_is_lost_is_made_sure_of_by_writing_it_again() {
        driver.next(acknowledgement(), LOST_AFTER);
        assertThat(store.activate(ALICE, ID)).isTrue();
        assertThat(driver.count(UPDATE)).isEqualTo(2);
    }

    @Test
    void a_revoke_all_that_ran_out_of_time_after_a_page_may_be_applied_and_resumes() {
        int page = OwnerRevocation.PAGE;
        keep(page + 1);
        JdbcTokenStore hurried = JdbcTokenStore.create(
                driver.dataSource(), () -> false, JdbcOptions.defaults().withDeadline(Duration.ofSeconds(5)));
        driver.next(UPDATE, Call::proceed);
        driver.next(UPDATE, call -> {
            Thread.sleep(5_000);
            throw new SQLTransientConnectionException("too late");
        });
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> hurried.revokeAll(ALICE, ofAlice))
                .returns(Applied.UNKNOWN, TokenStoreException::applied);
        assertThat(revokedBy(ofAlice)).isEqualTo(page);
        assertThat(store.revokeAll(ALICE, ofAlice)).isEqualTo(page + 2);
    }

    @Test
    void a_revocation_of_all_that_the_database_refused_after_a_page_may_be_applied() {
        keep(OwnerRevocation.PAGE + 1);
        driver.next(UPDATE, Call::proceed);
        driver.next(UPDATE, failing("42000"));
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> store.revokeAll(ALICE, ofAlice))
                .returns(Applied.UNKNOWN, TokenStoreException::applied);
    }

    @Test
    void a_revocation_of_all_that_is_repeated_writes_one_row() throws SQLException {
        keep(10);
        assertThat(store.revokeAll(ALICE, ofAlice)).isEqualTo(11);
        int written = sumOfParities();
        driver.startOver();
        assertThat(store.revokeAll(ALICE, ofAlice)).isEqualTo(11);
        assertThat(driver.count(UPDATE)).isEqualTo(1);
        assertThat(sumOfParities()).isEqualTo(written + 1);
    }

    @Test
    void a_page_whose_commit_is_in_doubt_is_followed_by_another_write() throws SQLException {
        keep(OwnerRevocation.PAGE);
        String warnings = autocommit ? "statement.getWarnings" : "connection.getWarnings";
        List<String> order = new ArrayList<>();
        driver.always(UPDATE, call -> {
            order.add("update");
            if (order.size() == 2) {
                driver.next(warnings, commit -> {
                    order.add("doubt");
                    return chain("01000");
                });
            }
            return call.proceed();
        });
        assertThat(store.revokeAll(ALICE, ofAlice)).isEqualTo(OwnerRevocation.PAGE + 1);
        assertThat(order).containsExactly("update", "update", "doubt", "update");
    }

    @Test
    void a_revocation_of_all_writes_a_row_also_if_others_were_first_to_what_it_found() {
        keep(1);
        store.revoke(ALICE, ID, ofAlice);
        driver.startOver();
        driver.next(UPDATE, call -> {
            assertThat(JdbcTokenStore.create(pool).revoke(ALICE, id(0), revocation()))
                    .isTrue();
            return call.proceed();
        });
        assertThat(store.revokeAll(ALICE, ofAlice)).isEqualTo(1);
        assertThat(driver.count(UPDATE)).isEqualTo(2);
    }

    @Test
    void a_successor_that_is_activated_behind_the_page_being_written_does_not_escape() {
        keep(OwnerRevocation.PAGE + 1);
        JdbcTokenStore other = JdbcTokenStore.create(pool);
        TokenId old = id(OwnerRevocation.PAGE);
        Token successor = token(new TokenId("a")).toBuilder().predecessor(old).build();
        driver.next(UPDATE, Call::proceed);
        driver.next(UPDATE, call -> {
            other.add(successor);
            assertThat(other.revoke(ALICE, old, revocation())).isTrue();
            assertThat(other.activate(ALICE, successor.id())).isTrue();
            return call.proceed();
        });
        assertThat(store.revokeAll(ALICE, ofAlice)).isEqualTo(OwnerRevocation.PAGE + 2);
        assertThat(store.find(successor.id()).orElseThrow().revocation()).isEqualTo(ofAlice);
    }

    /** Tokens whose ids come after the first one's. */
    private void keep(int tokens) {
        JdbcTokenStore other = JdbcTokenStore.create(pool);
        for (int i = 0; i < tokens; i += 1_000) {
            other.addAll(IntStream.range(i, Math.min(tokens, i + 1_000))
                    .mapToObj(number -> token(id(number)))
                    .toList());
        }
    }

    private static TokenId id(int number) {
        return new TokenId("u%05d".formatted(number));
    }

    private long revokedBy(Revocation revocation) {
        return Stream.iterate(
                        store.list(ALICE, null, 1_000),
                        Objects::nonNull,
                        page -> page.resumeAfter() == null ? null : store.list(ALICE, page.resumeAfter(), 1_000))
                .flatMap(page -> page.tokens().stream())
                .filter(token -> revocation.equals(token.revocation()))
                .count();
    }

    private int sumOfParities() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet sum = statement.executeQuery("SELECT SUM(write_parity) FROM access_tokens")) {
            sum.next();
            return sum.getInt(1);
        }
    }

    @Test
    void an_add_whose_answer_is_lost_is_a_duplicate_where_the_id_is_another_s() {
        driver.next(UPDATE, LOST_BEFORE);
        Token mine = token(ID);
        Token other = Token.builder(ID, new Owner("bob"), mine.name(), NOW).build();
        assertThatExceptionOfType(DuplicateTokenException.class).isThrownBy(() -> store.add(other));
        assertThat(store.find(ID)).contains(mine);
    }

    @Test
    void an_equal_token_that_was_there_is_a_duplicate_and_is_not_written() throws SQLException {
        assertThatExceptionOfType(DuplicateTokenException.class).isThrownBy(() -> store.add(token(ID)));
        assertThat(driver.count(UPDATE)).isEqualTo(1);
        assertThat(writeParity("t1")).isZero();
    }

    @Test
    void what_is_looked_at_after_a_refused_add_is_not_in_its_transaction() {
        driver.next(acknowledgement(), LOST_AFTER);
        store.add(token(new TokenId("t2")));
        if (!autocommit) {
            assertThat(driver.calls(UPDATE, QUERY, "connection.rollback"))
                    .containsSubsequence(UPDATE, "connection.rollback", UPDATE, "connection.rollback", QUERY);
        } else {
            assertThat(driver.count("connection.rollback")).isZero();
        }
    }

    @Test
    void who_lost_a_conflict_tries_again_and_is_answered() {
        driver.next(UPDATE, CONFLICT);
        driver.next(UPDATE, CONFLICT);
        driver.next(UPDATE, CONFLICT);
        assertThat(store.revoke(ALICE, ID, revocation())).isTrue();
        assertThat(driver.count(UPDATE)).isEqualTo(4);
        assertThat(driver.count(OPEN)).isEqualTo(driver.count("connection.close"));
    }

    @Test
    void a_read_that_is_cut_is_repeated_and_one_that_fails_applied_nothing() {
        driver.next(QUERY, LOST_BEFORE);
        assertThat(store.find(ID)).isPresent();
        driver.next(QUERY, failing("XX000"));
        assertFails(Applied.NO, () -> store.find(ID));
    }

    @Test
    void conflicts_without_an_end_end_with_the_deadline_after_pauses_and_applied_nothing() {
        JdbcTokenStore hurried = hurried();
        driver.startOver();
        driver.always(UPDATE, CONFLICT);
        assertFails(Applied.NO, () -> hurried.revoke(ALICE, ID, revocation()));
        assertThat(driver.count(UPDATE)).isBetween(2, 100);
    }

    @Test
    void losses_without_an_end_end_with_the_deadline_and_are_perhaps_applied() {
        JdbcTokenStore hurried = hurried();
        driver.always(UPDATE, LOST_AFTER);
        assertFails(Applied.UNKNOWN, () -> hurried.revoke(ALICE, ID, revocation()));
    }

    @Test
    void a_loss_stays_in_doubt_whatever_ends_the_attempts_after_it() {
        Fault closedPool = call -> {
            throw new IllegalStateException("the pool is closed");
        };
        for (Runnable next :
                new Runnable[] {() -> driver.next(UPDATE, failing("42501")), () -> driver.next(OPEN, closedPool)}) {
            driver.next(acknowledgement(), call -> {
                next.run();
                return LOST_AFTER.on(call);
            });
            assertFails(Applied.UNKNOWN, () -> store.revoke(ALICE, ID, revocation()));
        }
    }

    @Test
    void a_pool_that_gives_no_connection_is_asked_again_and_nothing_is_in_doubt() {
        driver.next(OPEN, LOST_BEFORE);
        assertThat(store.revoke(ALICE, ID, revocation())).isTrue();
        JdbcTokenStore hurried = hurried();
        driver.always(OPEN, LOST_BEFORE);
        assertFails(Applied.NO, () -> hurried.revoke(ALICE, ID, revocation()));
    }

    @Test
    void a_refusal_is_not_repeated_and_applied_nothing() {
        driver.next(UPDATE, failing("42501"));
        assertFails(Applied.NO, () -> store.revoke(ALICE, ID, revocation()));
        assertThat(driver.count(UPDATE)).isEqualTo(1);
    }

    @Test
    void no_failure_of_a_write_shows_what_the_driver_wrote_and_all_show_what_it_was() {
        for (String state : new String[] {"23514", "XX000"}) {
            for (String method : autocommit ? new String[] {UPDATE} : new String[] {UPDATE, COMMIT}) {
                driver.next(method, call -> {
                    SQLException refusal = new SQLIntegrityConstraintViolationException("the hash", state, 1);
                    refusal.initCause(new IOException("the hash"));
                    refusal.setNextException(new SQLException("the hash", "01000"));
                    refusal.addSuppressed(new IllegalStateException("the hash", refusal));
                    throw refusal;
                });
                assertThatExceptionOfType(TokenStoreException.class)
                        .isThrownBy(() -> store.revoke(ALICE, ID, revocation()))
                        .satisfies(e -> assertThat(printed(e)).doesNotContain("the hash"))
                        .havingCause()
                        .isInstanceOfSatisfying(SQLException.class, cause -> {
                            assertThat(cause.getSQLState()).isEqualTo(state);
                            assertThat(cause.getErrorCode()).isEqualTo(1);
                            assertThat(cause.getMessage()).contains("SQLIntegrityConstraintViolationException");
                            assertThat(cause.getStackTrace()[0].getClassName()).contains("DriverFaultTest");
                            assertThat(cause.getCause()).hasMessageContaining("java.io.IOException");
                            assertThat(cause.getNextException().getSQLState()).isEqualTo("01000");
                            assertThat(cause.getSuppressed()).isNotEmpty();
                        });
            }
        }
    }

    @Test
    void a_failure_to_connect_or_to_read_keeps_its_text() {
        driver.next(OPEN, failing("28P01"));
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> store.revoke(ALICE, ID, revocation()))
                .havingRootCause()
                .withMessage("a fault");
        driver.next(QUERY, failing("42501"));
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> store.find(ID))
                .havingRootCause()
                .withMessage("a fault");
    }

    @Test
    void a_connection_that_is_lost_or_read_only_is_ended_and_any_other_is_not() {
        for (String state : new String[] {"08006", "57P01", "70100", "25006"}) {
            driver.startOver();
            driver.next(UPDATE, failing(state));
            assertThat(store.revoke(ALICE, ID, ofAlice)).isTrue();
            assertThat(driver.calls("connection.abort", "connection.close"))
                    .as(state)
                    .containsExactly("connection.abort", "connection.close", "connection.close");
        }
        driver.startOver();
        driver.next(UPDATE, CONFLICT);
        driver.next(UPDATE, failing("45000"));
        assertFails(Applied.NO, () -> store.revoke(ALICE, ID, ofAlice));
        assertThat(driver.count("connection.abort")).isZero();
    }

    @Test
    void a_connection_that_can_not_be_ended_changes_no_answer() {
        driver.next(UPDATE, failing("25006"));
        driver.next("connection.abort", failing("0A000"));
        assertThat(store.revoke(ALICE, ID, ofAlice)).isTrue();
    }

    @Test
    void a_write_goes_on_until_a_server_takes_writes_and_a_set_up_does_not() {
        for (int i = 0; i < 3; i++) {
            driver.next(UPDATE, failing("25006"));
        }
        assertThat(store.revoke(ALICE, ID, ofAlice)).isTrue();
        JdbcTokenStore hurried = hurried();
        driver.always(UPDATE, failing("25006"));
        assertFails(Applied.NO, () -> hurried.revoke(ALICE, ID, ofAlice));
        driver.startOver();
        assertThatIllegalStateException()
                .isThrownBy(() -> JdbcTokenStore.create(driver.dataSource()))
                .withMessageContaining("not read-only");
        driver.always("statement.execute", failing("25006"));
        assertFails(Applied.NO, () -> JdbcTokenStore.createSchema(driver.dataSource()));
        assertThat(driver.count(OPEN)).isEqualTo(2);
    }

    @Test
    void an_exhausted_pool_is_asked_once_unless_an_earlier_attempt_may_be_applied() {
        Fault exhausted = call -> {
            throw new SQLTransientConnectionException("request timed out");
        };
        driver.always(OPEN, exhausted);
        driver.startOver();
        assertFails(Applied.NO, () -> store.revoke(ALICE, ID, ofAlice));
        assertFails(Applied.NO, () -> store.find(ID));
        assertThat(driver.count(OPEN)).isEqualTo(2);
        driver.always(OPEN, Call::proceed);
        driver.next(acknowledgement(), call -> {
            driver.next(OPEN, exhausted);
            driver.next(OPEN, exhausted);
            return LOST_AFTER.on(call);
        });
        assertThat(store.revoke(ALICE, ID, ofAlice)).isTrue();
    }

    @Test
    void a_read_has_the_shorter_of_two_deadlines() {
        JdbcOptions options = JdbcOptions.defaults();
        for (JdbcOptions hurry : List.of(options.withReadDeadline(HURRY), options.withDeadline(HURRY))) {
            AtomicInteger limit = limitedTo(0);
            List<Integer> limits = new ArrayList<>();
            JdbcTokenStore store = store(hurry);
            driver.always(QUERY, call -> {
                limits.add(limit.get());
                return LOST_BEFORE.on(call);
            });
            assertFails(Applied.NO, () -> store.find(ID));
            assertThat(limits).isNotEmpty().allMatch(millis -> millis <= HURRY.toMillis());
            driver.always(QUERY, Call::proceed);
        }
    }

    @Test
    void a_failure_that_nobody_knows_is_not_repeated_and_is_perhaps_applied() {
        driver.next(UPDATE, failing("XX000"));
        assertFails(Applied.UNKNOWN, () -> store.revoke(ALICE, ID, revocation()));
        assertThat(driver.count(UPDATE)).isEqualTo(1);
    }

    @Test
    void a_warning_that_a_standby_lacks_the_write_is_no_success() {
        String warnings = autocommit ? "statement.getWarnings" : "connection.getWarnings";
        driver.next(warnings, call -> chain("01004", "01000"));
        assertThat(store.revoke(ALICE, ID, revocation())).isTrue();
        assertThat(driver.count(UPDATE)).isEqualTo(2);
        JdbcTokenStore hurried = hurried();
        driver.always(warnings, call -> chain("01000"));
        assertFails(Applied.UNKNOWN, () -> hurried.revoke(ALICE, ID, revocation()));
    }

    @Test
    void other_warnings_are_a_success() {
        SQLWarning numbered = new SQLWarning("of MariaDB or MySQL", "01000", 1642);
        for (SQLWarning other :
                List.of(numbered, new PSQLWarning(serverError("exec_stmt_raise")), chain("01004", "01003"))) {
            driver.startOver();
            driver.always("statement.getWarnings", call -> other);
            driver.always("connection.getWarnings", call -> other);
            assertThat(store.revoke(ALICE, ID, ofAlice)).isTrue();
            assertThat(driver.count(UPDATE)).isEqualTo(1);
        }
    }

    @Test
    void the_standby_s_warning_is_told_by_the_routine_that_sent_it() {
        String warnings = autocommit ? "statement.getWarnings" : "connection.getWarnings";
        driver.next(warnings, call -> new PSQLWarning(serverError("SyncRepWaitForLSN")));
        assertThat(store.revoke(ALICE, ID, ofAlice)).isTrue();
        assertThat(driver.count(UPDATE)).isEqualTo(2);
    }

    @Test
    void a_statement_s_warning_counts_only_if_the_statement_is_its_own_commit() {
        driver.always("statement.getWarnings", call -> chain("01000"));
        JdbcTokenStore hurried = autocommit ? null : hurried();
        driver.startOver();
        if (!autocommit) {
            assertThat(hurried.revoke(ALICE, ID, ofAlice)).isTrue();
            assertThat(driver.count("statement.getWarnings")).isZero();
        }
    }

    @Test
    void the_warnings_of_a_purge_are_seen() {
        String warnings = autocommit ? "statement.getWarnings" : "connection.getWarnings";
        JdbcTokenStore hurried = hurried();
        driver.always(warnings, call -> chain("01000"));
        assertFails(Applied.UNKNOWN, () -> hurried.purge(NOW, null, 10));
        assertFails(
                Applied.UNKNOWN,
                () -> JdbcTokenStore.createSchema(
                        driver.dataSource(), JdbcOptions.defaults().withDeadline(HURRY)));
    }

    @Test
    void a_warning_from_before_the_commit_is_not_taken_for_one_of_it() {
        SQLWarning[] kept = {chain("01000")};
        driver.always("connection.getWarnings", call -> kept[0]);
        driver.always("connection.clearWarnings", call -> {
            kept[0] = null;
            return call.proceed();
        });
        assertThat(store.revoke(ALICE, ID, revocation())).isTrue();
        assertThat(driver.count(UPDATE)).isEqualTo(1);
    }

    @Test
    void an_acknowledgement_whose_warnings_can_not_be_seen_is_in_doubt() {
        driver.next(autocommit ? "statement.getWarnings" : "connection.getWarnings", failing("42501"));
        assertThat(store.revoke(ALICE, ID, revocation())).isTrue();
        assertThat(driver.count(UPDATE)).isEqualTo(2);
    }

    @Test
    void what_can_not_be_closed_takes_no_answer_back() {
        driver.next("statement.close", failing("08003"));
        driver.next("connection.close", call -> {
            call.proceed();
            throw new SQLException("gone", "08003");
        });
        assertThat(store.revoke(ALICE, ID, revocation())).isTrue();
        assertThat(driver.count(UPDATE)).isEqualTo(1);
        assertThat(driver.calls("statement.close", "connection.close"))
                .containsExactly("statement.close", "connection.close");
    }

    @Test
    void a_failure_rolls_back_if_nobody_else_does_and_reports_a_failed_rollback() {
        driver.next(UPDATE, failing("42501"));
        driver.next("connection.rollback", failing("08003"));
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> store.revoke(ALICE, ID, revocation()))
                .satisfies(e -> assertThat(e.getCause().getSuppressed()).hasSize(autocommit ? 0 : 1));
        assertThat(driver.count("connection.rollback")).isEqualTo(autocommit ? 0 : 1);
        assertThat(driver.count(COMMIT)).isZero();
    }

    @Test
    void a_driver_s_mistake_in_a_write_leaves_it_in_doubt_and_shows_nothing_of_it() throws SQLException {
        Fault bug = call -> {
            throw new IllegalStateException("the hash");
        };
        for (String method : autocommit ? new String[] {UPDATE} : new String[] {UPDATE, COMMIT}) {
            driver.next(method, bug);
            assertInDoubt(() -> store.revoke(ALICE, ID, revocation()));
            driver.next(method, bug);
            assertInDoubt(() -> store.add(token(new TokenId("t2"))));
        }
        driver.next("statement.execute", bug);
        assertInDoubt(() -> store.purge(NOW, null, 10));
        assertThat(driver.count(OPEN)).isEqualTo(driver.count("connection.close"));
        try (Connection connection = driver.dataSource().getConnection()) {
            JdbcTokenStore joined = JdbcTokenStore.joining(connection);
            driver.next(UPDATE, bug);
            assertInDoubt(() -> joined.revoke(ALICE, ID, revocation()));
        }
    }

    private static void assertInDoubt(ThrowingCallable write) {
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(write)
                .returns(Applied.UNKNOWN, TokenStoreException::applied)
                .satisfies(e ->
                        assertThat(printed(e)).contains("IllegalStateException").doesNotContain("the hash"));
    }

    @Test
    void a_driver_s_mistake_in_a_set_up_is_the_caller_s() {
        RuntimeException bug = new IllegalStateException("a bug");
        driver.next("statement.execute", call -> {
            throw bug;
        });
        assertThatIllegalStateException()
                .isThrownBy(() -> JdbcTokenStore.createSchema(driver.dataSource()))
                .isSameAs(bug);
    }

    @Test
    void several_adds_that_fail_after_a_kept_statement_are_in_doubt_but_not_a_duplicate() {
        List<Token> tokens =
                IntStream.range(0, 300).mapToObj(number -> token(id(number))).toList();
        driver.next(UPDATE, failing("42501"));
        assertFails(Applied.NO, () -> store.addAll(tokens));
        driver.next(UPDATE, Call::proceed);
        driver.next(UPDATE, failing("42501"));
        assertFails(Applied.UNKNOWN, () -> store.addAll(tokens));
        List<Token> more = IntStream.range(300, 600)
                .mapToObj(number -> number == 599 ? token(ID) : token(id(number)))
                .toList();
        assertThatExceptionOfType(DuplicateTokenException.class).isThrownBy(() -> store.addAll(more));
    }

    @Test
    void the_statements_of_several_adds_share_one_deadline() {
        Duration deadline = Duration.ofSeconds(10);
        JdbcTokenStore hurried = store(JdbcOptions.defaults().withDeadline(deadline));
        AtomicInteger limit = limitedTo(0);
        List<Integer> limits = new ArrayList<>();
        driver.always(UPDATE, call -> {
            limits.add(limit.get());
            Thread.sleep(20); // so that the next statement has less
            return call.proceed();
        });
        hurried.addAll(
                IntStream.range(0, 600).mapToObj(number -> token(id(number))).toList());
        assertThat(limits)
                .hasSize(3)
                .isSortedAccordingTo(Comparator.reverseOrder())
                .doesNotHaveDuplicates();
    }

    @Test
    void no_statement_outlasts_the_deadline_and_the_connection_is_returned_unchanged() {
        for (int own : new int[] {0, 60_000}) {
            AtomicInteger limit = limitedTo(own);
            AtomicInteger limitOfTheStatement = new AtomicInteger();
            driver.next(UPDATE, call -> {
                limitOfTheStatement.set(limit.get());
                Thread.sleep(5); // so that the commit has less
                return call.proceed();
            });
            AtomicInteger limitOfTheCommit = new AtomicInteger();
            driver.always(COMMIT, call -> {
                limitOfTheCommit.set(limit.get());
                return call.proceed();
            });
            store.revoke(ALICE, ID, revocation());
            assertThat(limitOfTheStatement.get()).isBetween(5_000, 10_000);
            if (!autocommit) {
                assertThat(limitOfTheCommit.get()).isPositive().isLessThan(limitOfTheStatement.get());
            }
            assertThat(limit.get()).isEqualTo(own);
        }
    }

    @Test
    void a_shorter_limit_of_the_host_s_own_stays() {
        AtomicInteger limit = limitedTo(100);
        store.revoke(ALICE, ID, revocation());
        assertThat(limit.get()).isEqualTo(100);
        assertThat(driver.count("connection.setNetworkTimeout")).isZero();
    }

    @Test
    void a_driver_without_limits_and_one_that_can_not_lift_them_again_are_no_failures() {
        driver.next("connection.getNetworkTimeout", call -> {
            throw new SQLFeatureNotSupportedException();
        });
        Revocation how = revocation();
        assertThat(store.revoke(ALICE, ID, how)).isTrue();
        limitedTo(0);
        driver.next("connection.setNetworkTimeout", call -> null);
        if (!autocommit) {
            driver.next("connection.setNetworkTimeout", call -> null);
        }
        driver.next("connection.setNetworkTimeout", failing("08003"));
        assertThat(store.revoke(ALICE, ID, how)).isTrue();
        assertThat(driver.count(UPDATE)).isEqualTo(2);
    }

    @Test
    void who_is_interrupted_gets_no_other_attempt_and_stays_interrupted() {
        driver.next(UPDATE, call -> {
            Thread.currentThread().interrupt();
            throw new SQLException("a conflict", "40001");
        });
        assertFails(Applied.NO, () -> store.revoke(ALICE, ID, revocation()));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(driver.count(UPDATE)).isEqualTo(1);
    }

    @Test
    void who_is_interrupted_in_a_pause_gets_no_other_attempt_and_stays_interrupted() throws Exception {
        driver.always(UPDATE, CONFLICT);
        FutureTask<Boolean> stillInterrupted = new FutureTask<>(() -> {
            assertFails(Applied.NO, () -> store.revoke(ALICE, ID, revocation()));
            return Thread.currentThread().isInterrupted();
        });
        Thread caller = new Thread(stillInterrupted, "caller");
        caller.start();
        Await.until(() -> "a pause", () -> caller.getState() == Thread.State.TIMED_WAITING);
        caller.interrupt();
        assertThat(stillInterrupted.get(120, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void within_the_host_s_transaction_nothing_is_repeated_and_what_is_in_doubt_is_said() throws SQLException {
        try (Connection connection = driver.dataSource().getConnection()) {
            JdbcTokenStore joined = JdbcTokenStore.joining(connection);
            driver.next(UPDATE, LOST_AFTER);
            assertFails(Applied.UNKNOWN, () -> joined.revoke(ALICE, ID, revocation()));
            driver.next(UPDATE, CONFLICT);
            assertFails(Applied.NO, () -> joined.revoke(ALICE, ID, revocation()));
            driver.next(QUERY, LOST_BEFORE);
            assertFails(Applied.NO, () -> joined.find(ID));
            driver.next(UPDATE, failing("25006"));
            assertFails(Applied.NO, () -> joined.revoke(ALICE, ID, revocation()));
            assertThat(driver.calls(UPDATE, QUERY)).containsExactly(UPDATE, UPDATE, QUERY, UPDATE);
            assertThat(driver.calls(
                            COMMIT,
                            "connection.rollback",
                            "connection.close",
                            "connection.abort",
                            "connection.setNetworkTimeout"))
                    .isEmpty();
        }
    }

    /** What tells of a write that it is kept. */
    private String acknowledgement() {
        return autocommit ? UPDATE : COMMIT;
    }

    private static Fault failing(String state) {
        return call -> {
            throw new SQLException("a fault", state);
        };
    }

    private static SQLWarning chain(String... states) {
        return Stream.of(states)
                .map(state -> new SQLWarning("a warning", state))
                .reduce((first, next) -> {
                    first.setNextWarning(next);
                    return first;
                })
                .orElseThrow();
    }

    /** Gives the connections a network timeout, which H2's don't have. */
    private AtomicInteger limitedTo(int own) {
        AtomicInteger limit = new AtomicInteger(own);
        driver.always("connection.getNetworkTimeout", call -> limit.get());
        driver.always("connection.setNetworkTimeout", call -> {
            limit.set((int) call.argument(1));
            return null;
        });
        return limit;
    }

    private JdbcTokenStore hurried() {
        return store(JdbcOptions.defaults().withDeadline(HURRY));
    }

    private JdbcTokenStore store(JdbcOptions options) {
        return JdbcTokenStore.create(driver.dataSource(), () -> false, options);
    }

    private static ServerErrorMessage serverError(String routine) {
        return new ServerErrorMessage("SWARNING\0C01000\0Mcanceling wait\0R" + routine + "\0");
    }

    private static String printed(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }

    private static void assertFails(Applied applied, ThrowingCallable call) {
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(call)
                .returns(applied, TokenStoreException::applied);
    }

    private int writeParity(String id) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT write_parity FROM access_tokens WHERE id = '" + id + "'")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static Revocation revocation() {
        return new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
    }

    private static Token token(TokenId id) {
        return Token.builder(id, ALICE, "laptop", NOW).build();
    }
}
