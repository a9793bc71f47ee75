package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Scopes;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.jdbc.migration.TaggedSql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The queries of docs/databases.md by which a host reads the tables, and the one statement by which it writes. */
class ReadingBySqlTest {

    private static final Instant NOW = Instant.parse("2026-10-25T00:30:00.123456Z"); // a doubled hour in Berlin
    private static final LocalDateTime NOW_IN_UTC = LocalDateTime.ofInstant(NOW, ZoneOffset.UTC);
    private static final Owner ALICE = new Owner("alice@example.com");
    private static final TaggedSql SQL = new TaggedSql("reading.sql");

    private static Token.Builder token(String id, Owner owner) {
        return Token.builder(new TokenId(id), owner, "laptop", NOW.minus(Duration.ofDays(9)));
    }

    private static Revocation revokedAt(Instant at) {
        return new Revocation(new UUID(0, 7), at, Actor.admin("ops"), "lost");
    }

    private static void fill(JdbcTokenStore store) {
        store.addAll(List.of(
                token("active", ALICE)
                        .scopes(Scopes.of(List.of("repo:read", "repo:write")))
                        .build(),
                token("expiring", ALICE)
                        .expiresAt(NOW.plusSeconds(60))
                        .scopes(Scopes.of(List.of("repo:writer")))
                        .build(),
                token("all", new Owner("bob")).scopes(Scopes.all()).build(),
                token("expired", ALICE)
                        .expiresAt(NOW.minus(Duration.ofHours(3)))
                        .build(),
                token("just-expired", ALICE).expiresAt(NOW).build(),
                token("pending", ALICE).predecessor(new TokenId("active")).build(),
                token("later", ALICE).minReaderVersion(1).build(),
                token("revoked", ALICE)
                        .revocation(revokedAt(NOW.minus(Duration.ofHours(2))))
                        .build(),
                token("just-revoked", ALICE).revocation(revokedAt(NOW)).build(),
                token("others", new Owner("ALICE@example.com")).build()));
        store.record(Map.of(new TokenId("active"), NOW));
    }

    private static List<List<Object>> rows(DataSource database, String tag, Object... parameters) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(SQL.statement(tag))) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            List<List<Object>> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    List<Object> columns = new ArrayList<>();
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        boolean instant = row.getMetaData().getColumnLabel(i).matches("(?i).*_at");
                        columns.add(instant ? row.getObject(i, LocalDateTime.class) : row.getString(i));
                    }
                    rows.add(columns);
                }
            }
            return rows;
        }
    }

    private static Stream<Object> column(List<List<Object>> rows, int index) {
        return rows.stream().map(row -> row.get(index));
    }

    @ParameterizedTest
    @EnumSource
    void the_queries_run_and_tell_what_the_store_tells(FreshDatabase of) throws SQLException {
        DataSource database = of.create();
        JdbcTokenStore.createSchema(database);
        JdbcTokenStore store = JdbcTokenStore.create(database);
        fill(store);
        TimeZone zone = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
        try {
            String alice = ALICE.value();
            assertThat(column(rows(database, "active", alice, NOW_IN_UTC), 0)).containsExactly("active", "expiring");
            List<List<Object>> expiring = rows(database, "expiring", NOW_IN_UTC, NOW_IN_UTC.plusDays(7));
            assertThat(column(expiring, 1)).containsExactly("just-expired", "expiring");
            assertThat(column(expiring, 3)).containsExactly(NOW_IN_UTC, NOW_IN_UTC.plusSeconds(60));
            assertThat(rows(database, "revoked", NOW_IN_UTC, NOW_IN_UTC.plusSeconds(1))
                            .toString())
                    .isEqualTo("[[" + alice + ", just-revoked, " + NOW_IN_UTC + ", ADMIN, ops, null, lost]]");
            assertThat(column(rows(database, "scope"), 1)).containsExactly("active", "all");
            List<List<Object>> uses = rows(database, "uses", alice);
            assertThat(uses).hasSize(8);
            assertThat(uses.get(0)).containsExactly("active", "laptop", NOW_IN_UTC);
            assertThat(column(uses.subList(1, 8), 2)).containsOnlyNulls();
        } finally {
            TimeZone.setDefault(zone);
        }
    }

    @ParameterizedTest
    @EnumSource
    void erasing_removes_an_owners_rows_that_ended_and_no_others(FreshDatabase of) throws SQLException {
        DataSource database = of.create();
        JdbcTokenStore.createSchema(database);
        JdbcTokenStore store = JdbcTokenStore.create(database);
        fill(store);
        store.record(Map.of(new TokenId("expired"), NOW));
        LocalDateTime anHourAgo = NOW_IN_UTC.minusHours(1);
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(SQL.statement("erase"))) {
            statement.setString(1, ALICE.value());
            statement.setObject(2, anHourAgo);
            assertThat(statement.executeUpdate()).isEqualTo(2);
        }
        assertThat(store.find(new TokenId("revoked"))).isEmpty();
        assertThat(store.find(new TokenId("expired"))).isEmpty();
        assertThat(store.scan(null, 100).tokens()).hasSize(8);
        Instant endedBefore = NOW.minus(Duration.ofHours(1));
        assertThat(store.purge(endedBefore, null, 100).resumeAfter()).isNull();
        assertThat(store.lastUses(List.of(new TokenId("active"), new TokenId("expired"))))
                .containsOnlyKeys(new TokenId("active"));
        // A purge that stood at a token that is gone goes on from there.
        assertThat(store.purge(endedBefore, new TokenId("expired"), 100).resumeAfter())
                .isNull();
    }

    @ParameterizedTest
    @EnumSource
    void an_index_that_the_host_adds_passes_the_check_of_the_schema(FreshDatabase of) throws SQLException {
        DataSource database = of.create();
        JdbcTokenStore.createSchema(database);
        Unpooled.execute(database, SQL.statement("index"));
        assertThatNoException().isThrownBy(() -> JdbcTokenStore.create(database));
        JdbcTokenStore.createSchema(database);
    }
}
