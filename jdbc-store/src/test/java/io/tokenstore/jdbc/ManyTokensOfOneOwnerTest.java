package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.jdbc.database.DatabaseServer;
import io.tokenstore.jdbc.database.Servers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** One owner with many tokens, of whom {@code -Downer.tokens=1000000} makes as many as the time limits are promised for. */
@ParameterizedClass
@EnumSource
class ManyTokensOfOneOwnerTest {

    private static final int TOKENS = Integer.getInteger("owner.tokens", 60_000);
    private static final boolean IN_FULL = TOKENS >= 1_000_000;
    private static final int OF_ANOTHER = 2_000;
    private static final Owner OF_MANY = new Owner("many");
    private static final Owner ANOTHER = new Owner("another");
    private static final Duration SHORT = Duration.ofSeconds(3);

    enum Wiring {
        POSTGRESQL_WITH_AUTOCOMMIT(Servers.postgres(), true),
        POSTGRESQL_WITHOUT_AUTOCOMMIT(Servers.postgres(), false),
        MARIADB_WITH_AUTOCOMMIT(Servers.mariaDb(), true),
        MARIADB_WITHOUT_AUTOCOMMIT(Servers.mariaDb(), false);

        private final DatabaseServer server;
        private final boolean autocommit;

        Wiring(DatabaseServer server, boolean autocommit) {
            this.server = server;
            this.autocommit = autocommit;
        }

        boolean isPostgres() {
            return server == Servers.postgres();
        }
    }

    @Parameter
    private Wiring wiring;

    private HikariDataSource pool;
    private JdbcTokenStore store;

    @BeforeEach
    void keepTheTokens() throws SQLException {
        String database = "many_" + UUID.randomUUID().toString().replaceAll("-.*", "");
        wiring.server.createDatabase(database);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(wiring.server.url(database));
        config.setMaximumPoolSize(3);
        config.setAutoCommit(wiring.autocommit);
        pool = new HikariDataSource(config);
        JdbcTokenStore.createSchema(pool);
        Unpooled.execute(pool, fill(OF_MANY, TOKENS), fill(ANOTHER, OF_ANOTHER));
        if (wiring.isPostgres()) {
            Unpooled.execute(Unpooled.at(config.getJdbcUrl()), "VACUUM ANALYZE access_tokens");
        }
        store = JdbcTokenStore.create(pool);
    }

    private String fill(Owner owner, int tokens) {
        String id = wiring.isPostgres() ? "lpad(seq::text, 7, '0')" : "lpad(seq, 7, '0')";
        String numbers = wiring.isPostgres() ? "generate_series(1, " + tokens + ") seq" : "seq_1_to_" + tokens;
        return "INSERT INTO access_tokens (id, owner, name, secret_hash, scopes, created_at) SELECT concat("
                + id + ", '-" + owner.value().charAt(0) + "'), '" + owner.value() + "', 'laptop', "
                + (wiring.isPostgres() ? "sha256(seq::text::bytea)" : "unhex(sha2(seq, 256))")
                + ", '*', TIMESTAMP '2025-01-01 00:00:00' FROM " + numbers;
    }

    @AfterEach
    void closeThePool() {
        pool.close();
    }

