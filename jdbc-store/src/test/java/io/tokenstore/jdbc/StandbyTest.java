package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariConfig;
import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.jdbc.database.Await;
import io.tokenstore.jdbc.database.PostgresServer;
import io.tokenstore.jdbc.database.PostgresStandby;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** A PostgreSQL primary whose commits wait for a standby, which takes over when the primary dies. */
@Timeout(600)
class StandbyTest {

    private static final String DATABASE = "pair";
    private static final int TOKENS = 7_000;
    private static final Owner ALICE = new Owner("alice");
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final Duration IMPATIENCE = Duration.ofMillis(250);
    private static final Duration HURRY = Duration.ofSeconds(1);

    private PostgresServer primary;
    private PostgresStandby standby;
    private CountedPool autocommit;
    private CountedPool withoutAutocommit;
    private Ledger ledger;

    @BeforeEach
    void start(TestInfo test) {
        primary = PostgresServer.start();
        standby = primary.startStandby();
        primary.createDatabase(DATABASE);
        autocommit = pool(true);
        withoutAutocommit = pool(false);
        JdbcTokenStore.createSchema(autocommit);
        ledger = new Ledger(test, "PostgreSQL");
    }

    @AfterEach
    void stop() {
        autocommit.close();
        withoutAutocommit.close();
        standby.close();
        primary.close();
    }

    @Test
    void a_standby_that_is_promoted_under_load_has_what_was_acknowledged() throws Exception {
        List<TokenId> tokens = RevocationLoad.prepare(primary.url(DATABASE), TOKENS);
        List<JdbcTokenStore> stores = List.of(store(autocommit, IMPATIENCE), store(withoutAutocommit, IMPATIENCE));
        try (RevocationLoad load = RevocationLoad.on(stores, ledger, tokens)) {
            load.awaitPart(1, 2);
            primary.kill();
            load.awaitFailure();
            standby.promote();
            load.awaitEnd();
        }
        ledger.compareWith(JdbcTokenStore.create(autocommit));
        assertThat(ledger.acknowledged()).isEqualTo(TOKENS);
    }

    @Test
    void a_revocation_whose_wait_is_cancelled_is_acknowledged_once_the_standby_has_it() throws Exception {
        List<TokenId> ids = RevocationLoad.prepare(primary.url(DATABASE), 2);
        List<Revocation> revocations = List.of(revocation(), revocation());
        List<CountedPool> pools = List.of(autocommit, withoutAutocommit);
        List<JdbcTokenStore> hurried = List.of(hurried(autocommit), hurried(withoutAutocommit));
        JdbcTokenStore store = JdbcTokenStore.create(autocommit);
        standby.pause();
        for (int i = 0; i < 2; i++) {
            int each = i;
            assertCancelledWaitIsNoSuccess(
                    pools.get(i), () -> ledger.revoke(hurried.get(each), ALICE, ids.get(each), revocations.get(each)));
            assertThat(store.find(ids.get(i)).map(Token::revocation)).contains(revocations.get(i));
        }
        standby.resume();
        for (int i = 0; i < 2; i++) {
            assertThat(ledger.revoke(store, ALICE, ids.get(i), revocations.get(i)))
                    .isTrue();
        }
        primary.kill();
        standby.promote();
        ledger.compareWith(store);
    }

    @Test
    void an_add_whose_wait_is_cancelled_returns_only_once_the_standby_has_it() throws Exception {
        List<JdbcTokenStore> hurried = List.of(hurried(autocommit), hurried(withoutAutocommit));
        JdbcTokenStore store = JdbcTokenStore.create(autocommit);
        Token token =
                Token.builder(new TokenId("patient"), ALICE, "laptop", NOW).build();
        standby.pause();
        for (int i = 0; i < 2; i++) {
            int each = i;
            Token added = Token.builder(new TokenId("added" + i), ALICE, "laptop", NOW)
                    .build();
            assertCancelledWaitIsNoSuccess(
                    List.of(autocommit, withoutAutocommit).get(i),
                    () -> hurried.get(each).add(added));
            assertThat(store.find(added.id())).contains(added);
        }
        FutureTask<Boolean> patient = call(() -> store.add(token));
        cancelOneWait();
        standby.resume();
        assertThat(patient.get(120, TimeUnit.SECONDS)).isTrue();
        primary.kill();
        standby.promote();
        assertThat(store.find(token.id())).contains(token);
    }

