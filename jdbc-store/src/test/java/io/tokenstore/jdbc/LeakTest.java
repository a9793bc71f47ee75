package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.Owner;
import io.tokenstore.Token;
import io.tokenstore.TokenStoreException;
import io.tokenstore.jdbc.database.Servers;
import io.tokenstore.service.Caller;
import io.tokenstore.service.IssuedToken;
import io.tokenstore.service.PageRequest;
import io.tokenstore.service.RevocationRequest;
import io.tokenstore.service.TokenAuthenticator;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenRevocationService;
import io.tokenstore.service.TokenServices;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that the library, Jdbi, the pool and the drivers log, down to the finest level, and every exception on the way. */
class LeakTest {

    /** At the level TRACE of slf4j. */
    private static final Set<String> OF_MARIADB =
            Set.of("org.mariadb.jdbc.client.socket.Writer FINEST", "org.mariadb.jdbc.client.socket.Reader FINEST");

    private static final Set<String> OF_POSTGRES = Set.of("org.postgresql.core.v3.QueryExecutorImpl FINEST");
    private static final Set<String> OF_CONNECTOR_J = Set.of("MySQL INFO");
    private static final Set<String> OF_H2 = Set.of("h2database INFO");

    private record Line(String sender, String text) {}

    private final Queue<Line> logged = new ConcurrentLinkedQueue<>();
    private final Handler everything = new Handler() {
        private final SimpleFormatter format = new SimpleFormatter();

        @Override
        public void publish(LogRecord event) {
            logged.add(new Line(event.getLoggerName() + " " + event.getLevel(), format.format(event)));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    static Stream<Arguments> databases() {
        Servers.postgres().createDatabase("leaks");
        Servers.mariaDb().createDatabase("leaks");
        return Stream.of(
                        Arguments.of(H2.memoryUrl(), Set.of()),
                        Arguments.of(H2.memoryUrl() + ";TRACE_LEVEL_FILE=4", OF_H2),
                        Arguments.of(Servers.postgres().url("leaks"), OF_POSTGRES),
                        Arguments.of(Servers.mariaDb().url("leaks"), OF_MARIADB),
                        Arguments.of(Servers.mariaDb().url("leaks") + "&dumpQueriesOnException=true", OF_MARIADB))
                .flatMap(each -> Stream.of(true, false)
                        .map(autocommit -> Arguments.of(each.get()[0], autocommit, each.get()[1])));
    }

    @BeforeEach
    void listenToEverything() {
        everything.setLevel(Level.ALL);
        Logger root = Logger.getLogger("");
        root.setLevel(Level.ALL);
        root.addHandler(everything);
    }

    @AfterEach
    void leaveTheLogAlone() throws Exception {
        Logger.getLogger("").removeHandler(everything);
        LogManager.getLogManager().readConfiguration();
    }

    @ParameterizedTest(name = "{0}, autocommit {1}")
    @MethodSource("databases")
    void no_exception_has_a_secret_or_a_hash_and_no_log_but_a_driver_s_own_dump(
            String url, boolean autocommit, Set<String> dumps) throws SQLException {
        assertThatNothingLeaksBut(dumps, url, autocommit);
    }

    @Tag("mysql")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void with_connector_j_no_exception_has_a_hash_and_no_log_but_its_profiler_s(boolean autocommit)
            throws SQLException {
        Servers.mySql().createDatabase("leaks_" + autocommit);
        String url = Servers.mySql().url("leaks_" + autocommit) + "&logger=Slf4JLogger&dumpQueriesOnException=true";
        assertThatNothingLeaksBut(Set.of(), url, autocommit);
        assertThatNothingLeaksBut(OF_CONNECTOR_J, url + "&profileSQL=true", autocommit);
    }

    private void assertThatNothingLeaksBut(Set<String> dumps, String url, boolean autocommit) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setAutoCommit(autocommit);
        StringWriter thrown = new StringWriter();
        HikariDataSource pool = new HikariDataSource(config);
        Unpooled.execute(pool, "DROP TABLE IF EXISTS access_tokens");
        JdbcTokenStore.createSchema(pool);
        JdbcTokenStore store = JdbcTokenStore.create(pool);
        Caller alice = Caller.user(new Owner("alice"));
        TokenRevocationService revocation = TokenServices.builder(store).build().revocation();
        TokenAuthenticator authenticator = TokenServices.builder(store).build().authenticator();

        IssuedToken issued = TokenServices.builder(store)
                .build()
                .issuance()
                .issue(alice, "alice", TokenRequest.named("laptop").withTtl(Duration.ofDays(1)))
                .orElseThrow();
        Token kept = store.find(issued.id()).orElseThrow();
        assertThat(authenticator.authenticate("Bearer " + issued.secret())).hasToString("user alice");
        TokenServices.builder(store)
                .build()
                .query()
                .list(alice, "alice", PageRequest.first(10))
                .orElseThrow();
        revocation.revoke(alice, "alice", issued.secret());
        revocation.revoke(alice, issued.secret(), issued.id().value());
        revocation.revokePresented(issued.secret());
        revocation.revokeAll(alice, "alice", RevocationRequest.plain());
        record(thrown, () -> store.add(kept));
        Unpooled.execute(pool, "DELETE FROM access_tokens");
        store.add(kept);
        Unpooled.execute(pool, "ALTER TABLE access_tokens ADD CHECK (revocation_id IS NULL)");
        record(thrown, () -> revocation.revoke(alice, "alice", issued.id().value()));
        record(thrown, () -> revocation.revokePresented(issued.secret()));
        record(thrown, () -> revocation.revokeAll(alice, "alice", RevocationRequest.plain()));
        if (url.startsWith("jdbc:postgresql")) {
            showRowsInExceptions(pool);
            record(thrown, () -> store.purge(Instant.parse("9999-01-01T00:00:00Z"), null, 10));
            record(thrown, () -> revocation.revokeAll(alice, "alice", RevocationRequest.plain()));
            Unpooled.execute(pool, "ALTER TABLE access_tokens DISABLE TRIGGER ALL");
        }
        Unpooled.execute(
                pool, "DELETE FROM access_tokens", "ALTER TABLE access_tokens ADD CHECK (name = 'nothing else')");
        record(thrown, () -> store.add(kept));
        Unpooled.execute(pool, "DROP TABLE access_tokens");
        record(thrown, () -> store.add(kept));
        pool.close();
        record(thrown, () -> store.add(kept));
        record(thrown, () -> authenticator.authenticate("Bearer " + issued.secret()));

        ShownBytes hash = new ShownBytes(kept.hash().toBytes());
        String digits = issued.secret()
                .substring(issued.secret().length() - 49, issued.secret().length() - 6);
        assertThat(logged).hasSizeGreaterThan(20).noneMatch(line -> contains(line.text(), digits));
        assertThat(thrown.toString()).contains("TokenStoreException");
        assertThat(contains(thrown.toString(), digits)).isFalse();
        assertThat(hash.isIn(thrown.toString())).isFalse();
        assertThat(logged.stream()
                        .filter(line -> hash.isIn(line.text()))
                        .map(Line::sender)
                        .collect(Collectors.toSet()))
                .isEqualTo(dumps);
    }

    /** Also at the commit. */
    private static void showRowsInExceptions(HikariDataSource pool) throws SQLException {
        Unpooled.execute(
                pool,
                "ALTER TABLE access_tokens DROP CONSTRAINT access_tokens_revocation_id_check1",
                "CREATE OR REPLACE FUNCTION show() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE EXCEPTION 'the row is %', OLD; END $$",
                "CREATE TRIGGER show_deleted BEFORE DELETE ON access_tokens FOR EACH ROW EXECUTE FUNCTION show()",
                "CREATE CONSTRAINT TRIGGER show_updated AFTER UPDATE ON access_tokens DEFERRABLE INITIALLY DEFERRED"
                        + " FOR EACH ROW EXECUTE FUNCTION show()");
    }

    private static boolean contains(String text, String secret) {
        return text.toLowerCase(Locale.ROOT).contains(secret.toLowerCase(Locale.ROOT));
    }

    private static void record(StringWriter thrown, Runnable failing) {
        try {
            failing.run();
        } catch (TokenStoreException e) {
            e.printStackTrace(new PrintWriter(thrown, true));
        }
    }
}