    @Test
    void a_revoke_all_finishes_while_others_revoke_and_a_repeated_one_writes_one_row() throws Exception {
        long sizeBefore = size();
        Revocation all = revocation();
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService other = Executors.newSingleThreadExecutor();
        int calls = 0;
        long begin = System.nanoTime();
        long longestWait;
        try {
            Future<Long> waits = other.submit(() -> longestWaitOfAnother(over));
            int revoked = -1;
            while (revoked < 0) {
                revoked = revokeAllOrFail(all);
                calls++;
            }
            over.set(true);
            longestWait = waits.get();
            assertThat(revoked).isEqualTo(TOKENS);
        } finally {
            over.set(true);
            other.shutdownNow();
        }
        long millis = (System.nanoTime() - begin) / 1_000_000;
        long growth = size() - sizeBefore;
        int written = sumOfParities();
        assertThat(store.revokeAll(OF_MANY, all)).isEqualTo(TOKENS);
        assertThat(sumOfParities()).as("written again").isIn(written - 1, written + 1);
        long sizeAfterwards = size();
        long oneRewrite = sizeWithoutRoom();
        System.out.printf(
                "%s: revoked all of %d tokens by %d calls in %d ms; longest wait of another owner's revocation %d ms;"
                        + " the table had %d MB, grew by %d MB and then by %d MB, and one rewrite has %d MB%n",
                wiring,
                TOKENS,
                calls,
                millis,
                longestWait,
                sizeBefore >> 20,
                growth >> 20,
                (sizeAfterwards - sizeBefore - growth) >> 20,
                oneRewrite >> 20);
        if (wiring.isPostgres()) {
            assertThat(sizeAfterwards - sizeBefore).as("growth").isLessThanOrEqualTo(oneRewrite);
        }
        if (IN_FULL) {
            assertThat(calls).isLessThanOrEqualTo(3);
            assertThat(longestWait).isLessThan(1_000);
        }
    }

    private int revokeAllOrFail(Revocation all) {
        try {
            return store.revokeAll(OF_MANY, all);
        } catch (TokenStoreException e) {
            assertThat(e.applied()).isEqualTo(Applied.UNKNOWN);
            return -1;
        }
    }

    private long longestWaitOfAnother(AtomicBoolean over) throws InterruptedException {
        long longest = 0;
        for (int i = 1; i <= OF_ANOTHER && !over.get(); i++) {
            long begin = System.nanoTime();
            assertThat(store.revoke(ANOTHER, new TokenId("%07d-a".formatted(i)), revocation()))
                    .isTrue();
            longest = Math.max(longest, System.nanoTime() - begin);
            Thread.sleep(10);
        }
        return longest / 1_000_000;
    }

    @Test
    void a_call_that_its_deadline_ends_has_made_progress_and_the_next_one_goes_on() throws SQLException {
        DriverFaults driver = new DriverFaults(pool, wiring.autocommit);
        JdbcTokenStore hurried = JdbcTokenStore.create(
                driver.dataSource(), () -> false, JdbcOptions.defaults().withDeadline(SHORT));
        Revocation all = revocation();
        driver.next("statement.executeUpdate", DriverFaults.Call::proceed);
        driver.next("statement.executeUpdate", call -> {
            Object answer = call.proceed();
            Thread.sleep(SHORT.toMillis());
            return answer;
        });
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> hurried.revokeAll(OF_MANY, all))
                .returns(Applied.UNKNOWN, TokenStoreException::applied);
        int pages = wiring.autocommit ? 2 : 1;
        assertThat(sumOfParities()).isEqualTo(pages * OwnerRevocation.PAGE);
        if (!IN_FULL) {
            assertThat(store.revokeAll(OF_MANY, all)).isEqualTo(TOKENS);
        }
    }

    private long size() throws SQLException {
        return wiring.isPostgres() ? number("SELECT pg_total_relation_size('access_tokens')") : 0;
    }

    private long sizeWithoutRoom() throws SQLException {
        if (wiring.isPostgres()) {
            Unpooled.execute(Unpooled.at(pool.getJdbcUrl()), "VACUUM FULL access_tokens");
        }
        return size();
    }

    private int sumOfParities() throws SQLException {
        return (int) number("SELECT SUM(write_parity) FROM access_tokens WHERE owner = 'many'");
    }

    private long number(String query) throws SQLException {
        try (Connection connection = Unpooled.at(pool.getJdbcUrl()).getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static Revocation revocation() {
        return new Revocation(UUID.randomUUID(), Instant.now(), Actor.user("alice"), null);
    }
}