    @Test
    void revoking_all_and_a_purge_whose_wait_is_cancelled_are_no_successes() throws Exception {
        List<CountedPool> pools = List.of(autocommit, withoutAutocommit);
        List<JdbcTokenStore> hurried = List.of(hurried(autocommit), hurried(withoutAutocommit));
        Revocation past = new Revocation(UUID.randomUUID(), NOW.minusSeconds(1), Actor.user("alice"), null);
        for (int i = 0; i < 10; i++) {
            hurried.get(0)
                    .add(Token.builder(new TokenId("ended" + i), ALICE, "laptop", NOW)
                            .revocation(past)
                            .build());
        }
        hurried.get(0)
                .add(Token.builder(new TokenId("live"), ALICE, "laptop", NOW).build());
        Revocation revocation = revocation();
        standby.pause();
        for (int i = 0; i < 2; i++) {
            JdbcTokenStore store = hurried.get(i);
            assertCancelledWaitIsNoSuccess(pools.get(i), () -> store.revokeAll(ALICE, revocation));
            // Each attempt removes the first of those that are left.
            assertCancelledWaitIsNoSuccess(pools.get(i), () -> store.purge(NOW, null, 1));
        }
        standby.resume();
        assertThat(hurried.get(0).revokeAll(ALICE, revocation)).isEqualTo(1);
    }

    private void assertCancelledWaitIsNoSuccess(CountedPool pool, Runnable write) throws Exception {
        cancelLeftWaits();
        int before = pool.asked();
        FutureTask<Boolean> call = call(() -> assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(write::run)
                .returns(Applied.UNKNOWN, TokenStoreException::applied));
        cancelOneWait();
        assertThat(call.get(120, TimeUnit.SECONDS)).isTrue();
        assertThat(pool.asked()).as("attempts").isGreaterThan(before + 1);
    }

    private static FutureTask<Boolean> call(Runnable work) {
        FutureTask<Boolean> call = new FutureTask<>(work, true);
        new Thread(call, "caller").start();
        return call;
    }

    /** Those of clients that gave up still wait. */
    private void cancelLeftWaits() throws SQLException {
        Await.until(() -> "an end of all waits", () -> cancelWaits() == 0);
    }

    private void cancelOneWait() throws SQLException {
        Await.until(() -> "a wait for the standby", () -> cancelWaits() > 0);
    }

    private int cancelWaits() throws SQLException {
        try (Connection connection = DriverManager.getConnection(primary.url(DATABASE));
                Statement statement = connection.createStatement();
                ResultSet cancelled = statement.executeQuery("SELECT count(*) FILTER (WHERE pg_cancel_backend(pid))"
                        + " FROM pg_stat_activity WHERE wait_event = 'SyncRep'")) {
            cancelled.next();
            return cancelled.getInt(1);
        }
    }

    private CountedPool pool(boolean autocommit) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(
                primary.failoverUrl(DATABASE, standby) + "&connectTimeout=2&socketTimeout=10&hostRecheckSeconds=1");
        config.setAutoCommit(autocommit);
        config.setMaximumPoolSize(4);
        config.setConnectionTimeout(250);
        return new CountedPool(config);
    }

    private static JdbcTokenStore hurried(CountedPool pool) {
        return store(pool, HURRY);
    }

    private static JdbcTokenStore store(CountedPool pool, Duration deadline) {
        return JdbcTokenStore.create(pool, () -> false, JdbcOptions.defaults().withDeadline(deadline));
    }

    private static Revocation revocation() {
        return new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
    }
}
