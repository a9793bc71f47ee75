package io.tokenstore.jdbc;

import io.tokenstore.jdbc.database.PgBouncer;
import io.tokenstore.jdbc.database.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** A pooler, or the server behind it, that is killed while eight threads revoke. */
@Tag("pgbouncer")
@Timeout(600)
class PgBouncerKillTest {

    private static final String DATABASE = "postgres";
    private static final PostgresServer SERVER = PostgresServer.start();
    private static final PgBouncer POOLER = PgBouncer.start(SERVER, "transaction", 8);

    @BeforeEach
    void createTheTable() throws Exception {
        Unpooled.execute(Unpooled.at(SERVER.url(DATABASE)), "DROP TABLE IF EXISTS access_tokens");
        JdbcTokenStore.createSchema(Unpooled.at(SERVER.url(DATABASE)));
    }

    @AfterAll
    static void stop() {
        POOLER.close();
        SERVER.close();
    }

    @Test
    void a_pooler_that_is_killed_under_load_loses_nothing_that_was_acknowledged(TestInfo test) throws Exception {
        KillUnderLoad.run(new Ledger(test, "PgBouncer"), url(), direct(), POOLER);
    }

    @Test
    void a_server_that_is_killed_behind_a_pooler_keeps_what_was_acknowledged(TestInfo test) throws Exception {
        KillUnderLoad.run(new Ledger(test, "PgBouncer"), url(), direct(), SERVER);
    }

    @Test
    void a_pooler_that_comes_back_within_the_deadline_loses_nothing(TestInfo test) throws Exception {
        KillUnderLoad.runPatiently(new Ledger(test, "PgBouncer"), url(), direct(), POOLER);
    }

    @Test
    void a_server_that_comes_back_behind_a_pooler_within_the_deadline_loses_nothing(TestInfo test) throws Exception {
        KillUnderLoad.runPatiently(new Ledger(test, "PgBouncer"), url(), direct(), SERVER);
    }

    private static String url() {
        return POOLER.url(DATABASE) + "&prepareThreshold=0";
    }

    private static String direct() {
        return SERVER.url(DATABASE);
    }
}
