package io.tokenstore.jdbc.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class MariaDbServerTest extends DatabaseServerContract<MariaDbServer> {

    @Override
    MariaDbServer startServer() {
        return MariaDbServer.start();
    }

    @Test
    void writesDurably() throws SQLException {
        assertThat(query("mysql", "SELECT @@innodb_flush_log_at_trx_commit")).isEqualTo("1");
        assertThat(query("mysql", "SELECT @@innodb_doublewrite")).isIn("1", "ON");
    }

    @Test
    void foldsCaseByDefault() throws SQLException {
        server.createDatabase("folding");
        assertThat(query("folding", "SELECT @@character_set_database")).isEqualTo("utf8mb4");
        assertThat(query("folding", "SELECT 'ALICE' = 'alice'")).isEqualTo("1");
    }
}
