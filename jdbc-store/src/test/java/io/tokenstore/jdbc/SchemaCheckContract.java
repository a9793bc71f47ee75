package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** What a database must refuse whatever it is, and a table of its own for each test of what only that database must. */
abstract class SchemaCheckContract {

    private static final AtomicInteger TABLES = new AtomicInteger();
    private static final String WHAT_TO_RUN = "JdbcTokenStore.createSchema";

    final String table = "check_" + TABLES.incrementAndGet();
    private final JdbcOptions options = JdbcOptions.defaults().withTable(table);

    /** As a user who may do everything. */
    abstract DataSource database() throws SQLException;

    @Test
    void the_table_that_the_store_creates_is_accepted() throws SQLException {
        createSchema();
        assertAccepted(database());
    }

    @Test
    void a_missing_table_is_refused() throws SQLException {
        assertRefused(database(), "the table " + table + " is missing", WHAT_TO_RUN);
    }

    @Test
    void a_missing_table_of_uses_is_refused() throws SQLException {
        createSchema();
        Unpooled.execute(database(), "DROP TABLE " + Dialect.usesOf(table));
        assertRefused(database(), "the table " + Dialect.usesOf(table) + " is missing", WHAT_TO_RUN);
    }

    @Test
    void a_table_of_uses_of_somebody_else_is_refused() throws SQLException {
        Unpooled.execute(database(), "CREATE TABLE " + Dialect.usesOf(table) + " (id VARCHAR(255) PRIMARY KEY)");
        createSchema();
        assertRefused(database(), "the table " + Dialect.usesOf(table), "is not the token store's", WHAT_TO_RUN);
    }

    @Test
    void a_table_of_uses_that_keeps_an_id_twice_is_refused() throws SQLException {
        createSchema();
        Unpooled.execute(
                database(),
                "DROP TABLE " + Dialect.usesOf(table),
                "CREATE TABLE " + Dialect.usesOf(table) + " (id VARCHAR(255), last_used_at TIMESTAMP(6))");
        assertRefused(database(), "the table " + Dialect.usesOf(table) + " keeps an id twice", WHAT_TO_RUN);
    }

    @Test
    void a_table_of_somebody_else_is_refused() throws SQLException {
        Unpooled.execute(database(), "CREATE TABLE " + table + " (id VARCHAR(255) PRIMARY KEY, owner VARCHAR(255))");
        createSchema();
        assertRefused(database(), "the table " + table, "is not the token store's", WHAT_TO_RUN);
    }

    final void createSchema() throws SQLException {
        JdbcTokenStore.createSchema(database(), options);
    }

    /** Creates the table by hand, as the script does but for one thing. */
    final void createSchema(Dialect dialect, String what, String by) throws SQLException {
        String tokens = scriptOfTokens(dialect);
        if (!tokens.contains(what)) {
            throw new IllegalArgumentException("no " + what + " in " + tokens);
        }
        for (String statement : tokens.replace(what, by).split(";")) {
            if (!statement.isBlank()) {
                Unpooled.execute(database(), statement);
            }
        }
        createSchema(); // The rest of it.
    }

    /** Up to the table of uses. */
    final String scriptOfTokens(Dialect dialect) {
        String script = dialect.text(Dialect.SCRIPTS.get(0), table);
        return script.substring(0, script.indexOf("CREATE TABLE IF NOT EXISTS " + Dialect.usesOf(table)));
    }

    final void assertAccepted(DataSource dataSource) {
        assertThatNoException().isThrownBy(() -> create(dataSource));
    }

    final void assertRefused(DataSource dataSource, String... words) {
        assertThatIllegalStateException().isThrownBy(() -> create(dataSource)).withMessageContainingAll(words);
    }

    final void assertRefusedForItsOrder(DataSource dataSource) {
        assertRefused(
                dataSource, "the column id of " + table + " sorts as [", "not in the order of bytes", WHAT_TO_RUN);
    }

    final void assertRefusedForItsOwners(DataSource dataSource) {
        assertRefused(
                dataSource,
                "the column owner of " + table + " takes 11 different names for ",
                "with the collation of the script",
                WHAT_TO_RUN);
    }

    final void assertRefusedForItsEncoding(DataSource dataSource) {
        assertRefused(dataSource, "with the encoding UTF-8");
    }

    final void assertRefusedForWriting(DataSource dataSource) {
        assertRefused(dataSource, "the table " + table + " can't be written", "connect to a primary", "granted");
    }

    private void create(DataSource dataSource) {
        JdbcTokenStore.create(dataSource, () -> false, options);
    }
}
