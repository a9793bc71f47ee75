package io.tokenstore.jdbc.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(FaultProxyTest.Database.class)
@Timeout(300)
class FaultProxyTest {

    private static final String INSERT = "INSERT INTO t VALUES (?)";

    @Parameter
    private Database database;

    private DatabaseServer server;
    private FaultProxy proxy;

    enum Database {
        POSTGRES(PostgresServer.start(), "&socketTimeout=1"),
        MARIADB(MariaDbServer.start(), "&socketTimeout=1000");

        private final DatabaseServer server;
        private final String timeout;

        Database(DatabaseServer server, String timeout) {
            this.server = server;
            this.timeout = timeout;
            server.createDatabase("proxied");
        }
    }

    @AfterAll
    static void stopServers() {
        for (Database database : Database.values()) {
            database.server.close();
        }
    }

    @BeforeEach
    void start() throws SQLException {
        server = database.server;
        proxy = FaultProxy.before(server.port());
        try (Connection direct = direct();
                Statement statement = direct.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS t");
            statement.execute("CREATE TABLE t (id VARCHAR(40) PRIMARY KEY)");
        }
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    @Test
    void forwardsRequestsAndReplies() throws SQLException {
        try (Connection connection = proxied()) {
            insert(connection, "forwarded");
        }
        assertThat(stored("forwarded")).isTrue();
    }

    @Test
    void cutRequestNeverReachesTheDatabase() throws Exception {
        try (Connection connection = proxied()) {
            CompletableFuture<Void> cut = proxy.onRequest("unlucky", Fault.CUT_REQUEST);
            insert(connection, "lucky");
            assertThatThrownBy(() -> insert(connection, "unlucky")).isInstanceOf(SQLException.class);
            cut.get(120, TimeUnit.SECONDS);
        }
        assertThat(stored("lucky")).isTrue();
        assertThat(stored("unlucky")).isFalse();
    }

    @Test
    void cutReplyIsOfAnAppliedRequest() throws Exception {
        try (Connection connection = proxied()) {
            CompletableFuture<Void> cut = proxy.onRequest("unheard", Fault.CUT_REPLY);
            assertThatThrownBy(() -> insert(connection, "unheard")).isInstanceOf(SQLException.class);
            cut.get(120, TimeUnit.SECONDS);
        }
        assertThat(stored("unheard")).isTrue();
    }

    @Test
    void cutReplyOfACommitIsOfAnAppliedCommit() throws Exception {
        try (Connection connection = proxied()) {
            connection.setAutoCommit(false);
            insert(connection, "committed");
            CompletableFuture<Void> cut = proxy.onRequest("COMMIT", Fault.CUT_REPLY);
            assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
            cut.get(120, TimeUnit.SECONDS);
        }
        assertThat(stored("committed")).isTrue();
    }

    @Test
    void replyIsCutAfterSoManyBytesAndOnce() throws Exception {
        for (int bytes : new int[] {0, 1, 5}) {
            String id = "after" + bytes;
            try (Connection connection = proxied()) {
                proxy.cutReplyAfter(bytes);
                assertThatThrownBy(() -> insert(connection, id)).isInstanceOf(SQLException.class);
            }
            try (Connection connection = proxied()) {
                insert(connection, "again" + bytes);
            }
        }
    }

    @Test
    void faultHappensOnce() throws Exception {
        CompletableFuture<Void> cut = proxy.onRequest("twice", Fault.CUT_REQUEST);
        try (Connection connection = proxied()) {
            assertThatThrownBy(() -> insert(connection, "twice")).isInstanceOf(SQLException.class);
            cut.get(120, TimeUnit.SECONDS);
        }
        try (Connection connection = proxied()) {
            insert(connection, "twice");
        }
        assertThat(stored("twice")).isTrue();
    }

    @Test
    void faultOfALaterStatementDoesNotRememberEarlierOnes() throws SQLException {
        try (Connection connection = proxied()) {
            insert(connection, "earlier");
            CompletableFuture<Void> cut = proxy.onRequest("earlier", Fault.CUT_REQUEST);
            insert(connection, "later");
            assertThat(cut).isNotDone();
        }
    }

    @Test
    void hangingReplyLeavesTheClientToItsTimeout() throws Exception {
        try (Connection connection = proxied()) {
            CompletableFuture<Void> hung = proxy.onRequest("unheard", Fault.HANG_REPLY);
            assertThatThrownBy(() -> insert(connection, "unheard")).isInstanceOf(SQLException.class);
            hung.get(120, TimeUnit.SECONDS);
        }
        assertThat(stored("unheard")).isTrue();
    }

    @Test
    void hangingRequestArrivesLate() throws Exception {
        try (Connection connection = proxied()) {
            CompletableFuture<Void> hung = proxy.onRequest("late", Fault.HANG_REQUEST);
            assertThatThrownBy(() -> insert(connection, "late")).isInstanceOf(SQLException.class);
            hung.get(120, TimeUnit.SECONDS);
        }
        assertThat(stored("late")).isFalse();
        proxy.resume();
        Await.until(() -> "the late request", () -> stored("late"));
    }

    @Test
    void hangHoldsOldAndNewConnectionsUntilResumed() throws SQLException {
        try (Connection connection = proxied()) {
            proxy.hang();
            assertThatThrownBy(() -> insert(connection, "hung")).isInstanceOf(SQLException.class);
            assertThatThrownBy(this::proxied).isInstanceOf(SQLException.class);
            proxy.resume();
        }
        try (Connection connection = proxied()) {
            insert(connection, "resumed");
        }
        assertThat(stored("resumed")).isTrue();
    }

    @Test
    void cutEndsOpenConnectionsOnly() throws SQLException {
        try (Connection connection = proxied()) {
            proxy.cut();
            assertThatThrownBy(() -> insert(connection, "cut")).isInstanceOf(SQLException.class);
        }
        try (Connection connection = proxied()) {
            insert(connection, "again");
        }
        assertThat(stored("again")).isTrue();
        assertThat(stored("cut")).isFalse();
    }

    @Test
    void refusesWhileTheServerIsDead() throws SQLException {
        server.kill();
        assertThatThrownBy(this::proxied).isInstanceOf(SQLException.class);
        server.restart();
        try (Connection connection = proxied()) {
            insert(connection, "restarted");
        }
    }

    private Connection direct() throws SQLException {
        return DriverManager.getConnection(server.url("proxied"));
    }

    private Connection proxied() throws SQLException {
        return DriverManager.getConnection(
                server.url(proxy.port(), "proxied") + database.timeout + "&connectTimeout=2000");
    }

    private static void insert(Connection connection, String id) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setString(1, id);
            statement.executeUpdate();
        }
    }

    private boolean stored(String id) throws SQLException {
        try (Connection connection = direct();
                PreparedStatement statement = connection.prepareStatement("SELECT 1 FROM t WHERE id = ?")) {
            statement.setString(1, id);
            try (ResultSet found = statement.executeQuery()) {
                return found.next();
            }
        }
    }
}
