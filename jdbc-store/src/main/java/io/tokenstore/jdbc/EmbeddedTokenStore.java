package io.tokenstore.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.Username;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps tokens in a file, in an H2 database inside the host's own process.
 *
 * <p>What was answered is in the file: a process that is killed loses nothing that was acknowledged. A machine that loses its
 * power may lose what its operating system had not yet written. One process at a time opens a file; within it any number of
 * threads use the store. A thread that is interrupted leaves the store usable. Needs H2 and HikariCP, which are optional
 * dependencies of this artifact; a host on the module path requires {@code com.zaxxer.hikari} itself.
 */
public final class EmbeddedTokenStore implements TokenStore, Closeable {

    private static final int CONNECTIONS = 10;
    private static final int CONNECTION_TIMEOUT_MILLIS = 5_000;
    private static final int DATABASE_ALREADY_OPEN = 90020;

    private final HikariDataSource pool;
    private final TokenStore store;

    private EmbeddedTokenStore(HikariDataSource pool, TokenStore store) {
        this.pool = pool;
        this.store = store;
    }

    /**
     * Opens the store in a file, and creates the file and its folder where they are not there yet, readable by their
     * owner alone where the file system knows owners.
     *
     * @param path the file, without the suffix {@code .mv.db} that H2 gives it
     * @return the store, open until it is closed
     * @throws NullPointerException if {@code path} is null
     * @throws IllegalArgumentException if {@code path} names no file of the default file system, or holds a semicolon, behind
     *     which H2 would read commands
     * @throws IOException if the file can't be created
     * @throws TokenStoreException if the file is open in another process or is not a database
     */
    public static EmbeddedTokenStore open(Path path) throws IOException {
        Path file = path.toAbsolutePath().normalize();
        if (file.getFileName() == null || file.getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException("the path of the store must name a file of the default file system");
        }
        if (file.toString().indexOf(';') >= 0) {
            throw new IllegalArgumentException("the path of the store must not hold a semicolon");
        }
        createForOwnerAlone(file.resolveSibling(file.getFileName() + ".mv.db"));
        HikariConfig config = new HikariConfig();
        config.setPoolName("tokenstore");
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
        // async: an interrupt does not close the file; WRITE_DELAY: a commit is written before it is acknowledged.
        config.setJdbcUrl("jdbc:h2:async:" + file + ";WRITE_DELAY=0;LOCK_TIMEOUT=2000;TRACE_LEVEL_FILE=0");
        config.setUsername("sa");
        HikariDataSource pool = openPool(config);
        try {
            JdbcTokenStore.createSchema(pool);
            return new EmbeddedTokenStore(pool, JdbcTokenStore.create(pool));
        } catch (RuntimeException | Error e) {
            pool.close();
            throw e;
        }
    }

    private static void createForOwnerAlone(Path database) throws IOException {
        boolean posix = database.getFileSystem().supportedFileAttributeViews().contains("posix");
        Path folder = database.getParent();
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, permissions(posix, "rwx------"));
        }
        try {
            Files.createFile(database, permissions(posix, "rw-------"));
        } catch (FileAlreadyExistsException e) {
            // Opened before: its permissions are the operator's.
        }
    }

    private static FileAttribute<?>[] permissions(boolean posix, String permissions) {
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static HikariDataSource openPool(HikariConfig config) {
        try {
            return new HikariDataSource(config);
        } catch (PoolInitializationException e) {
            boolean openElsewhere =
                    e.getCause() instanceof SQLException cause && cause.getErrorCode() == DATABASE_ALREADY_OPEN;
            String message = openElsewhere ? "the store is open in another process" : "the store can't be opened";
            throw new TokenStoreException(message, Applied.NO, e);
        }
    }

    @Override
    public void add(Token token) {
        store.add(token);
    }

    @Override
    public Optional<Token> find(TokenId id) {
        return store.find(id);
    }

    @Override
    public List<Token> list(Username owner, @Nullable TokenId after, int limit) {
        return store.list(owner, after, limit);
    }

    @Override
    public boolean revoke(Username owner, TokenId id, Revocation how) {
        return store.revoke(owner, id, how);
    }

    @Override
    public int revokeAll(Username owner, Revocation how) {
        return store.revokeAll(owner, how);
    }

    @Override
    public PurgePage purge(Instant endedBefore, @Nullable TokenId after, int examine) {
        return store.purge(endedBefore, after, examine);
    }

    /** Closes the file; a call after that is a {@link TokenStoreException}. Closing again has no effect. */
    @Override
    public void close() {
        pool.close();
    }
}
