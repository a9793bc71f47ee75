package io.tokenstore.jdbc;

import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenUses;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tokens in a table of H2, PostgreSQL, MariaDB or MySQL.
 *
 * <p>Safe to call from many threads, and from many nodes on one database. Each revocation is one conditional UPDATE.
 *
 * <p>When it creates the store, the host decides who commits. On its own connection the store commits, even if autocommit is
 * off. If a call loses a race, or its answer is lost, the store repeats it until the result is certain or the
 * {@linkplain JdbcOptions#deadline deadline} is over; an interrupt ends the repetition, and stays set.
 *
 * <p>Within the host's transaction the store never commits, rolls back or repeats, and ends nothing. An answer then holds once
 * the host has committed. After an exception the host must roll back, to the start or to its own savepoint: PostgreSQL keeps
 * nothing of such a transaction, though its driver accepts the commit, and the other databases may keep a part.
 */
public final class JdbcTokenStore implements TokenStore, TokenUses {

    private final Transactions transactions;
    private final TokenStatements statements;
    private final UsesTable uses;
    private final TokenWalk walk;
    private final TokenAddition addition;
    private final OwnerRevocation ofOwner;

    private JdbcTokenStore(Transactions transactions, JdbcOptions options, Dialect dialect) {
        this.transactions = transactions;
        this.statements = new TokenStatements(options.table(), dialect);
        this.uses = new UsesTable(transactions, new UseStatements(options.table(), dialect));
        this.walk = new TokenWalk(transactions, uses);
        this.addition = new TokenAddition(transactions, statements);
        this.ofOwner = new OwnerRevocation(transactions, statements);
    }

    /**
     * Creates the table {@code access_tokens} and the rest of the schema; see {@link #createSchema(DataSource, JdbcOptions)}.
     *
     * @param dataSource the database in which to create them
     */
    public static void createSchema(DataSource dataSource) {
        createSchema(dataSource, JdbcOptions.defaults());
    }

    /**
     * Creates the table, its index and the table of uses, by the database's scripts that have not run yet.
     *
     * <p>Nodes that start together may all call this. A host with its own migrations calls it after them, because Flyway does
     * not begin a history in a schema that has tables. Or the host runs the scripts itself:
     * {@code schema/<database>/V1__access_tokens.sql} beside this class.
     *
     * @param dataSource the database in which to create them
     * @param options the table
     * @throws NullPointerException if an argument is null
     * @throws IllegalStateException if this store does not support the database
     * @throws TokenStoreException if the database fails
     */
    public static void createSchema(DataSource dataSource, JdbcOptions options) {
        createSchema(of(dataSource), options, Dialect.SCRIPTS);
    }

    static void createSchema(ConnectionFactory connections, JdbcOptions options, List<Dialect.Script> scripts) {
        transactions(connections, () -> false, options).setUp("create the schema", attempt -> {
            Schema.create(attempt, options.table(), scripts);
            return true;
        });
    }

    /**
     * Creates a store that owns every transaction; see {@link #create(DataSource, BooleanSupplier, JdbcOptions)}.
     *
     * <p>Not for a data source that returns the connection of the host's transaction, such as Spring's
     * {@code TransactionAwareDataSourceProxy}: the store would commit or roll back the host's work with its own, and nothing
     * could detect that. Use {@link #create(DataSource, BooleanSupplier)}.
     *
     * @param dataSource returns the connections, preferably from a pool
     * @return the store
     */
    public static JdbcTokenStore create(DataSource dataSource) {
        return create(dataSource, () -> false);
    }

    /**
     * Creates a store that joins the host's transactions; see {@link #create(DataSource, BooleanSupplier, JdbcOptions)}.
     *
     * @param dataSource returns the connections, and during a transaction that transaction's connection
     * @param inHostTransaction whether the calling thread is in the host's transaction on this data source, and it will still
     *     be committed or rolled back. Not Spring's {@code isActualTransactionActive}: it stays true in callbacks after the
     *     commit, and a write there would never be committed. The guide to wiring shows correct suppliers
     * @return the store
     */
    public static JdbcTokenStore create(DataSource dataSource, BooleanSupplier inHostTransaction) {
        return create(dataSource, inHostTransaction, JdbcOptions.defaults());
    }

    /**
     * Creates a store on an existing table, and checks that the database and the table are fit.
     *
     * @param dataSource returns the connections; the store closes each, which gives it back, after the call that took it
     * @param inHostTransaction asked at each call: if true, the call is part of the host's transaction on this data source.
     *     If it returns true outside a transaction, or in one that is over, with autocommit off, the write is never
     *     committed. An exception that it throws ends the call before anything is written
     * @param options the table and the deadline
     * @return the store
     * @throws NullPointerException if an argument is null
     * @throws IllegalStateException if this store does not support the database, the table is missing or not the token store's,
     *     a collation does not compare and sort by bytes, the encoding is not UTF-8, the connection can't write, a statement of
     *     the store gives a wrong answer, PostgreSQL hides its warnings or its driver names statements behind a pooler, or H2
     *     keeps a file with a version or settings that lose acknowledged writes; says what was found and what to do
     * @throws TokenStoreException if the database fails
     */
    public static JdbcTokenStore create(DataSource dataSource, BooleanSupplier inHostTransaction, JdbcOptions options) {
        Objects.requireNonNull(inHostTransaction, "inHostTransaction");
        return create(of(dataSource), inHostTransaction, options, H2File::check);
    }

    /** A check that must pass before the check of the table. */
    interface Check {
        void on(Connection connection) throws SQLException;
    }

    static JdbcTokenStore create(
            ConnectionFactory connections, BooleanSupplier inHostTransaction, JdbcOptions options, Check first) {
        Transactions transactions = transactions(connections, inHostTransaction, options);
        Dialect dialect = transactions.setUp("check the schema", attempt -> {
            first.on(attempt.connection());
            return SchemaCheck.run(attempt, options.table());
        });
        return new JdbcTokenStore(transactions, options, dialect);
    }

    /**
     * Creates a store for one of the host's transactions; see {@link #joining(Connection, JdbcOptions)}.
     *
     * @param connection the host's connection
     * @return the store
     */
    public static JdbcTokenStore joining(Connection connection) {
        return joining(connection, JdbcOptions.defaults());
    }

    /**
     * Creates a store on the host's connection, for as long as the host uses it. All calls are part of the host's transaction.
     * Safe to use from one thread at a time, like the connection. The table is not checked.
     *
     * <p>An answer holds once the host commits after it. JDBC does not tell whether a commit will follow: in a callback that
     * runs after the host's commit, with autocommit off, nothing holds unless the host commits again.
     *
     * @param connection the host's; never closed here
     * @param options the table
     * @return the store
     * @throws NullPointerException if an argument is null
     * @throws IllegalStateException if this store does not support the database
     * @throws TokenStoreException if the connection is closed
     */
    public static JdbcTokenStore joining(Connection connection, JdbcOptions options) {
        Objects.requireNonNull(connection, "connection");
        Transactions transactions = transactions(new JdbcSession.OfTheHost(connection), () -> true, options);
        Dialect dialect = transactions.read("know the database", attempt -> Dialect.of(attempt.connection()));
        return new JdbcTokenStore(transactions, options, dialect);
    }

    private static ConnectionFactory of(DataSource dataSource) {
        return Objects.requireNonNull(dataSource, "dataSource")::getConnection;
    }

    private static Transactions transactions(
            ConnectionFactory connections, BooleanSupplier inHostTransaction, JdbcOptions options) {
        Jdbi jdbi = WalkStatements.on(connections, options);
        return new Transactions(connections, jdbi, inHostTransaction, options);
    }

    @Override
    public void add(Token token) {
        addition.add("add a token", List.of(token));
    }

    /**
     * {@inheritDoc}
     *
     * <p>Uses statements of up to 250 rows; each keeps all of its tokens or none.
     */
    @Override
    public void addAll(Collection<Token> tokens) {
        List<Token> all = List.copyOf(tokens);
        TokenStatements.requireAtMostOnePage(all.size());
        addition.add("add tokens", all);
    }

    @Override
    public Optional<Token> find(TokenId id) {
        Objects.requireNonNull(id, "id");
        return transactions.read("find a token", attempt -> statements.find(attempt.connection(), id));
    }

    @Override
    public Map<TokenId, Token> findAll(Collection<TokenId> ids) {
        List<TokenId> all = List.copyOf(ids);
        TokenStatements.requireAtMostOnePage(all.size());
        return all.isEmpty()
                ? Map.of()
                : transactions.read("find tokens", attempt -> statements.findAll(attempt.connection(), all));
    }

    @Override
    public TokenPage list(Owner owner, @Nullable TokenId after, int limit) {
        return walk.list(Objects.requireNonNull(owner, "owner"), after, limit);
    }

    @Override
    public TokenPage scan(@Nullable TokenId after, int limit) {
        return walk.scan(after, limit);
    }

    @Override
    public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(revocation, "revocation");
        return transactions.write(
                "revoke a token",
                attempt -> statements.revoke(attempt.connection(), owner.value(), id.value(), revocation) == 1);
    }

    /**
     * {@inheritDoc}
     *
     * <p>On its own connection the store commits page by page. So a call that the deadline ends has made progress, and the next
     * call with the same revocation continues. Within the host's transaction each pass is one statement.
     */
    @Override
    public int revokeAll(Owner owner, Revocation revocation) {
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(revocation, "revocation");
        return ofOwner.revokeAll(owner.value(), revocation);
    }

    @Override
    public boolean activate(Owner owner, TokenId id) {
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(id, "id");
        return transactions.write(
                "activate a token",
                attempt -> statements.activate(attempt.connection(), owner.value(), id.value()) == 1);
    }

    /**
     * {@inheritDoc}
     *
     * <p>The order is that of the ids. A step reads one page of the primary key, then deletes the page's ended tokens by one
     * statement. If the step had to be repeated, {@code removed} may leave out what the earlier attempt removed. An ended token
     * that is added within the page meanwhile is deleted too. On its own connection the store also deletes the uses of tokens
     * that are gone; within the host's transaction it leaves them to the next purge outside it.
     */
    @Override
    public PurgePage purge(Instant endedBefore, @Nullable TokenId after, int maxExamined) {
        Objects.requireNonNull(endedBefore, "endedBefore");
        if (maxExamined < 1) {
            throw new IllegalArgumentException("maxExamined must be 1 or more");
        }
        return walk.purge(endedBefore, after, maxExamined);
    }

    @Override
    public void record(Map<TokenId, Instant> lastUses) {
        uses.record(lastUses);
    }

    @Override
    public Map<TokenId, Instant> lastUses(Collection<TokenId> ids) {
        return uses.lastUses(ids);
    }

    @Override
    public boolean inHostTransaction() {
        return transactions.inHostTransaction();
    }
}
