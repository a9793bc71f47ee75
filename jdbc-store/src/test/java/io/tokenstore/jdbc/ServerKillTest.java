package io.tokenstore.jdbc;

import io.tokenstore.jdbc.database.DatabaseServer;
import io.tokenstore.jdbc.database.Servers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** Servers that are killed while eight threads revoke. */
@Timeout(600)
class ServerKillTest {

    @Test
    void postgres_that_is_killed_under_load_keeps_what_was_acknowledged(TestInfo test) throws Exception {
        killUnderLoad(Servers.postgres(), new Ledger(test, "PostgreSQL"));
    }

    @Test
    void mariadb_that_is_killed_under_load_keeps_what_was_acknowledged(TestInfo test) throws Exception {
        killUnderLoad(Servers.mariaDb(), new Ledger(test, "MariaDB"));
    }

    private static void killUnderLoad(DatabaseServer server, Ledger ledger) throws Exception {
        String url = server.newDatabase();
        JdbcTokenStore.createSchema(Unpooled.at(url));
        KillUnderLoad.run(ledger, url, url, server);
    }
}
