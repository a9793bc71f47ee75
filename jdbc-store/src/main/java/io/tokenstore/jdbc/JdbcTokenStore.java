package io.tokenstore.jdbc;

import io.tokenstore.DuplicateTokenException;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.Username;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tokens in a table of H2, PostgreSQL, MariaDB or MySQL.
 *
 * <p>Safe to call from many threads, and from many nodes on one database. Each revocation is one conditional UPDATE.
 *
 * <p>Who commits is the host's choice, made where the store is created. On a connection of its own the store commits, also
 * where autocommit is off; it repeats what lost a race or whose answer was lost, until it is certain or the
 * {@linkplain JdbcOptions#deadline deadline} is over; an interrupt ends that, and stays set. Within the host's transaction
 * it commits, rolls back, repeats and ends nothing: an answer then holds once the host has committed, and after an
 * exception the host must roll back, to the start or to a savepoint of its own: PostgreSQL keeps nothing of such a
 * transaction, though its driver takes the commit, and the others may keep a part.
 */
public final class JdbcTokenStore implements TokenStore {

    private final Transactions transactions;
    private final HotStatements hot;

    private JdbcTokenStore(Transactions transactions, JdbcOptions options, Dialect dialect) {
        this.transactions = transactions;
        this.hot = new HotStatements(options.table(), dialect);
    }

    /**
     * Creates the table {@code access_tokens} and its index where they are not there yet; see
     * {@link #createSchema(DataSource, JdbcOptions)}.
     *
     * @param dataSource where to create them
     * @throws NullPointerException if {@code dataSource} is null
     * @throws IllegalStateException if the database is none that this store knows
     * @throws TokenStoreException if the database fails
     */
    public static void createSchema(DataSource dataSource) {
        createSchema(dataSource, JdbcOptions.defaults());
    }

    /**
     * Creates the table and its index where they are not there yet, by the script for the database in question. A host with
     * migrations of its own runs that script itself: {@code schema/<database>/V1__access_tokens.sql} beside this class.
     *
     * @param dataSource where to create them
     * @param options the table
     * @throws NullPointerException if an argument is null
     * @throws IllegalStateException if the database is none that this store knows
     * @throws TokenStoreException if the database fails
     */
    public static void createSchema(DataSource dataSource, JdbcOptions options) {
        createSchema(of(dataSource), options);
    }

    static void createSchema(ConnectionFactory connections, JdbcOptions options) {
        Transactions transactions = transactions(connections, () -> false, options);
        transactions.setUp("create the schema", attempt -> {
            Dialect dialect = Dialect.of(attempt.connection());
            try {
                attempt.handle().createScript(dialect.schema(options.table())).executeAsSeparateStatements();
                return true;
            } catch (UnableToExecuteStatementException e) {
                if (Failure.isOfSimultaneousCreation(e)) {
                    throw new SQLTransactionRollbackException("another node creates the table", "40001", e);
                }
                throw e;
            }
        });
    }

    /**
     * Creates a store that owns every transaction; see {@link #create(DataSource, BooleanSupplier, JdbcOptions)}.
     *
     * <p>Not for a data source that gives out the connection of a host's transaction, such as Spring's
     * {@code TransactionAwareDataSourceProxy}: there the store would commit or roll back the host's work with its own, and
     * nothing could tell. Use {@link #create(DataSource, BooleanSupplier)}.
     *
     * @param dataSource gives the connections, best from a pool
     * @return the store
     * @throws NullPointerException if {@code dataSource} is null
     * @throws IllegalStateException if the database or the table is not fit
     * @throws TokenStoreException if the database fails
     */
    public static JdbcTokenStore create(DataSource dataSource) {
        return create(dataSource, () -> false);
    }

    /**
     * Creates a store that joins the host's transactions; see {@link #create(DataSource, BooleanSupplier, JdbcOptions)}.
     *
     * @param dataSource gives the connections, and the transaction's own while there is one
     * @param inHostTransaction whether the calling thread is in a host's transaction on this data source that will still be
     *     committed or rolled back. Not Spring's {@code isActualTransactionActive}: it stays true in callbacks after the
     *     commit, and what is written there would never be committed. The guide to wiring shows suppliers that are right
     * @return the store
     * @throws NullPointerException if an argument is null
     * @throws IllegalStateException if the database or the table is not fit
     * @throws TokenStoreException if the database fails
     */
    public static JdbcTokenStore create(DataSource dataSource, BooleanSupplier inHostTransaction) {
        return create(dataSource, inHostTransaction, JdbcOptions.defaults());
    }

    /**
     * Creates a store on a table that is there already, and checks that database and table are fit.
     *
     * @param dataSource gives the connections; each is closed, that is given back, after the call that took it
     * @param inHostTransaction asked at each call: if true, the call is part of the host's transaction on this data source.
     *     If it returns true outside a transaction, or in one that is over, with autocommit off, the write is never
     *     committed. An exception that it throws ends the call before anything is written
     * @param options the table and the deadline
     * @return the store
     * @throws NullPointerException if an argument is null
     * @throws IllegalStateException if the database is none that this store knows, the table is missing or not the token
     *     store's, a collation folds or sorts otherwise than by bytes, the encoding is not UTF-8, the connection can't
     *     write, a statement of the store answers otherwise than it must, PostgreSQL hides its warnings or its driver names
     *     statements behind a pooler, or H2 keeps a file by a version or settings that lose what it acknowledged; says what
     *     was found and what to do
     * @throws TokenStoreException if the database fails
     */
    public static JdbcTokenStore create(DataSource dataSource, BooleanSupplier inHostTransaction, JdbcOptions options) {
        Objects.requireNonNull(inHostTransaction, "inHostTransaction");
        return create(of(dataSource), inHostTransaction, options, H2File::check);
    }

    /** Something else that must be so before the table is looked at. */
    interface Check {
        void on(Connection connection) throws SQLException;
    }

    static JdbcTokenStore create(
            ConnectionFactory connections, BooleanSupplier inHostTransaction, JdbcOptions options, Check first) {
        Transactions transactions = transactions(connections, inHostTransaction, options);
        Dialect dialect = transactions.setUp("check the schema", attempt -> {
            first.on(attempt.connection());
            return SchemaCheck.run(attempt.handle(), options.table());
        });
        return new JdbcTokenStore(transactions, options, dialect);
    }

    /**
     * Creates a store for one transaction of the host's; see {@link #joining(Connection, JdbcOptions)}.
     *
     * @param connection the host's
     * @return the store
     * @throws NullPointerException if {@code connection} is null
     * @throws IllegalStateException if the database is none that this store knows
     * @throws TokenStoreException if the connection is closed
     */
    public static JdbcTokenStore joining(Connection connection) {
        return joining(connection, JdbcOptions.defaults());
    }

    /**
     * Creates a store on the host's connection, for as long as the host uses it: all calls are part of the host's
     * transaction. Safe to use from one thread at a time, like the connection. Does not check the table.
     *
     * <p>An answer holds once the host commits after it. JDBC does not tell whether a commit is still to come: in a callback
     * that runs after the host's commit, with autocommit off, nothing holds unless the host commits again.
     *
     * @param connection the host's; never closed here
     * @param options the table
     * @return the store
     * @throws NullPointerException if an argument is null
     * @throws IllegalStateException if the database is none that this store knows
     * @throws TokenStoreException if the connection is closed
     */
    public static JdbcTokenStore joining(Connection connection, JdbcOptions options) {
        Objects.requireNonNull(connection, "connection");
        ConnectionFactory ofTheHost = new ConnectionFactory() {
            @Override
            public Connection openConnection() {
                return connection;
            }

            @Override
            public void closeConnection(Connection hosts) {
                // The host does.
            }
        };
        Transactions transactions = transactions(ofTheHost, () -> true, options);
        Dialect dialect = transactions.read("know the database", attempt -> Dialect.of(attempt.connection()));
        return new JdbcTokenStore(transactions, options, dialect);
    }

    private static ConnectionFactory of(DataSource dataSource) {
        return Objects.requireNonNull(dataSource, "dataSource")::getConnection;
    }

    private static Transactions transactions(
            ConnectionFactory connections, BooleanSupplier inHostTransaction, JdbcOptions options) {
        Jdbi jdbi = ColdStatements.on(connections, options);
        return new Transactions(connections, jdbi, inHostTransaction, options);
    }

    @Override
    public void add(Token token) {
        Objects.requireNonNull(token, "token");
        transactions.write("add a token", attempt -> {
            try {
                hot.insert(attempt.connection(), token);
            } catch (DuplicateTokenException e) {
                if (!attempt.mayBeApplied() || !isKept(attempt, token)) {
                    throw e;
                }
                hot.rewrite(attempt.connection(), token.id());
            }
            return true;
        });
    }

    /** Whether the row is that of an earlier attempt; a failure to see it is one of the add, which may be applied. */
    private boolean isKept(Attempt attempt, Token token) throws SQLException {
        Connection connection = attempt.connection();
        if (!connection.getAutoCommit()) {
            // PostgreSQL answers nothing more in a transaction whose INSERT failed.
            connection.rollback();
        }
        return hot.find(connection, token.id())
                .map(kept -> kept.withRevocation(token.revocation()))
                .filter(token::equals)
                .isPresent();
    }

    @Override
    public Optional<Token> find(TokenId id) {
        Objects.requireNonNull(id, "id");
        return transactions.read("find a token", attempt -> hot.find(attempt.connection(), id));
    }

    @Override
    public List<Token> list(Username owner, @Nullable TokenId after, int limit) {
        Objects.requireNonNull(owner, "owner");
        if (limit < 1 || limit > MAX_LIST) {
            throw new IllegalArgumentException("limit must be 1 to " + MAX_LIST);
        }
        return transactions.readByHandle(
                "list tokens", attempt -> cold(attempt).list(owner.value(), orBeforeTheFirst(after), limit));
    }

    @Override
    public boolean revoke(Username owner, TokenId id, Revocation how) {
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(how, "how");
        return transactions.write(
                "revoke a token", attempt -> hot.revoke(attempt.connection(), owner.value(), id.value(), how) == 1);
    }

    @Override
    public int revokeAll(Username owner, Revocation how) {
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(how, "how");
        return transactions.write("revoke a user's tokens", attempt -> hot.revokeAll(attempt.connection(), owner, how));
    }

    /**
     * {@inheritDoc}
     *
     * <p>The order is that of the ids. A step reads one page of the primary key, then deletes what ended within it by one
     * statement; when it had to be repeated, {@code removed} may leave out what the attempt before had removed. A token that is
     * added within the page meanwhile, and has ended, goes with it.
     */
    @Override
    public PurgePage purge(Instant endedBefore, @Nullable TokenId after, int examine) {
        Objects.requireNonNull(endedBefore, "endedBefore");
        if (examine < 1) {
            throw new IllegalArgumentException("examine must be 1 or more");
        }
        return transactions.writeByHandle("purge tokens", attempt -> {
            String first = orBeforeTheFirst(after);
            ColdStatements.Page page = cold(attempt).page(first, examine);
            if (page.last() == null) {
                return new PurgePage(0, null);
            }
            int removed = cold(attempt).removeEnded(first, page.last(), endedBefore);
            return new PurgePage(removed, page.examined() < examine ? null : new TokenId(page.last()));
        });
    }

    @Override
    public boolean inHostTransaction() {
        return transactions.inHostTransaction();
    }

    private static ColdStatements cold(Attempt attempt) throws SQLException {
        return attempt.handle().attach(ColdStatements.class);
    }

    private static String orBeforeTheFirst(@Nullable TokenId after) {
        return after == null ? ColdStatements.BEFORE_THE_FIRST_ID : after.value();
    }
}
