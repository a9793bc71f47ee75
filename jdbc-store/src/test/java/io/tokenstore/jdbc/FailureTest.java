package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLWarning;
import org.jdbi.v3.core.ConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureTest {

    @ParameterizedTest(name = "{2}: {0}/{1}")
    @CsvSource({
        "40001, 0,     serialization failure on PostgreSQL",
        "40001, 40001, deadlock on H2",
        "40001, 1213,  deadlock on MariaDB and MySQL",
        "40P01, 0,     deadlock on PostgreSQL",
        "HYT00, 50200, lock wait on H2",
        "55P03, 0,     lock wait on PostgreSQL",
        "HY000, 1205,  lock wait on MariaDB",
        "40001, 1205,  lock wait on MySQL",
        "HY000, 1020,  row changed since the snapshot on MariaDB",
        "HY000, 1213,  deadlock without a state of its own",
        "40001, 0,     CockroachDB or YugabyteDB: restart the transaction",
        "40000, 3101,  Group Replication rolled back at the commit",
        "HY000, 8002,  TiDB: can not repeat a locking read",
        "HY000, 8005,  TiDB: write conflict",
        "HY000, 8022,  TiDB rolled back at the commit",
        "HY000, 8028,  TiDB: the schema changed",
        "HY000, 9007,  TiDB: write conflict"
    })
    void who_lost_a_conflict_wrote_nothing_and_tries_again(String state, int vendorCode, String what) {
        assertThat(Failure.of(new SQLException(what, state, vendorCode))).isEqualTo(Failure.CONFLICT);
    }

    @ParameterizedTest(name = "{2}: {0}/{1}")
    @CsvSource({
        "23505, 0,     duplicate key in a catalog of PostgreSQL",
        "42P07, 0,     duplicate table on PostgreSQL",
        "42710, 0,     duplicate object on PostgreSQL",
        "42701, 0,     duplicate column on PostgreSQL",
        "42S21, 1060,  duplicate column on MariaDB and MySQL",
        "HY000, 50000, duplicate index on H2"
    })
    void who_creates_what_another_node_creates_tries_again(String state, int vendorCode, String what) {
        assertThat(Failure.isOfSimultaneousCreation(of(state, vendorCode))).isTrue();
    }

    @ParameterizedTest(name = "{2}: {0}/{1}")
    @CsvSource({
        "42501, 0,     no right to create on PostgreSQL",
        "42S02, 42102, no such table on H2",
        "HY000, 50100, not supported on H2",
        "HY000, 1205,  lock wait on MariaDB",
        ",      0,     nothing known"
    })
    void who_may_not_create_does_not_try_again(String state, int vendorCode, String what) {
        assertThat(Failure.isOfSimultaneousCreation(of(state, vendorCode))).isFalse();
    }

    private static Exception of(String state, int vendorCode) {
        return new Exception(new SQLException("as Jdbi wraps it", state, vendorCode));
    }

    @ParameterizedTest(name = "{2}: {0}/{1}")
    @CsvSource({
        "08006, 0,     connection cut after COMMIT on PostgreSQL",
        "08000, 0,     connection cut after COMMIT on MariaDB",
        "08S01, 0,     connection cut after COMMIT on MySQL",
        "90067, 90067, connection cut after COMMIT on H2 over a network",
        "08001, 0,     nobody listens",
        "08003, 0,     connection closed before",
        "57P01, 0,     PostgreSQL is shut down",
        "57P02, 0,     PostgreSQL crashed",
        "57P03, 0,     PostgreSQL starts",
        "70100, 1317,  query interrupted on MariaDB",
        "08S01, 1047,  Galera node without a quorum",
        "08S01, 1053,  MariaDB and MySQL are shut down",
        "HY000, 4031,  MySQL closed an idle connection",
        "40003, 0,     CockroachDB: the result is ambiguous",
        "58C00, 0,     CockroachDB: a range is not available",
        "58C01, 0,     CockroachDB: a node reaches no other",
        "08001, 0,     postgres_fdw or Citus reaches no shard",
        "08P01, 0,     PgBouncer reaches no server",
        "08S02, 0,     the driver of Aurora moved the connection",
        "HY000, 1429,  Spider reaches no data node",
        "HY000, 12701, Spider lost a data node",
        "HY000, 2003,  a proxy reaches no server",
        "HY000, 2006,  a proxy lost its server",
        "HY000, 2013,  a proxy lost its server within a query",
        "HY000, 3100,  a hook of Group Replication failed",
        "HY000, 3797,  Group Replication waited in vain before",
        "HY000, 3798,  Group Replication waited in vain",
        "HY000, 9001,  TiDB reaches no placement driver or ProxySQL no server",
        "HY000, 9002,  TiDB: TiKV did not answer",
        "HY000, 9003,  TiDB: TiKV is busy",
        "HY000, 9004,  TiDB: a lock was not resolved",
        "HY000, 9005,  TiDB: a region is not available",
        "HY000, 9501,  RDS Proxy got no connection"
    })
    void what_was_lost_on_the_way_may_be_applied_and_is_repeated(String state, int vendorCode, String what) {
        assertThat(Failure.of(new SQLException(what, state, vendorCode))).isEqualTo(Failure.LOST);
    }

    @Test
    void a_warning_that_a_standby_lacks_the_commit_is_no_success() {
        assertThat(Failure.of(new SQLWarning("canceling wait for synchronous replication", "01000")))
                .isEqualTo(Failure.LOST);
    }

    @ParameterizedTest(name = "{2}: {0}/{1}")
    @CsvSource({
        "25006, 0,    read-only on PostgreSQL",
        "25006, 1792, a read-only transaction on MariaDB and MySQL",
        "HY000, 1290, the option read_only on MariaDB and MySQL",
        "HY000, 1836, a read-only server",
        "25006, 0,    a writer of Aurora that was demoted"
    })
    void a_server_without_writes_wrote_nothing_and_is_no_other_server_s_answer(
            String state, int vendorCode, String what) {
        Failure failure = Failure.of(new SQLException(what, state, vendorCode));
        assertThat(failure).isEqualTo(Failure.READ_ONLY);
        assertThat(failure.mayBeApplied()).isFalse();
    }

    @Test
    void the_state_is_trusted_and_the_class_is_not() {
        assertThat(Failure.of(new SQLTransientConnectionException("a trigger's SIGNAL", "45000", 1644)))
                .isEqualTo(Failure.REFUSED);
        assertThat(Failure.of(new SQLTransientConnectionException("In progress transaction was lost", "25S03")))
                .isEqualTo(Failure.MOVED);
        assertThat(Failure.of(new SQLRecoverableException("a rare state", "XX000")))
                .isEqualTo(Failure.UNCLASSIFIED);
    }

    @Test
    void a_general_error_is_what_it_wraps_or_what_comes_next() {
        SQLException deadlock = new SQLException("deadlock", "40P01");
        assertThat(Failure.of(new SQLException("wrapper", "HY000", deadlock))).isEqualTo(Failure.CONFLICT);
        BatchUpdateException batch = new BatchUpdateException();
        batch.setNextException(deadlock);
        assertThat(Failure.of(new ConnectionException(batch))).isEqualTo(Failure.CONFLICT);
        assertThat(Failure.of(new SQLException("it may be applied", "XX000", deadlock)))
                .isEqualTo(Failure.UNCLASSIFIED);
    }

    @Test
    void an_exhausted_pool_tells_nothing_of_the_database() {
        assertThat(Failure.of(new SQLTransientConnectionException("request timed out")))
                .isEqualTo(Failure.UNCLASSIFIED);
        assertThat(Failure.of(new SQLException("Login timeout", "08001", 8001))).isEqualTo(Failure.UNCLASSIFIED);
        assertThat(Failure.of(new SQLTransientConnectionException("request timed out", "08001")))
                .isEqualTo(Failure.LOST);
    }

    @ParameterizedTest(name = "{2}: {0}/{1}")
    @CsvSource({
        "22021, 0,    NUL in a text on PostgreSQL",
        "22001, 0,    text too long",
        "23505, 0,    duplicate key on PostgreSQL and H2",
        "23000, 1062, duplicate key on MariaDB and MySQL",
        "28P01, 0,    wrong password",
        "42501, 0,    no privilege on PostgreSQL",
        "42S02, 1146, no such table on MariaDB and MySQL",
        "0A000, 0,    unsupported",
        "45000, 1644, a trigger's SIGNAL on MariaDB and MySQL",
        "P0001, 0,    a trigger's RAISE EXCEPTION on PostgreSQL",
        "44000, 1369, a view's check option",
        "HY000, 1369, a view's check option on MySQL",
        "27000, 0,    a trigger changed the row before",
        "38000, 0,    an external routine of a trigger",
        "HY000, 3819, a check constraint on MySQL",
        "HY000, 1442, a trigger on its own table",
        "90044, 90044, a trigger on H2",
        "90097, 90097, a read-only database on H2",
        "25P02, 0,    a transaction that had failed on PostgreSQL or YugabyteDB",
        "HY000, 1477, Spider does not know the data node",
        "HY000, 3098, Group Replication needs a primary key",
        "HY000, 8004, TiDB: the transaction is too large",
        "HY000, 8025, TiDB: the entry is too large"
    })
    void what_the_database_refuses_it_did_not_write_and_would_refuse_again(String state, int vendorCode, String what) {
        assertThat(Failure.of(new SQLException(what, state, vendorCode))).isEqualTo(Failure.REFUSED);
    }

    @ParameterizedTest(name = "{2}: {0}/{1}")
    @CsvSource({
        "90098, 90098, H2 closed its file after an interrupt",
        "90020, 90020, H2 file in use by another process",
        "57014, 0,     statement cancelled on PostgreSQL",
        "HY000, 1030,  storage engine failed on MariaDB",
        "HY000, 1105,  Vitess or TiDB: unknown",
        "HY000, 8027,  TiDB: the schema is out of date",
        "XX000, 0,     internal error on PostgreSQL"
    })
    void what_nobody_knows_may_be_applied_and_is_the_caller_s_to_repeat(String state, int vendorCode, String what) {
        assertThat(Failure.of(new SQLException(what, state, vendorCode))).isEqualTo(Failure.UNCLASSIFIED);
    }

    @Test
    void an_exception_without_a_state_is_obscure() {
        assertThat(Failure.of(new SQLException("40001"))).isEqualTo(Failure.UNCLASSIFIED);
        assertThat(Failure.of(new IOException("40001"))).isEqualTo(Failure.UNCLASSIFIED);
    }

    @Test
    void the_state_is_that_of_the_nearest_cause_that_has_one() {
        SQLException deadlock = new SQLException("deadlock", "40P01", new SQLException("socket", "08006"));
        assertThat(Failure.of(new ConnectionException(deadlock))).isEqualTo(Failure.CONFLICT);
        assertThat(Failure.of(new ConnectionException(new SQLException("wrapper", deadlock))))
                .isEqualTo(Failure.CONFLICT);
    }

    @Test
    void only_a_conflict_and_a_refusal_are_surely_not_applied() {
        assertThat(Failure.CONFLICT.mayBeApplied()).isFalse();
        assertThat(Failure.REFUSED.mayBeApplied()).isFalse();
        assertThat(Failure.LOST.mayBeApplied()).isTrue();
        assertThat(Failure.UNCLASSIFIED.mayBeApplied()).isTrue();
    }
}
