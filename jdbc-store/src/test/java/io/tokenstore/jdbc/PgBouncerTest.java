package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.jdbc.database.PgBouncer;
import io.tokenstore.jdbc.database.Servers;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A pooler that may give each transaction another session of the server, and that knows nothing of prepared statements. */
@Tag("pgbouncer")
class PgBouncerTest {

    private static final String DATABASE = "bounced";
    private static final String UNNAMED = "&prepareThreshold=0";
    private static final PgBouncer TRANSACTIONS = PgBouncer.start(Servers.postgres(), "transaction");
    private static final int THREADS_OF_A_TENANT = 4;

    static {
        Servers.postgres().createDatabase(DATABASE);
    }

    @AfterAll
    static void stop() {
        TRANSACTIONS.close();
    }

    private static String url() {
        return TRANSACTIONS.url(DATABASE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"session", "transaction", "statement"})
    void a_driver_that_names_its_statements_is_refused_in_every_pool_mode(String poolMode) {
        try (PgBouncer pooler = PgBouncer.start(Servers.postgres(), poolMode)) {
            assertRefused(Unpooled.at(pooler.url(DATABASE)), "pooler", "prepareThreshold=0");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "preferQueryMode=extendedForPrepared",
                "preferQueryMode=extendedCacheEverything",
                "prepareThreshold=-1"
            })
    void other_settings_that_name_statements_are_refused(String setting) {
        assertRefused(Unpooled.at(url() + "&" + setting), "pooler", "prepareThreshold=0");
    }

    @Test
    void the_driver_is_found_behind_a_pool_of_the_host() {
        try (HikariDataSource pool = new HikariDataSource(PooledContract.on(url()))) {
            assertRefused(pool, "pooler", "prepareThreshold=0");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "session, prepareThreshold=0",
        "transaction, prepareThreshold=0",
        "transaction, preferQueryMode=simple",
    })
    void a_driver_that_names_no_statement_is_accepted(String poolMode, String setting) {
        try (PgBouncer pooler = PgBouncer.start(Servers.postgres(), poolMode)) {
            DataSource dataSource = Unpooled.at(pooler.url(DATABASE) + "&" + setting);
            JdbcOptions options = newTable(dataSource);
            assertThatNoException().isThrownBy(() -> JdbcTokenStore.create(dataSource, () -> false, options));
        }
    }

    @Test
    void a_pooler_without_transactions_is_refused() {
        try (PgBouncer pooler = PgBouncer.start(Servers.postgres(), "statement")) {
            assertRefused(Unpooled.at(pooler.url(DATABASE) + UNNAMED), "takes no transactions", "pool_mode");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"never", "conservative", "always"})
    void no_statement_of_the_store_or_of_its_driver_has_a_name(String autosave) throws Exception {
        Unpooled.execute(direct(), "ALTER DATABASE " + DATABASE + " SET log_statement = 'all'");
        int before = Servers.postgres().log().length();
        try (PgBouncer pooler = PgBouncer.start(Servers.postgres(), "transaction")) {
            String url = pooler.url(DATABASE) + UNNAMED + "&autosave=" + autosave;
            for (boolean autocommit : new boolean[] {true, false}) {
                HikariConfig config = PooledContract.ofOneConnection(PooledContract.on(url));
                config.setAutoCommit(autocommit);
                try (HikariDataSource pool = new HikariDataSource(config)) {
                    JdbcTokenStore store = JdbcTokenStore.create(pool, () -> false, newTable(pool));
                    for (int i = 0; i < 20; i++) {
                        assertThat(answersRightly(store, "alice", "t" + i)).isTrue();
                        store.list(new Owner("alice"), null, 10);
                        store.purge(Instant.EPOCH, null, 10);
                    }
                }
            }
        } finally {
            Unpooled.execute(direct(), "ALTER DATABASE " + DATABASE + " RESET log_statement");
        }
        assertThat(Servers.postgres().log().substring(before))
                .contains("execute <unnamed>: UPDATE")
                .doesNotContain("execute S_");
    }

