package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import io.tokenstore.TokenId;
import io.tokenstore.jdbc.database.DatabaseServer;
import io.tokenstore.jdbc.database.Servers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** Servers that are killed while eight threads revoke. */
@Timeout(120)
class ServerKillTest {

    private static final String DATABASE = "kills";
    private static final int TOKENS = 7_000;
    private static final int KILLS = 3;

    @Test
    void postgres_that_is_killed_under_load_keeps_what_was_acknowledged(TestInfo test) throws Exception {
        killUnderLoad(Servers.postgres(), new Ledger(test, "PostgreSQL"));
    }

    @Test
    void mariadb_that_is_killed_under_load_keeps_what_was_acknowledged(TestInfo test) throws Exception {
        killUnderLoad(Servers.mariaDb(), new Ledger(test, "MariaDB"));
    }

    private static void killUnderLoad(DatabaseServer server, Ledger ledger) throws Exception {
        server.createDatabase(DATABASE);
        try (CountedPool pool = new CountedPool(poolOn(server))) {
            JdbcTokenStore.createSchema(pool);
            List<TokenId> tokens = RevocationLoad.prepare(server.url(DATABASE), TOKENS);
            JdbcTokenStore store = JdbcTokenStore.create(
                    pool, () -> false, JdbcOptions.defaults().withDeadline(Duration.ofMillis(500)));
            try (RevocationLoad load = RevocationLoad.on(List.of(store), ledger, tokens)) {
                for (int kill = 1; kill <= KILLS; kill++) {
                    load.awaitPart(kill, KILLS + 1);
                    server.kill();
                    try {
                        load.awaitFailure();
                    } finally {
                        server.restart();
                    }
                }
                load.awaitEnd();
            }
            ledger.compareWith(JdbcTokenStore.create(pool));
            assertThat(ledger.acknowledged()).isEqualTo(TOKENS);
        }
    }

    private static HikariConfig poolOn(DatabaseServer server) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.url(DATABASE));
        config.setMaximumPoolSize(8);
        config.setConnectionTimeout(250);
        return config;
    }
}
