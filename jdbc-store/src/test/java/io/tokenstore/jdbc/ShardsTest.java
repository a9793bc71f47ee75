package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.jdbc.database.Fault;
import io.tokenstore.jdbc.database.FaultProxy;
import io.tokenstore.jdbc.database.PostgresServer;
import io.tokenstore.jdbc.database.Servers;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** One PostgreSQL as the head, whose tokens are in two others, by the hash of their ids. */
@Tag("shards")
class ShardsTest {

    private static final String DATABASE = "sharded";
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final List<PostgresServer> SHARDS = List.of(PostgresServer.start(), PostgresServer.start());

    @BeforeAll
    static void connectTheServers() throws SQLException {
        SHARDS.forEach(shard -> shard.createDatabase(DATABASE));
        Servers.postgres().createDatabase(DATABASE);
        Unpooled.execute(
                head(),
                SplitTables.servers(
                        DATABASE, SHARDS.get(0).port(), SHARDS.get(1).port()));
    }

    @AfterAll
    static void stop() {
        SHARDS.forEach(PostgresServer::close);
    }

    private static String url() {
        return Servers.postgres().url(DATABASE);
    }

    private static DataSource head() {
        return Unpooled.at(url());
    }

    private static void createTables(JdbcOptions options) throws SQLException {
        for (PostgresServer shard : SHARDS) {
            JdbcTokenStore.createSchema(Unpooled.at(shard.url(DATABASE)), options);
        }
        Unpooled.execute(head(), SplitTables.sharded(options.table()));
    }

    private static void dropTables(JdbcOptions options) throws SQLException {
        Unpooled.execute(
                head(),
                "DROP TABLE IF EXISTS " + options.table(),
                "DROP TABLE IF EXISTS " + Dialect.usesOf(options.table()));
        for (PostgresServer shard : SHARDS) {
            Unpooled.execute(
                    Unpooled.at(shard.url(DATABASE)),
                    "DROP TABLE IF EXISTS " + options.table(),
                    "DROP TABLE IF EXISTS " + Dialect.usesOf(options.table()));
        }
    }

    @Nested
    class WithAutocommit extends PooledNodesContract {
        WithAutocommit() {
            super(on(url()));
        }

        @Override
        void createTables(JdbcOptions options) throws SQLException {
            ShardsTest.createTables(options);
        }

        @AfterEach
        void dropTheTables() throws SQLException {
            dropTables(options());
        }
    }

    @Nested
    class WithoutAutocommit extends PooledContract {
        WithoutAutocommit() {
            super(withoutAutocommit(on(url())));
        }

        @Override
        void createTables(JdbcOptions options) throws SQLException {
            ShardsTest.createTables(options);
        }

        @AfterEach
        void dropTheTables() throws SQLException {
            dropTables(options());
        }
    }

    @Nested
    @Timeout(600)
    class OnTheirOwn {

        private final JdbcOptions options = JdbcOptions.defaults();

        @AfterEach
        void dropTheTables() throws SQLException {
            dropTables(options);
        }

        @Test
        void a_shard_that_is_killed_under_load_keeps_what_was_acknowledged(TestInfo test) throws Exception {
            createTables(options);
            KillUnderLoad.run(new Ledger(test, "shards"), url(), url(), SHARDS.get(1));
        }

        @Test
        void a_shard_that_comes_back_within_the_deadline_loses_nothing(TestInfo test) throws Exception {
            createTables(options);
            KillUnderLoad.runPatiently(new Ledger(test, "shards"), url(), url(), SHARDS.get(1));
        }

        @Test
        void a_purge_looks_for_uses_without_a_token_within_its_page() throws SQLException {
            createTables(options);
            JdbcTokenStore store = JdbcTokenStore.create(head());
            store.add(token("t1"));
            store.record(Map.of(new TokenId("t1"), NOW, new TokenId("t0"), NOW));
            PostgresServer shard = SHARDS.get(0);
            Unpooled.execute(
                    Unpooled.at(shard.url(DATABASE)), "ALTER DATABASE " + DATABASE + " SET log_statement = 'all'");
            int before = shard.log().length();
            try {
                store.purge(NOW, null, 10);
            } finally {
                Unpooled.execute(
                        Unpooled.at(shard.url(DATABASE)), "ALTER DATABASE " + DATABASE + " RESET log_statement");
            }
            assertThat(shard.log().substring(before))
                    .contains("SELECT id FROM public.access_tokens WHERE")
                    .doesNotContain("SELECT id FROM public.access_tokens\n");
            assertThat(store.lastUses(List.of(new TokenId("t0"), new TokenId("t1"))))
                    .containsOnlyKeys(new TokenId("t1"));
        }

