package io.tokenstore.jdbc;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.Username;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jdbi.v3.sqlobject.SqlObjectPlugin;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tokens in a table of a relational database.
 *
 * <p>Safe to call from many threads and from many nodes on one database. Each revocation is one conditional UPDATE. The
 * store takes a connection for each call, owns its transaction, and commits where the connections have autocommit off.
 */
public final class JdbcTokenStore implements TokenStore {

    private static final String TABLE = "access_tokens";
    private static final String UNIQUE_VIOLATION = "23505";

    /** Records the revocation where there is none yet, and in any case changes the row, so that a repeated one is a write again. */
    private static final String REVOKE =
            "revoked_reason = CASE WHEN revocation_id IS NULL THEN %s ELSE revoked_reason END,"
                    + " revoked_by = COALESCE(revoked_by, %s), revoked_at = COALESCE(revoked_at, %s),"
                    + " write_parity = 1 - write_parity, revocation_id = %s";

    private static final String INSERT_TOKEN =
            "INSERT INTO " + TABLE + " (" + TokenRow.COLUMNS + ") VALUES (" + TokenRow.PLACEHOLDERS + ")";
    private static final String FIND_TOKEN = "SELECT " + TokenRow.COLUMNS + " FROM " + TABLE + " WHERE id = ?";
    private static final String REVOKE_TOKEN = "UPDATE " + TABLE + " SET " + REVOKE.formatted("?", "?", "?", "?")
            + " WHERE id = ? AND owner = ? AND (revocation_id IS NULL OR revocation_id = ?)";

    private final Transactions transactions;

    private JdbcTokenStore(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * Creates the table and its index where they are not there yet, by the script for the database in question; a host
     * with migrations of its own runs that script, {@code schema/<database>/V1__access_tokens.sql} beside this class,
     * itself.
     *
     * @param dataSource where to create them
     * @throws NullPointerException if {@code dataSource} is null
     * @throws IllegalStateException if the database is none that this store knows
     * @throws TokenStoreException if the database fails
     */
    public static void createSchema(DataSource dataSource) {
        new Transactions(Jdbi.create(Objects.requireNonNull(dataSource, "dataSource")))
                .write("create the schema", handle -> {
                    handle.createScript(Dialect.of(handle.getConnection()).schema())
                            .execute();
                    return null;
                });
    }

    /**
     * Creates a store on a table that is there already, and checks that it is.
     *
     * @param dataSource gives the connections, best from a pool
     * @return the store
     * @throws NullPointerException if {@code dataSource} is null
     * @throws IllegalStateException if the database is none that this store knows, or the table is missing or lacks a
     *     column
     * @throws TokenStoreException if the database fails
     */
    public static JdbcTokenStore create(DataSource dataSource) {
        Jdbi jdbi = Jdbi.create(Objects.requireNonNull(dataSource, "dataSource"))
                .installPlugin(new SqlObjectPlugin())
                .registerArgument(new ExactInstants())
                .registerArgument(new BinaryUuids())
                .registerRowMapper(Token.class, (row, context) -> TokenRow.read(row))
                .registerRowMapper(ConstructorMapper.factory(ColdStatements.Page.class))
                .define("table", TABLE)
                .define("columns", TokenRow.COLUMNS)
                .define("revoke", REVOKE.formatted(":reason", ":by", ":at", ":id"));
        // The rendered message would show the bound values, hashes among them.
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
        Transactions transactions = new Transactions(jdbi);
        transactions.read("check the schema", JdbcTokenStore::checkSchema);
        return new JdbcTokenStore(transactions);
    }

    private static @Nullable Void checkSchema(Handle handle) throws SQLException {
        Dialect.of(handle.getConnection());
        String anyRow = "SELECT " + TokenRow.COLUMNS + ", write_parity FROM " + TABLE + " WHERE 1 = 0";
        try (PreparedStatement statement = handle.getConnection().prepareStatement(anyRow)) {
            statement.executeQuery().close();
            return null;
        } catch (SQLException e) {
            if (e.getSQLState() != null && e.getSQLState().startsWith("42")) {
                throw new IllegalStateException(
                        "the table " + TABLE
                                + " is missing or is not the token store's: run JdbcTokenStore.createSchema"
                                + " or the script that it runs",
                        e);
            }
            throw e;
        }
    }

    @Override
    public void add(Token token) {
        Objects.requireNonNull(token, "token");
        transactions.write("add a token", handle -> {
            try (PreparedStatement statement = handle.getConnection().prepareStatement(INSERT_TOKEN)) {
                TokenRow.bind(statement, token);
                return statement.executeUpdate();
            } catch (SQLException e) {
                if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
                    throw new DuplicateTokenException();
                }
                throw e;
            }
        });
    }

