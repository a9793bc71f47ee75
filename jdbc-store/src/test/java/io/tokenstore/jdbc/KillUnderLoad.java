package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import io.tokenstore.jdbc.database.Await;
import io.tokenstore.jdbc.database.DatabaseServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Kills and restarts a server while eight threads revoke through a URL, and compares their ledger with what is kept. */
final class KillUnderLoad {

    private static final int TOKENS = 7_000;
    private static final int KILLS = 3;
    private static final int SHORT_OUTAGE_MILLIS = 1_000;

    private KillUnderLoad() {}

    /** With a deadline so short that calls fail, and their callers repeat them. */
    static void run(Ledger ledger, String url, String preparing, DatabaseServer victim) throws Exception {
        run(ledger, url, preparing, victim, JdbcOptions.defaults().withDeadline(Duration.ofMillis(500)), true);
    }

    /** With the deadline that hosts have, within which the server is back. */
    static void runPatiently(Ledger ledger, String url, String preparing, DatabaseServer victim) throws Exception {
        run(ledger, url, preparing, victim, JdbcOptions.defaults(), false);
    }

    private static void run(
            Ledger ledger,
            String url,
            String preparing,
            DatabaseServer victim,
            JdbcOptions options,
            boolean untilACallFails)
            throws Exception {
        try (CountedPool pool = new CountedPool(poolOn(url, untilACallFails ? 250 : 2_000))) {
            List<TokenId> tokens = RevocationLoad.prepare(preparing, TOKENS);
            JdbcTokenStore store = created(pool, options);
            try (RevocationLoad load = RevocationLoad.on(List.of(store), ledger, tokens)) {
                for (int kill = 1; kill <= KILLS; kill++) {
                    load.awaitPart(kill, KILLS + 1);
                    victim.kill();
                    try {
                        if (untilACallFails) {
                            load.awaitFailure();
                        } else {
                            Thread.sleep(SHORT_OUTAGE_MILLIS);
                        }
                    } finally {
                        victim.restart();
                    }
                }
                load.awaitEnd();
            }
            ledger.compareWith(JdbcTokenStore.create(pool));
            assertThat(ledger.acknowledged()).isEqualTo(TOKENS);
            if (!untilACallFails) {
                assertThat(ledger.failures()).isZero();
            }
        }
    }

    /** On a busy machine the check of the schema may take longer than a short deadline. */
    private static JdbcTokenStore created(CountedPool pool, JdbcOptions options) {
        AtomicReference<JdbcTokenStore> store = new AtomicReference<>();
        Await.until(() -> "a store", () -> {
            try {
                store.set(JdbcTokenStore.create(pool, () -> false, options));
                return true;
            } catch (TokenStoreException e) {
                return false;
            }
        });
        return store.get();
    }

    private static HikariConfig poolOn(String url, int connectionTimeout) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(8);
        config.setConnectionTimeout(connectionTimeout);
        return config;
    }
}
