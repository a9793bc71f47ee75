package io.tokenstore.jdbc.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("mysql")
class MySqlServerTest extends DatabaseServerContract<MySqlServer> {

    @Override
    MySqlServer startServer() {
        return MySqlServer.start();
    }

    @Test
    void writesDurably() throws SQLException {
        assertThat(query("mysql", "SELECT @@innodb_flush_log_at_trx_commit")).isEqualTo("1");
        assertThat(query("mysql", "SELECT @@innodb_doublewrite")).isIn("1", "ON");
    }
}
