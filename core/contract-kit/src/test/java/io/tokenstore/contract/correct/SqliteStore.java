package io.tokenstore.contract.correct;

import io.tokenstore.Actor;
import io.tokenstore.DuplicateTokenException;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Scopes;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;

/** A correct store on SQLite over plain JDBC, in a temporary file, with a small pool of connections. */
public final class SqliteStore implements TokenStore, AutoCloseable {

    private static final int CONNECTIONS = 3;
    private static final String SCHEMA = """
            CREATE TABLE tokens (
              id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, hash BLOB, scopes TEXT NOT NULL, predecessor TEXT,
              renewable_until INTEGER, min_reader_version INTEGER NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER,
              revocation_id TEXT, revoked_at INTEGER, by_kind TEXT, by_name TEXT, by_token TEXT, reason TEXT) WITHOUT ROWID""";
    private static final String REVOKE = """
            UPDATE tokens SET revocation_id = ?, revoked_at = ?, by_kind = ?, by_name = ?, by_token = ?, reason = ?
            WHERE revocation_id IS NULL AND owner = ?""";

    private final Path folder;
    private final BlockingQueue<Connection> idle = new LinkedBlockingQueue<>();

    /** Opens an empty store. */
    public SqliteStore() {
        try {
            folder = Files.createTempDirectory("sqlite-store");
            String url = "jdbc:sqlite:" + folder.resolve("tokens")
                    + "?journal_mode=WAL&synchronous=OFF&busy_timeout=60000&locking_mode=NORMAL";
            for (int i = 0; i < CONNECTIONS; i++) {
                idle.add(DriverManager.getConnection(url));
            }
            update(SCHEMA);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws SQLException, IOException {
        for (Connection connection : idle) {
            connection.close();
        }
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private interface Query<T> {
        T run(PreparedStatement statement) throws SQLException;
    }

    private <T> T with(Applied onFailure, String sql, Query<T> query, Object... values) {
        Connection connection = null;
        try {
            connection = idle.take();
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < values.length; i++) {
                    statement.setObject(i + 1, values[i]);
                }
                return query.run(statement);
            }
        } catch (SQLException e) {
            throw new TokenStoreException("SQLite did not carry out the call", onFailure, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TokenStoreException("interrupted while waiting for a connection", Applied.NO, e);
        } finally {
            if (connection != null) {
                idle.add(connection);
            }
        }
    }

    private int update(String sql, Object... values) {
        return with(Applied.UNKNOWN, sql, PreparedStatement::executeUpdate, values);
    }

    private List<Token> select(String where, Object... values) {
        Query<List<Token>> query = statement -> {
            List<Token> tokens = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    tokens.add(token(row));
                }
            }
            return tokens;
        };
        return with(Applied.NO, "SELECT * FROM tokens WHERE " + where, query, values);
    }

    @Override
    public void add(Token token) {
        Revocation revocation = token.revocation();
        int added = update(
                "INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                token.id().value(),
                token.owner().value(),
                token.name(),
                token.hash() == null ? null : token.hash().toBytes(),
                token.scopes().toString(),
                text(token.predecessor()),
                micros(token.renewableUntil()),
                token.minReaderVersion(),
                micros(token.createdAt()),
                micros(token.expiresAt()),
                revocation == null ? null : revocation.id().toString(),
                revocation == null ? null : micros(revocation.at()),
                revocation == null ? null : revocation.by().kind().name(),
                revocation == null ? null : revocation.by().name(),
                revocation == null ? null : text(revocation.by().token()),
                revocation == null ? null : revocation.reason());
        if (added == 0) {
            throw new DuplicateTokenException();
        }
    }

    @Override
    public Optional<Token> find(TokenId id) {
        return select("id = ?", id.value()).stream().findFirst();
    }

    private int revoke(String where, Owner owner, String id, Revocation revocation) {
        return update(
                REVOKE + where,
                revocation.id().toString(),
                micros(revocation.at()),
                revocation.by().kind().name(),
                revocation.by().name(),
                text(revocation.by().token()),
                revocation.reason(),
                owner.value(),
                id);
    }

