package io.tokenstore.jdbc.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("galera")
class GaleraClusterTest {

    @Test
    void everyNodeHasAnAcknowledgedRowAndAKilledOneCatchesUp() throws SQLException {
        try (GaleraCluster cluster = GaleraCluster.start(1)) {
            GaleraNode first = cluster.nodes().get(0);
            first.createDatabase("cluster");
            update(cluster.failoverUrl("cluster"), "CREATE TABLE t (id INT PRIMARY KEY)");
            update(cluster.failoverUrl("cluster"), "INSERT INTO t VALUES (1)");
            for (GaleraNode node : cluster.nodes()) {
                assertThat(query(node.url("cluster"), "SELECT COUNT(*) FROM t")).isEqualTo("1");
            }
            first.kill();
            update(cluster.failoverUrl("cluster"), "INSERT INTO t VALUES (2)");
            first.restart();
            assertThat(query(first.url("cluster"), "SELECT COUNT(*) FROM t")).isEqualTo("2");
            assertThat(query(first.url("cluster"), "SELECT @@wsrep_sync_wait")).isEqualTo("1");
            assertThat(query(
                            first.url("cluster"),
                            "SELECT variable_value FROM information_schema.global_status"
                                    + " WHERE variable_name = 'wsrep_cluster_size'"))
                    .isEqualTo("3");
        }
    }

    private static void update(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private static String query(String url, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }
}
