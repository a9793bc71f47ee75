package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariConfig;
import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.jdbc.database.Servers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Failures of servers that speak the protocol of MySQL, raised by a trigger, so that they come through the real driver. */
class OtherServersTest {

    private static final String URL = Servers.mariaDb().newDatabase();
    private static final Owner ALICE = new Owner("alice");
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final TokenId ID = new TokenId("t1");

    private CountedPool pool;

    @BeforeEach
    void open() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(URL);
        pool = new CountedPool(config);
        JdbcTokenStore.createSchema(pool);
        // No transaction takes back what a trigger counts there.
        Unpooled.execute(pool, "CREATE OR REPLACE TABLE attempts (attempt INT) ENGINE = MyISAM");
        JdbcTokenStore.create(pool).add(Token.builder(ID, ALICE, "laptop", NOW).build());
    }

    @AfterEach
    void close() throws SQLException {
        Unpooled.execute(pool, "DROP TABLE access_tokens");
        pool.close();
    }

    @ParameterizedTest(name = "{2}: {0}/{1}")
    @CsvSource({
        "40000, 3101, Group Replication rolled the transaction back at its commit",
        "HY000, 8002, TiDB can not repeat a locking read",
        "HY000, 8005, TiDB: write conflict",
        "HY000, 8022, TiDB rolled the transaction back at its commit",
        "HY000, 8028, TiDB: the schema changed",
        "HY000, 9007, TiDB: write conflict"
    })
    void a_conflict_of_another_server_was_not_applied_and_is_repeated(String state, int vendorCode, String what)
            throws SQLException {
        assertThat(appliedByOneAttempt(state, vendorCode)).isEqualTo(Applied.NO);
        assertIsRepeated(state, vendorCode);
    }

    @ParameterizedTest(name = "{2}: {0}/{1}")
    @CsvSource({
        "HY000, 1429,  Spider reaches no data node",
        "HY000, 12701, Spider lost a data node",
        "HY000, 2003,  a proxy reaches no server",
        "HY000, 2006,  a proxy lost its server",
        "HY000, 2013,  a proxy lost its server within a query",
        "HY000, 3100,  a hook of Group Replication failed",
        "HY000, 3797,  Group Replication waited for its group in vain",
        "HY000, 3798,  Group Replication ended the call of a hook",
        "HY000, 9001,  TiDB reaches no placement driver or ProxySQL no server",
        "HY000, 9002,  TiDB: TiKV did not answer",
        "HY000, 9003,  TiDB: TiKV is busy",
        "HY000, 9004,  TiDB: a lock was not resolved",
        "HY000, 9005,  TiDB: a region is not available",
        "HY000, 9501,  RDS Proxy got no connection"
    })
    void what_another_server_may_have_applied_is_in_doubt_and_is_repeated(String state, int vendorCode, String what)
            throws SQLException {
        assertThat(appliedByOneAttempt(state, vendorCode)).isEqualTo(Applied.UNKNOWN);
        assertIsRepeated(state, vendorCode);
    }

    @ParameterizedTest(name = "{2}: {0}/{1}")
    @CsvSource({
        "HY000, 1477, Spider does not know the data node",
        "HY000, 3098, Group Replication needs a primary key",
        "HY000, 8004, TiDB: the transaction is too large",
        "HY000, 8025, TiDB: the entry is too large"
    })
    void a_refusal_of_another_server_was_not_applied_and_is_not_repeated(String state, int vendorCode, String what)
            throws SQLException {
        raise(state, vendorCode, "TRUE");
        JdbcTokenStore store = store();
        int before = pool.asked();
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> store.revoke(ALICE, ID, revocation()))
                .returns(Applied.NO, TokenStoreException::applied);
        assertThat(pool.asked() - before).as("attempts").isEqualTo(1);
    }

    /** In the host's transaction nothing is repeated. */
    private Applied appliedByOneAttempt(String state, int vendorCode) throws SQLException {
        raise(state, vendorCode, "TRUE");
        try (Connection host = pool.getConnection()) {
            host.setAutoCommit(false);
            TokenStore joining = JdbcTokenStore.joining(host);
            TokenStoreException e = assertThatExceptionOfType(TokenStoreException.class)
                    .isThrownBy(() -> joining.revoke(ALICE, ID, revocation()))
                    .actual();
            host.rollback();
            return e.applied();
        }
    }

    private void assertIsRepeated(String state, int vendorCode) throws SQLException {
        raise(state, vendorCode, "(SELECT COUNT(*) FROM attempts) < 3");
        JdbcTokenStore store = store();
        int before = pool.asked();
        assertThat(store.revoke(ALICE, ID, revocation())).isTrue();
        assertThat(pool.asked() - before).as("attempts").isEqualTo(3);
    }

    private void raise(String state, int vendorCode, String condition) throws SQLException {
        Unpooled.execute(
                pool,
                "TRUNCATE TABLE attempts",
                "CREATE OR REPLACE TRIGGER raise BEFORE UPDATE ON access_tokens FOR EACH ROW BEGIN"
                        + " INSERT INTO attempts VALUES (1); IF OLD.id = '" + ID.value() + "' AND " + condition
                        + " THEN SIGNAL SQLSTATE '" + state + "' SET MYSQL_ERRNO = " + vendorCode + "; END IF; END");
    }

    private JdbcTokenStore store() throws SQLException {
        JdbcTokenStore store =
                JdbcTokenStore.create(pool, () -> false, JdbcOptions.defaults().withDeadline(Duration.ofSeconds(30)));
        Unpooled.execute(pool, "TRUNCATE TABLE attempts");
        return store;
    }

    private static Revocation revocation() {
        return new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
    }
}
