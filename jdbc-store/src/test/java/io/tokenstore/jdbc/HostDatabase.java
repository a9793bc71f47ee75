package io.tokenstore.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A host's database: two living tokens, an empty table of the host's own, and a look at both from outside its pool. */
final class HostDatabase implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    static final Owner ALICE = new Owner("alice");
    static final TokenId LAPTOP = new TokenId("laptop");
    static final TokenId PHONE = new TokenId("phone");

    private final HostPool.Database database;
    private final String url;
    private final HikariDataSource pool;
    private final Connection outside;

    HostDatabase(HostPool kind) throws SQLException {
        database = kind.database();
        url = database.url();
        pool = kind.open(url);
        outside = DriverManager.getConnection(url);
        JdbcTokenStore.createSchema(pool);
        executeOutside("CREATE TABLE IF NOT EXISTS orders (item VARCHAR(50) PRIMARY KEY)");
    }

    void startOver() throws SQLException {
        outside.setAutoCommit(false);
        executeOutside("DELETE FROM orders");
        executeOutside("DELETE FROM access_tokens");
        JdbcTokenStore store = JdbcTokenStore.joining(outside);
        store.add(token(LAPTOP));
        store.add(token(PHONE));
        outside.setAutoCommit(true);
    }

    static Token token(TokenId id) {
        return Token.builder(id, ALICE, "a name", NOW).build();
    }

    static Revocation revocation() {
        return new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
    }

    static void order(Connection host, String item) throws SQLException {
        try (PreparedStatement statement = host.prepareStatement("INSERT INTO orders (item) VALUES (?)")) {
            statement.setString(1, item);
            statement.executeUpdate();
        }
    }

    HostPool.Database kind() {
        return database;
    }

    HikariDataSource pool() {
        return pool;
    }

    List<String> orders() throws SQLException {
        return column("SELECT item FROM orders ORDER BY item");
    }

    List<String> tokens() throws SQLException {
        return column("SELECT id FROM access_tokens ORDER BY id");
    }

    List<String> revokedTokens() throws SQLException {
        return column("SELECT id FROM access_tokens WHERE revocation_id IS NOT NULL ORDER BY id");
    }

    /** Opens a transaction on another connection that has locked the token's row, until it is closed. */
    Connection lock(TokenId id) throws SQLException {
        Connection other = DriverManager.getConnection(url);
        other.setAutoCommit(false);
        try (PreparedStatement statement =
                other.prepareStatement("UPDATE access_tokens SET write_parity = 1 - write_parity WHERE id = ?")) {
            statement.setString(1, id.value());
            statement.executeUpdate();
        }
        return other;
    }

    private void executeOutside(String sql) throws SQLException {
        try (Statement statement = outside.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> column(String query) throws SQLException {
        try (Statement statement = outside.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            List<String> values = new ArrayList<>();
            while (row.next()) {
                values.add(row.getString(1));
            }
            return values;
        }
    }

    @Override
    public void close() throws SQLException {
        pool.close();
        outside.close();
    }
}