    @Test
    void colliding_names_are_told_from_an_unfit_table_though_the_driver_is_out_of_reach() throws Exception {
        JdbcOptions options = newTable(direct());
        try (PgBouncer pooler = PgBouncer.start(Servers.postgres(), "transaction")) {
            DataSource outOfReach = Unpooled.of(() -> {
                Connection driver = DriverManager.getConnection(pooler.url(DATABASE) + "&prepareThreshold=1");
                return StandIn.of(Connection.class, (proxy, method, arguments) -> {
                    if (method.getName().equals("unwrap")) {
                        throw new SQLException("out of reach");
                    }
                    return StandIn.call(driver, method, arguments);
                });
            });
            JdbcTokenStore.create(outOfReach, () -> false, options);
            assertThatIllegalStateException()
                    .isThrownBy(() -> JdbcTokenStore.create(outOfReach, () -> false, options))
                    .withMessageContainingAll("pooler", "prepareThreshold=0");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void two_tenants_with_tables_of_their_own_get_right_answers_alone(boolean autocommit) throws Exception {
        long end = System.nanoTime()
                + Duration.ofSeconds(Long.getLong("pgbouncer.seconds", 5)).toNanos();
        HikariConfig config = PooledContract.on(url() + UNNAMED);
        config.setAutoCommit(autocommit);
        ExecutorService threads = Executors.newFixedThreadPool(2 * THREADS_OF_A_TENANT);
        try (HikariDataSource one = new HikariDataSource(config);
                HikariDataSource other = new HikariDataSource(config)) {
            List<Future<Long>> wrong = new ArrayList<>();
            for (HikariDataSource tenant : List.of(one, other)) {
                JdbcTokenStore store = JdbcTokenStore.create(tenant, () -> false, newTable(tenant));
                for (int thread = 0; thread < THREADS_OF_A_TENANT; thread++) {
                    wrong.add(threads.submit(wrongAnswers(store, "user" + thread, end)));
                }
            }
            for (Future<Long> ofAThread : wrong) {
                assertThat(ofAThread.get()).as("wrong answers").isZero();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Callable<Long> wrongAnswers(JdbcTokenStore store, String owner, long end) {
        return () -> {
            long wrong = 0;
            for (int i = 0; System.nanoTime() < end; i++) {
                wrong += answersRightly(store, owner, owner + "-" + i) ? 0 : 1;
            }
            return wrong;
        };
    }

    /** Adds a token, finds it, revokes it, finds that, and is told that it is not another's. */
    private static boolean answersRightly(JdbcTokenStore store, String owner, String id) {
        Token token = Token.builder(new TokenId(id), new Owner(owner), "laptop", Instant.EPOCH)
                .build();
        Revocation revocation = new Revocation(UUID.randomUUID(), Instant.EPOCH, Actor.user(owner), null);
        store.add(token);
        return store.find(token.id()).equals(Optional.of(token))
                && !store.revoke(new Owner("nobody"), token.id(), revocation)
                && store.revoke(token.owner(), token.id(), revocation)
                && store.find(token.id()).equals(Optional.of(token.withRevocation(revocation)));
    }

    private static DataSource direct() {
        return Unpooled.at(Servers.postgres().url(DATABASE));
    }

    private static JdbcOptions newTable(DataSource dataSource) {
        JdbcOptions options = JdbcOptions.defaults()
                .withTable("bounced_" + UUID.randomUUID().toString().substring(0, 8));
        JdbcTokenStore.createSchema(dataSource, options);
        return options;
    }

    private static void assertRefused(DataSource dataSource, String... words) {
        JdbcOptions options = newTable(direct());
        assertThatIllegalStateException()
                .isThrownBy(() -> JdbcTokenStore.create(dataSource, () -> false, options))
                .withMessageContainingAll(words);
    }

    @Nested
    class WithAutocommit extends PooledContract {
        WithAutocommit() {
            super(on(url() + UNNAMED));
        }
    }

    @Nested
    class WithoutAutocommit extends PooledContract {
        WithoutAutocommit() {
            super(withoutAutocommit(on(url() + UNNAMED)));
        }
    }

    @Nested
    class WithSimpleQueries extends PooledContract {
        WithSimpleQueries() {
            super(on(url() + "&preferQueryMode=simple"));
        }
    }
}
