package io.tokenstore.jdbc;

import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.TokenUses;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tokens in a file, in an H2 database inside the host's own process.
 *
 * <p>A write is on the disk when it is acknowledged, so a killed process loses no acknowledged write. So each write costs a
 * sync, and writes run one at a time; reads don't wait for them. A write that fails or can't be synced throws a
 * {@link TokenStoreException}.
 *
 * <p>A power failure loses no acknowledged write if the disk then has what was synced, and either nothing newer or everything
 * newer. If the power fails during a write and the disk keeps only a part of that write, the file may no longer open.
 *
 * <p>After a full disk or an OutOfMemoryError every call fails until there is room again, at least 16 MB. Then the next call
 * opens the file again.
 *
 * <p>One store at a time can open a file. Any number of threads can use the store. An interrupted thread leaves the store
 * usable. Only {@link #close} closes the store, so a host that drains at shutdown can use it until then.
 *
 * <p>Needs H2, an optional dependency of this artifact, in version 2.4.
 */
public final class EmbeddedTokenStore implements TokenStore, TokenUses, Closeable {

    private static final int DATABASE_ALREADY_OPEN = 90020;
    private static final int FILE_OF_ANOTHER_VERSION = 90048;

    private final EmbeddedDatabase database;
    private final JdbcTokenStore store;

    private EmbeddedTokenStore(EmbeddedDatabase database, JdbcTokenStore store) {
        this.database = database;
        this.store = store;
    }

    /**
     * Opens the store in a file. Creates the file and its folder if they are missing, readable only by their owner if the file
     * system supports owners.
     *
     * @param path the file, without the suffix {@code .mv.db} that H2 gives it
     * @return the store, open until it is closed
     * @throws NullPointerException if {@code path} is null
     * @throws IllegalArgumentException if {@code path} does not name a file of the default file system, ends in {@code .mv.db},
     *     or holds a semicolon, a control character, or a backslash that is not a separator: H2 would read these differently
     * @throws IllegalStateException if H2 is not one of the versions 2.2 to 2.4, or the file is a symbolic link or read-only,
     *     or somebody else owns or can write the file or its folder
     * @throws IOException if the file can't be created
     * @throws TokenStoreException if the file is open already, in this process or another, is not a database or was written by
     *     H2 2.0 or 2.1, or if its disk is full
     */
    public static EmbeddedTokenStore open(Path path) throws IOException {
        EmbeddedDatabase.requireSearchableH2();
        EmbeddedDatabase database = new EmbeddedDatabase(EmbeddedFile.prepare(path));
        try {
            openFile(database);
            JdbcTokenStore.createSchema(database, JdbcOptions.defaults(), Dialect.SCRIPTS);
            return new EmbeddedTokenStore(
                    database, JdbcTokenStore.create(database, () -> false, JdbcOptions.defaults(), connection -> {}));
        } catch (RuntimeException | Error e) {
            database.close();
            throw e;
        }
    }

    private static void openFile(EmbeddedDatabase database) {
        try {
            database.closeConnection(database.openConnection());
        } catch (SQLException e) {
            throw new TokenStoreException(
                    switch (e.getErrorCode()) {
                        case DATABASE_ALREADY_OPEN -> "the store is in use, in this process or another";
                        case FILE_OF_ANOTHER_VERSION ->
                            "the file was written by an H2 older than 2.2: export it there by"
                                    + " SCRIPT, and import that into a new file by RUNSCRIPT";
                        default -> "the store can't be opened";
                    },
                    Applied.NO,
                    e);
        }
    }

    @Override
    public void add(Token token) {
        store.add(token);
    }

    @Override
    public void addAll(Collection<Token> tokens) {
        store.addAll(tokens);
    }

    @Override
    public Optional<Token> find(TokenId id) {
        return store.find(id);
    }

    @Override
    public Map<TokenId, Token> findAll(Collection<TokenId> ids) {
        return store.findAll(ids);
    }

    @Override
    public TokenPage list(Owner owner, @Nullable TokenId after, int limit) {
        return store.list(owner, after, limit);
    }

    @Override
    public TokenPage scan(@Nullable TokenId after, int limit) {
        return store.scan(after, limit);
    }

    @Override
    public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
        return store.revoke(owner, id, revocation);
    }

    @Override
    public int revokeAll(Owner owner, Revocation revocation) {
        return store.revokeAll(owner, revocation);
    }

    @Override
    public boolean activate(Owner owner, TokenId id) {
        return store.activate(owner, id);
    }

    @Override
    public PurgePage purge(Instant endedBefore, @Nullable TokenId after, int maxExamined) {
        return store.purge(endedBefore, after, maxExamined);
    }

    @Override
    public void record(Map<TokenId, Instant> lastUses) {
        store.record(lastUses);
    }

    @Override
    public Map<TokenId, Instant> lastUses(Collection<TokenId> ids) {
        return store.lastUses(ids);
    }

    /** Closes the file; later calls throw a {@link TokenStoreException}. Closing again has no effect. */
    @Override
    public void close() {
        database.close();
    }
}
