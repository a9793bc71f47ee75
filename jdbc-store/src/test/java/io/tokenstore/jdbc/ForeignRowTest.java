package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.jdbc.database.Await;
import io.tokenstore.jdbc.database.DatabaseServer;
import io.tokenstore.jdbc.database.Servers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which rows a call waits for, and who waits for what a host's transaction did. InnoDB locks the row of an id before it
 * compares the owner, so there a call for another's token waits for that token's row; it makes nobody else wait.
 */
@Timeout(300)
class ForeignRowTest {

    private static final String DATABASE = "foreign_rows";
    private static final Owner ALICE = new Owner("alice");
    private static final Owner MALLORY = new Owner("mallory");
    private static final Owner NEIGHBOUR = new Owner("malloryn");
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");

    /** Between those of the other. */
    private static final TokenId OF_ALICE = new TokenId("t2");

    private static final List<TokenId> OF_MALLORY = List.of(new TokenId("t1"), new TokenId("t3"));

    private static final TokenId UNKNOWN = new TokenId("t2-unknown");

    @Nested
    class OnH2 extends OfSnapshots {
        @Override
        String url() {
            return H2.memoryUrl() + ";DB_CLOSE_DELAY=-1";
        }
    }

    @Nested
    class OnPostgres extends OfSnapshots {
        @Override
        String url() {
            return of(Servers.postgres());
        }
    }

    @Nested
    class OnMariaDb extends OfLocks {
        @Override
        String url() {
            return of(Servers.mariaDb());
        }
    }

    @Nested
    @Tag("mysql")
    class OnMySql extends OfLocks {
        @Override
        String url() {
            return of(Servers.mySql());
        }
    }

    private static String of(DatabaseServer server) {
        server.createDatabase(DATABASE);
        return server.url(DATABASE);
    }

    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    abstract static class Contract {

        private String url;

        abstract String url();

        static Stream<String> isolations() {
            return Stream.of("TRANSACTION_READ_COMMITTED", "TRANSACTION_REPEATABLE_READ");
        }

        @Test
        void nobody_waits_for_whoever_asked_for_another_s_token() throws SQLException {
            nobodyWaitsForWhoeverAsked("TRANSACTION_READ_COMMITTED");
        }

        void nobodyWaitsForWhoeverAsked(String isolation) throws SQLException {
            try (HikariDataSource pool = pool(isolation)) {
                JdbcTokenStore store = store(pool);
                try (Connection host = pool.getConnection()) {
                    host.setAutoCommit(false);
                    TokenStore joining = JdbcTokenStore.joining(host);
                    assertThat(joining.revoke(MALLORY, OF_ALICE, revocation(MALLORY)))
                            .isFalse();
                    assertThat(joining.activate(MALLORY, OF_ALICE)).isFalse();
                    assertThat(store.activate(ALICE, OF_ALICE)).isTrue();
                    assertThat(store.revoke(ALICE, OF_ALICE, revocation(ALICE))).isTrue();
                    host.rollback();
                }
            }
        }

        @ParameterizedTest
        @MethodSource("isolations")
        void whoever_adds_a_token_does_not_wait_for_a_revocation_of_another(String isolation) throws SQLException {
            try (HikariDataSource pool = pool(isolation)) {
                JdbcTokenStore store = store(pool);
                int added = 0;
                for (TokenId id : List.of(OF_MALLORY.get(1), OF_ALICE, UNKNOWN)) {
                    for (Owner owner : List.of(MALLORY, NEIGHBOUR)) {
                        try (Connection host = pool.getConnection()) {
                            host.setAutoCommit(false);
                            TokenStore joining = JdbcTokenStore.joining(host);
                            boolean found = owner.equals(MALLORY) && OF_MALLORY.contains(id);
                            assertThat(joining.activate(owner, id)).isEqualTo(found);
                            assertThat(joining.revoke(owner, id, revocation(owner)))
                                    .isEqualTo(found);
                            for (Owner other : List.of(ALICE, MALLORY, NEIGHBOUR, new Owner("zoe"))) {
                                store.add(token(new TokenId("t9-" + added++), other));
                            }
                            host.rollback();
                        }
                    }
                }
            }
        }

        HikariDataSource pool(String isolation) {
            url = url == null ? url() : url;
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(url);
            config.setTransactionIsolation(isolation);
            config.setMaximumPoolSize(3);
            return new HikariDataSource(config);
        }

        static void lock(Connection busy, TokenId id) throws SQLException {
            busy.setAutoCommit(false);
            try (PreparedStatement lock =
                    busy.prepareStatement("SELECT id FROM access_tokens WHERE id = ? FOR UPDATE")) {
                lock.setString(1, id.value());
                lock.executeQuery();
            }
        }

        static JdbcTokenStore store(HikariDataSource pool) throws SQLException {
            Unpooled.execute(pool, "DROP TABLE IF EXISTS access_tokens");
            JdbcTokenStore.createSchema(pool);
            JdbcTokenStore store = JdbcTokenStore.create(
                    pool, () -> false, JdbcOptions.defaults().withDeadline(Duration.ofSeconds(5)));
            store.add(token(OF_ALICE, ALICE));
            for (TokenId id : OF_MALLORY) {
                store.add(token(id, MALLORY));
            }
            return store;
        }
    }

