package io.tokenstore.benchmarks;

import io.tokenstore.jdbc.JdbcOptions;
import io.tokenstore.jdbc.JdbcTokenStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table of live tokens as the service issues them, oldest first, the users taking turns. */
final class TokenTable extends Supply<HeldToken> {

    private static final int MOST_HELD = 100_000;
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");
    private static final int BATCH = 1_000;
    private static final String INSERT_VALUES =
            " (id, owner, name, secret_hash, scopes, created_at, expires_at) VALUES (?, ?, ?, ?, '*', ?, ?)";

    private final Site site;
    private final JdbcOptions options;
    private final int size;
    private final int users;
    private final boolean halfEnded;
    private final Users usersThemselves;

    TokenTable(Site site, JdbcOptions options, int size, int tokensOfUser, boolean halfEnded) {
        this.site = site;
        this.options = options;
        this.size = size;
        this.users = size / tokensOfUser;
        this.halfEnded = halfEnded;
        this.usersThemselves = new Users(this, users);
    }

    String name() {
        return options.table();
    }

    /** Returns the users, each of which has the same number of live tokens. */
    Supply<String> users() {
        return usersThemselves;
    }

    /** Returns a supply of the whole table, loaded anew each time; the subject is its size. */
    Supply<Integer> loads() {
        return new Supply<>() {
            @Override
            List<Integer> load() throws Exception {
                TokenTable.this.load();
                return new ArrayList<>(List.of(size));
            }
        };
    }

    JdbcTokenStore store() {
        return JdbcTokenStore.create(site.pool(), () -> false, options);
    }

    String insert() {
        return "INSERT INTO " + name() + INSERT_VALUES;
    }

    static void bind(PreparedStatement statement, HeldToken token, @Nullable Instant expiresAt) throws SQLException {
        statement.setString(1, token.id());
        statement.setString(2, token.owner());
        statement.setString(3, "laptop");
        statement.setBytes(4, token.hash());
        statement.setObject(5, utc(token.token().createdAt()));
        statement.setObject(6, expiresAt == null ? null : utc(expiresAt));
    }

    static LocalDateTime utc(Instant instant) {
        return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    @Override
    List<HeldToken> load() throws Exception {
        site.execute("TRUNCATE TABLE " + name());
        List<HeldToken> held = new ArrayList<>();
        int heldOf = Math.max(1, size / MOST_HELD);
        try (Connection connection = site.pool().getConnection();
                PreparedStatement statement = connection.prepareStatement(insert())) {
            connection.setAutoCommit(false);
            HeldToken.Issuer issuer = new HeldToken.Issuer();
            for (int i = 0; i < size; i++) {
                HeldToken token = issuer.issue(HeldToken.user(i % users));
                bind(statement, token, halfEnded && i % 2 == 0 ? LONG_AGO : null);
                statement.addBatch();
                if (i % heldOf == 0) {
                    held.add(token);
                }
                if ((i + 1) % BATCH == 0 || i + 1 == size) {
                    statement.executeBatch();
                    connection.commit();
                }
            }
        }
        site.execute(site.isPostgres() ? "VACUUM ANALYZE " + name() : "ANALYZE");
        return held;
    }
}
