package io.tokenstore.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.jdbc.JdbcOptions;
import io.tokenstore.jdbc.JdbcTokenStore;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.sql.DataSource;

/** Where the contenders of one operation meet: a database that runs, its pool, and the tables, which they share. */
final class Site implements AutoCloseable {

    private final Database.Running database;
    private final int threads;
    private final int rows;
    private final List<HikariDataSource> pools = new ArrayList<>();
    private final Map<String, TokenTable> tables = new HashMap<>();
    private final DataSource pool;

    Site(Database kind, int rows, int threads) throws IOException {
        this.rows = rows;
        this.threads = threads;
        this.database = kind.start();
        this.pool = kind == Database.NONE ? new HikariDataSource() : newPool("public");
    }

    int rows() {
        return rows;
    }

    int threads() {
        return threads;
    }

    DataSource pool() {
        return pool;
    }

    boolean isPostgres() {
        return database.isPostgres();
    }

    /** Returns a pool of its own for a schema of its own. */
    DataSource poolOfSchema(String schema) throws SQLException {
        execute(pool, "CREATE SCHEMA " + schema);
        return newPool(schema);
    }

    private DataSource newPool(String schema) {
        HikariDataSource created =
                database.pool(threads, database.isPostgres() ? schema : schema.toUpperCase(Locale.ROOT));
        pools.add(created);
        return created;
    }

    /** Returns the table of so many tokens, so many of them of each user; it is filled when the first are taken. */
    TokenTable tokens(int size, int tokensOfUser) {
        return tokens(size, tokensOfUser, false);
    }

    /** Returns a table of so many tokens, every second of which expired long ago. */
    TokenTable halfEndedTokens() {
        return tokens(rows, 10, true);
    }

    private TokenTable tokens(int size, int tokensOfUser, boolean halfEnded) {
        JdbcOptions options = JdbcOptions.defaults().withTable("access_tokens_" + size);
        return tables.computeIfAbsent(options.table(), name -> {
            JdbcTokenStore.createSchema(pool, options);
            return new TokenTable(this, options, size, tokensOfUser, halfEnded);
        });
    }

    void execute(String sql) throws SQLException {
        execute(pool, sql);
    }

    static void execute(DataSource where, String sql) throws SQLException {
        try (Connection connection = where.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws IOException {
        pools.forEach(HikariDataSource::close);
        database.close();
    }
}