    /** What is another's is not even locked. */
    abstract static class OfSnapshots extends Contract {

        @Test
        void nobody_waits_for_whoever_asked_for_another_s_token_at_repeatable_read() throws SQLException {
            nobodyWaitsForWhoeverAsked("TRANSACTION_REPEATABLE_READ");
        }

        @ParameterizedTest
        @MethodSource("isolations")
        void whoever_asks_for_another_s_token_does_not_wait_for_its_row(String isolation) throws SQLException {
            try (HikariDataSource pool = pool(isolation)) {
                JdbcTokenStore store = store(pool);
                try (Connection busy = pool.getConnection()) {
                    lock(busy, OF_ALICE);
                    assertThat(store.revoke(MALLORY, OF_ALICE, revocation(MALLORY)))
                            .isFalse();
                    assertThat(store.activate(MALLORY, OF_ALICE)).isFalse();
                    assertThat(store.revokeAll(MALLORY, revocation(MALLORY))).isEqualTo(OF_MALLORY.size());
                    busy.rollback();
                }
            }
        }
    }

    /** A purge locks rows by the key, and then their entries in the index. A revocation must not begin with those. */
    abstract static class OfLocks extends Contract {

        @ParameterizedTest
        @MethodSource("isolations")
        void a_revocation_that_meets_a_purge_at_a_row_waits_without_a_deadlock(String isolation) throws Exception {
            ExecutorService threads = Executors.newFixedThreadPool(2);
            try (HikariDataSource pool = pool(isolation)) {
                store(pool).revoke(MALLORY, OF_MALLORY.get(0), revocation(MALLORY));
                Future<Integer> removed;
                Future<Boolean> revoked;
                try (Connection busy = pool.getConnection()) {
                    lock(busy, OF_MALLORY.get(0));
                    removed = threads.submit(inTransaction(
                            pool,
                            host -> host.purge(NOW.plusSeconds(1), null, 100).removed()));
                    awaitWaiting(busy, 1);
                    revoked = threads.submit(
                            inTransaction(pool, host -> host.revoke(MALLORY, OF_MALLORY.get(0), revocation(MALLORY))));
                    awaitWaiting(busy, 2);
                    busy.rollback();
                }
                assertThat(removed.get()).isEqualTo(1);
                assertThat(revoked.get()).isFalse();
            } finally {
                threads.shutdownNow();
            }
        }

        private static void awaitWaiting(Connection connection, int count) throws SQLException {
            Await.until(() -> count + " transactions that wait for a lock", () -> {
                try (Statement statement = connection.createStatement();
                        ResultSet waiting =
                                statement.executeQuery("SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_current_waits'")) {
                    waiting.next();
                    return waiting.getInt(2) == count;
                }
            });
        }

        private static <T> Callable<T> inTransaction(HikariDataSource pool, Function<TokenStore, T> work) {
            return () -> {
                try (Connection host = pool.getConnection()) {
                    host.setAutoCommit(false);
                    T result = work.apply(JdbcTokenStore.joining(host));
                    host.commit();
                    return result;
                }
            };
        }
    }

    private static Token token(TokenId id, Owner owner) {
        return Token.builder(id, owner, "laptop", NOW).build();
    }

    private static Revocation revocation(Owner by) {
        return new Revocation(UUID.randomUUID(), NOW, Actor.user(by.value()), null);
    }
}
