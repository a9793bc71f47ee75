package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.Caller;
import io.tokenstore.IssuedToken;
import io.tokenstore.PageRequest;
import io.tokenstore.RevocationRequest;
import io.tokenstore.Token;
import io.tokenstore.TokenAuthenticator;
import io.tokenstore.TokenIssuanceService;
import io.tokenstore.TokenQueryService;
import io.tokenstore.TokenRequest;
import io.tokenstore.TokenRevocationService;
import io.tokenstore.TokenStoreException;
import io.tokenstore.Username;
import io.tokenstore.jdbc.database.Servers;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that the library, Jdbi, the pool and the drivers log, down to the finest level, and every exception on the way. */
class LeakTest {

    private final Queue<String> logged = new ConcurrentLinkedQueue<>();
    private final Handler everything = new Handler() {
        private final SimpleFormatter format = new SimpleFormatter();

        @Override
        public void publish(LogRecord event) {
            logged.add(event.getLoggerName() + ": " + format.format(event));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    static Stream<String> urls() {
        Servers.mariaDb().createDatabase("leaks");
        return Stream.of(
                H2.memoryUrl(),
                Servers.postgres().url("postgres"),
                Servers.mariaDb().url("leaks"));
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

    @ParameterizedTest
    @MethodSource("urls")
    void no_log_line_and_no_exception_has_a_secret_or_a_hash(String url) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        StringWriter thrown = new StringWriter();
        HikariDataSource pool = new HikariDataSource(config);
        JdbcTokenStore.createSchema(pool);
        JdbcTokenStore store = JdbcTokenStore.create(pool);
        Caller alice = Caller.user(new Username("alice"));
        TokenRevocationService revocation = new TokenRevocationService(store);
        TokenAuthenticator authenticator = new TokenAuthenticator(store, username -> false);

        IssuedToken issued = new TokenIssuanceService(store)
                .issue(alice, "alice", new TokenRequest("laptop", null))
                .orElseThrow();
        Token kept = store.find(issued.id()).orElseThrow();
        assertThat(authenticator.authenticate("Bearer " + issued.secret())).isEqualTo(alice);
        new TokenQueryService(store).list(alice, "alice", PageRequest.first(10)).orElseThrow();
        revocation.revoke(alice, "alice", issued.secret());
        revocation.revoke(alice, issued.secret(), issued.id().value());
        revocation.revokePresented(issued.secret());
        revocation.revokeAll(alice, "alice", RevocationRequest.plain());
        record(thrown, () -> store.add(kept));
        Unpooled.execute(
                pool, "DELETE FROM access_tokens", "ALTER TABLE access_tokens ADD CHECK (name = 'nothing else')");
        record(thrown, () -> store.add(kept));
        Unpooled.execute(pool, "DROP TABLE access_tokens");
        pool.close();
        record(thrown, () -> store.add(kept));
        record(thrown, () -> authenticator.authenticate("Bearer " + issued.secret()));

        byte[] hash = kept.hash().toBytes();
        String digits = issued.secret()
                .substring(issued.secret().length() - 49, issued.secret().length() - 6);
        List<String> forbidden = List.of(
                digits.toLowerCase(Locale.ROOT),
                HexFormat.of().formatHex(hash),
                HexFormat.ofDelimiter(" ").formatHex(hash, 0, 8),
                Base64.getEncoder().encodeToString(hash).toLowerCase(Locale.ROOT));
        assertThat(logged).hasSizeGreaterThan(20);
        assertThat(thrown.toString()).contains("TokenStoreException");
        for (String secret : forbidden) {
            assertThat(thrown.toString().toLowerCase(Locale.ROOT)).doesNotContain(secret);
            assertThat(logged).noneMatch(line -> line.toLowerCase(Locale.ROOT).contains(secret));
        }
    }

    private static void record(StringWriter thrown, Runnable failing) {
        try {
            failing.run();
        } catch (TokenStoreException e) {
            e.printStackTrace(new PrintWriter(thrown, true));
        }
    }
}