    @Override
    public boolean revoke(Owner owner, TokenId id, Revocation revocation) {
        return revoke(" AND id = ?", owner, id.value(), revocation) == 1
                || !select(
                                "id = ? AND owner = ? AND revocation_id = ?",
                                id.value(),
                                owner.value(),
                                revocation.id().toString())
                        .isEmpty();
    }

    /** One statement is enough: SQLite carries out one write after the other. */
    @Override
    public int revokeAll(Owner owner, Revocation revocation) {
        revoke(" AND id >= ?", owner, "", revocation);
        return select(
                        "owner = ? AND revocation_id = ?",
                        owner.value(),
                        revocation.id().toString())
                .size();
    }

    @Override
    public boolean activate(Owner owner, TokenId id) {
        return update(
                        "UPDATE tokens SET predecessor = NULL WHERE id = ? AND owner = ? AND revocation_id IS NULL",
                        id.value(),
                        owner.value())
                == 1;
    }

    private TokenPage page(String where, String owner, TokenId after, int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("limit");
        }
        List<Token> page = select(where + " AND id > ? ORDER BY id LIMIT ?", owner, Objects.toString(after, ""), limit);
        return new TokenPage(
                page, page.size() < limit ? null : page.get(limit - 1).id());
    }

    @Override
    public TokenPage list(Owner owner, TokenId after, int limit) {
        return page("owner = ?", owner.value(), after, limit);
    }

    @Override
    public TokenPage scan(TokenId after, int limit) {
        return page("owner > ?", "", after, limit);
    }

    @Override
    public PurgePage purge(Instant endedBefore, TokenId after, int maxExamined) {
        Long before = micros(Objects.requireNonNull(endedBefore));
        if (maxExamined < 1) {
            throw new IllegalArgumentException("maxExamined");
        }
        TokenPage examined = scan(after, Math.min(maxExamined, MAX_PAGE));
        int removed = 0;
        for (Token token : examined.tokens()) {
            if (token.endsAt() != null && token.endsAt().isBefore(endedBefore)) {
                removed += update(
                        "DELETE FROM tokens WHERE id = ? AND coalesce(revoked_at, expires_at) < ?",
                        token.id().value(),
                        before);
            }
        }
        return new PurgePage(removed, examined.resumeAfter());
    }

    private static String text(TokenId id) {
        return id == null ? null : id.value();
    }

    private static Long micros(Instant instant) {
        return instant == null ? null : instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }

    private static Instant instant(Object micros) {
        return Instant.EPOCH.plus(((Number) micros).longValue(), ChronoUnit.MICROS);
    }

    private static <C, T> T optional(C column, Function<C, T> read) {
        return column == null ? null : read.apply(column);
    }

    private static Token token(ResultSet row) throws SQLException {
        TokenId byToken = optional(row.getString("by_token"), TokenId::new);
        Revocation revocation = null;
        if (row.getString("revocation_id") != null) {
            Actor by = new Actor(Actor.Kind.valueOf(row.getString("by_kind")), row.getString("by_name"), byToken);
            UUID id = UUID.fromString(row.getString("revocation_id"));
            revocation = new Revocation(id, instant(row.getLong("revoked_at")), by, row.getString("reason"));
        }
        Owner owner = new Owner(row.getString("owner"));
        return Token.builder(
                        new TokenId(row.getString("id")),
                        owner,
                        row.getString("name"),
                        instant(row.getLong("created_at")))
                .hash(optional(row.getBytes("hash"), SecretHash::new))
                .scopes(Scopes.parse(row.getString("scopes")))
                .predecessor(optional(row.getString("predecessor"), TokenId::new))
                .renewableUntil(optional(row.getObject("renewable_until"), SqliteStore::instant))
                .minReaderVersion(row.getInt("min_reader_version"))
                .expiresAt(optional(row.getObject("expires_at"), SqliteStore::instant))
                .revocation(revocation)
                .build();
    }
}
