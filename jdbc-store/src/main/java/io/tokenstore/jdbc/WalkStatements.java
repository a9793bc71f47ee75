package io.tokenstore.jdbc;

import io.tokenstore.Token;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jdbi.v3.sqlobject.SqlObjectPlugin;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

/** The statements that walk over many tokens, rare enough for a convenient SQL Object. */
interface WalkStatements {

    /** Not the empty string, which a database may take for NULL. */
    String BEFORE_THE_FIRST_ID = " ";

    /** Returns a Jdbi for these statements: it knows the table, and how to read a token. */
    static Jdbi on(ConnectionFactory connections, JdbcOptions options) {
        Jdbi jdbi = Jdbi.create(connections);
        // The rendered message would show the bound values.
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
        return jdbi.installPlugin(new SqlObjectPlugin())
                .registerArgument(new ExactInstants())
                .registerRowMapper(Row.class, (row, context) -> Row.read(row))
                // By position: by name, Jdbi would fold the columns' case by the JVM's language.
                .registerRowMapper(Page.class, (row, context) -> new Page(row.getString(1), row.getInt(2)))
                .define("table", options.table())
                .define("columns", TokenRow.COLUMNS);
    }

    @SqlQuery("SELECT <columns> FROM <table> WHERE owner = :owner AND id > :after ORDER BY owner, id LIMIT :limit")
    List<Row> list(String owner, String after, int limit);

    @SqlQuery("SELECT <columns> FROM <table> WHERE id > :after ORDER BY id LIMIT :limit")
    List<Row> scan(String after, int limit);

    @SqlQuery("SELECT max(id) AS last, count(*) AS size FROM"
            + " (SELECT id FROM <table> WHERE id > :after ORDER BY id LIMIT :limit) page")
    Page page(String after, int limit);

    @SqlUpdate("DELETE FROM <table> WHERE id > :after AND id \\<= :last"
            + " AND COALESCE(revoked_at, expires_at) \\< :endedBefore")
    int removeEnded(String after, String last, Instant endedBefore);

    @SqlQuery("SELECT max(id) AS last, count(*) AS size FROM (SELECT id FROM <table>"
            + " WHERE owner = :owner AND id > :after AND revocation_id IS NULL ORDER BY owner, id LIMIT :limit) page")
    Page pageOfLive(String owner, String after, int limit);

    @SqlQuery(
            "SELECT max(id) AS last, count(*) AS size FROM <table> WHERE owner = :owner AND revocation_id = :revocation")
    Page revokedBy(String owner, byte[] revocation);

    /** Some ids in order: the last id, null if there is none, and their number. */
    record Page(@Nullable String last, int size) {}

    /** A row: its id, valid or not, and the token, null if the row breaks a rule of tokens. */
    record Row(String id, @Nullable Token token) {

        static Row read(ResultSet row) throws SQLException {
            String id = row.getString(1);
            try {
                return new Row(id, TokenRow.read(row));
            } catch (SQLDataException e) {
                return new Row(id, null);
            }
        }
    }
}