        @Test
        void many_tokens_that_a_commit_left_on_one_shard_are_kept_on_both_in_the_end() throws Exception {
            createTables(options);
            List<Token> tokens =
                    IntStream.range(0, 40).mapToObj(i -> token("t" + i)).toList();
            try (FaultProxy first = FaultProxy.before(SHARDS.get(0).port());
                    FaultProxy second = FaultProxy.before(SHARDS.get(1).port())) {
                connect(first.port(), second.port());
                JdbcTokenStore store = JdbcTokenStore.create(head());
                // The one that commits first does so unheard, and the other one is told to roll back.
                CompletableFuture<Object> either = CompletableFuture.anyOf(
                        first.onRequest("COMMIT TRANSACTION", Fault.CUT_REPLY),
                        second.onRequest("COMMIT TRANSACTION", Fault.CUT_REPLY));
                store.addAll(tokens);
                assertThat(either).isCompleted();
                assertThat(store.list(new Owner("alice"), null, 100).tokens()).hasSameElementsAs(tokens);
            } finally {
                connect(SHARDS.get(0).port(), SHARDS.get(1).port());
            }
        }

        private void connect(int first, int second) throws SQLException {
            Unpooled.execute(
                    head(),
                    "ALTER SERVER shard_0 OPTIONS (SET port '" + first + "')",
                    "ALTER SERVER shard_1 OPTIONS (SET port '" + second + "')");
        }

        /** Each would hold a row on one shard and wait for the other's on the other shard, and no server would know. */
        @Test
        void tokens_that_two_nodes_add_in_opposite_orders_are_added_once() throws Exception {
            createTables(options);
            Unpooled.execute(
                    head(),
                    "ALTER SERVER shard_0 OPTIONS (DROP options)",
                    "ALTER SERVER shard_1 OPTIONS (DROP options)");
            ExecutorService threads = Executors.newFixedThreadPool(2);
            try (HikariDataSource pool = new HikariDataSource(PooledContract.on(url()))) {
                JdbcTokenStore store = JdbcTokenStore.create(pool);
                for (int round = 0; round < 20; round++) {
                    String prefix = "r" + round + "-";
                    List<Token> tokens = IntStream.range(0, 100)
                            .mapToObj(i -> token(prefix + i))
                            .collect(Collectors.toCollection(ArrayList::new));
                    List<Token> reversed = new ArrayList<>(tokens);
                    Collections.reverse(reversed);
                    Future<Boolean> one = threads.submit(() -> adds(store, tokens));
                    assertThat(adds(store, reversed)).isNotEqualTo(one.get());
                }
            } finally {
                threads.shutdownNow();
                Unpooled.execute(
                        head(),
                        "ALTER SERVER shard_0 OPTIONS (ADD options '-c lock_timeout=2s')",
                        "ALTER SERVER shard_1 OPTIONS (ADD options '-c lock_timeout=2s')");
            }
        }

        private static boolean adds(JdbcTokenStore store, List<Token> tokens) {
            try {
                store.addAll(tokens);
                return true;
            } catch (DuplicateTokenException e) {
                return false;
            }
        }

        @Test
        void uses_that_are_kept_on_other_servers_are_refused_at_the_start() throws SQLException {
            createTables(options);
            Unpooled.execute(
                    head(),
                    "DROP TABLE access_token_uses",
                    "CREATE FOREIGN TABLE access_token_uses (id VARCHAR(255) COLLATE \"C\" NOT NULL,"
                            + " last_used_at TIMESTAMP(6) NOT NULL) SERVER shard_0");
            assertThatIllegalStateException()
                    .isThrownBy(() -> JdbcTokenStore.create(head()))
                    .withMessageContainingAll("access_token_uses", "can't be read and written");
            Unpooled.execute(head(), "DROP FOREIGN TABLE access_token_uses");
        }

        private Token token(String id) {
            return Token.builder(new TokenId(id), new Owner("alice"), "laptop", NOW)
                    .build();
        }
    }
}