    @Override
    public Optional<Token> find(TokenId id) {
        Objects.requireNonNull(id, "id");
        return transactions.read("find a token", handle -> {
            try (PreparedStatement statement = handle.getConnection().prepareStatement(FIND_TOKEN)) {
                statement.setString(1, id.value());
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? Optional.of(TokenRow.read(row)) : Optional.empty();
                }
            }
        });
    }

    @Override
    public List<Token> list(Username owner, @Nullable TokenId after, int limit) {
        Objects.requireNonNull(owner, "owner");
        if (limit < 1 || limit > MAX_LIST) {
            throw new IllegalArgumentException("limit must be 1 to " + MAX_LIST);
        }
        return transactions.read(
                "list tokens", handle -> cold(handle).list(owner.value(), orBeforeTheFirst(after), limit));
    }

    @Override
    public boolean revoke(Username owner, TokenId id, Revocation how) {
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(how, "how");
        return transactions.write("revoke a token", handle -> {
            try (PreparedStatement statement = handle.getConnection().prepareStatement(REVOKE_TOKEN)) {
                statement.setString(1, how.reason());
                statement.setString(2, how.by());
                Sql.setInstant(statement, 3, how.at());
                Sql.setUuid(statement, 4, how.id());
                statement.setString(5, id.value());
                statement.setString(6, owner.value());
                Sql.setUuid(statement, 7, how.id());
                return statement.executeUpdate() == 1;
            }
        });
    }

    @Override
    public int revokeAll(Username owner, Revocation how) {
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(how, "how");
        return transactions.write(
                "revoke a user's tokens", handle -> cold(handle).revokeAll(owner.value(), how));
    }

    /**
     * {@inheritDoc}
     *
     * <p>The order is that of the ids. A step reads one page of the primary key, then deletes what ended within it by one
     * statement.
     */
    @Override
    public PurgePage purge(Instant endedBefore, @Nullable TokenId after, int examine) {
        Objects.requireNonNull(endedBefore, "endedBefore");
        if (examine < 1) {
            throw new IllegalArgumentException("examine must be 1 or more");
        }
        return transactions.write("purge tokens", handle -> {
            ColdStatements statements = cold(handle);
            String first = orBeforeTheFirst(after);
            ColdStatements.Page page = statements.page(first, examine);
            if (page.last() == null) {
                return new PurgePage(0, null);
            }
            int removed = statements.removeEnded(first, page.last(), endedBefore);
            return new PurgePage(removed, page.examined() < examine ? null : new TokenId(page.last()));
        });
    }

    private static ColdStatements cold(Handle handle) {
        return handle.attach(ColdStatements.class);
    }

    /** The empty string is before every id. */
    private static String orBeforeTheFirst(@Nullable TokenId after) {
        return after == null ? "" : after.value();
    }

    /** Jdbi's own binding of an instant goes through the JVM's time zone, and is an hour off where that has two of them. */
    private static final class ExactInstants extends AbstractArgumentFactory<Instant> {

        private ExactInstants() {
            super(Types.TIMESTAMP);
        }

        @Override
        protected Argument build(Instant value, ConfigRegistry config) {
            return (position, statement, context) -> Sql.setInstant(statement, position, value);
        }
    }

    private static final class BinaryUuids extends AbstractArgumentFactory<UUID> {

        private BinaryUuids() {
            super(Types.BINARY);
        }

        @Override
        protected Argument build(UUID value, ConfigRegistry config) {
            return (position, statement, context) -> Sql.setUuid(statement, position, value);
        }
    }
}
