package io.tokenstore.jdbc.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.TokenStore;
import io.tokenstore.fixtures.ForwardingStore;
import io.tokenstore.fixtures.TreeMapStore;
import io.tokenstore.jdbc.JdbcTokenStore;
import io.tokenstore.jdbc.database.Servers;
import io.tokenstore.service.TokenServices;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;

/** The import that docs/migrating.md shows. */
class TokenImportTest {

    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final String HASH = OlderScheme.sha256("secret");

    private static final int ROWS = Integer.getInteger("migration.rows", 5_000);

    private final TokenStore store = new TreeMapStore();
    private final Map<Long, List<String>> report = new TreeMap<>();

    private static ExportedToken row(String id, String owner) {
        return new ExportedToken(id, owner, "laptop", HASH, () -> List.of("*"), () -> NOW, () -> null);
    }

    private long importAll(TokenStore into, List<ExportedToken> rows) {
        report.clear();
        TokenImport tokens = new TokenImport(into, report::put);
        rows.forEach(tokens::add);
        return tokens.finish();
    }

    private static List<Token> all(TokenStore store) {
        List<Token> all = new ArrayList<>();
        TokenId after = null;
        do {
            TokenPage page = store.scan(after, TokenStore.MAX_PAGE);
            all.addAll(page.tokens());
            after = page.resumeAfter();
        } while (after != null);
        return all;
    }

    @Test
    void each_row_that_breaks_rules_is_reported_with_its_number_and_all_of_them() {
        String bad = "pässword\n";
        List<ExportedToken> rows = List.of(
                row("1", "alice"),
                new ExportedToken("a b", bad, bad, bad, () -> List.of(bad), () -> NOW, () -> null),
                new ExportedToken(null, null, null, null, () -> null, () -> null, () -> null),
                new ExportedToken(null, "alice", "laptop", HASH.substring(2), List::of, () -> NOW, () -> null),
                new ExportedToken("4", "x".repeat(256), "", HASH, List::of, () -> Instant.MAX, () -> null),
                row("2", "bob"));
        assertThat(importAll(store, rows)).isEqualTo(2);
        assertThat(report).containsOnlyKeys(2L, 3L, 4L, 5L);
        assertThat(report.get(2L)).hasSize(5).anyMatch(rule -> rule.startsWith("hash "));
        assertThat(report.get(3L)).hasSize(4).allMatch(rule -> rule.endsWith(" is missing or can't be read"));
        assertThat(report.get(4L)).containsExactly("hash must have 32 bytes");
        assertThat(report.get(5L))
                .contains("owner must have 1 to 255 characters", "name must have 1 to 255 characters");
        assertThat(report.toString()).doesNotContain("pässword").doesNotContain(HASH.substring(2));
        assertThat(rows.toString()).doesNotContain(HASH.substring(2));
    }

    @Test
    void a_row_with_a_column_that_cannot_be_read_is_reported_and_the_others_are_kept() {
        ExportedToken.Column<List<String>> malformed = () -> {
            throw new IllegalArgumentException(HASH);
        };
        ExportedToken.Column<Instant> zeroDate = () -> {
            throw new SQLException(HASH);
        };
        List<ExportedToken> rows = List.of(
                row("1", "alice"),
                new ExportedToken("2", "alice", "laptop", HASH, malformed, () -> NOW, () -> null),
                new ExportedToken("3", "alice", "laptop", HASH, List::of, zeroDate, () -> null),
                new ExportedToken("4", "alice", "laptop", HASH, List::of, () -> NOW, zeroDate),
                row("5", "bob"));
        assertThat(importAll(store, rows)).isEqualTo(2);
        assertThat(report)
                .containsOnlyKeys(2L, 3L, 4L)
                .containsEntry(2L, List.of("scopes is missing or can't be read"))
                .containsEntry(3L, List.of("name, created_at or expires_at is missing or can't be read"));
    }

    @Test
    void a_null_in_the_older_table_is_reported_and_the_rows_after_it_are_kept() throws SQLException {
        JdbcConnectionPool pool = JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID(), "", "");
        try {
            OlderScheme older = new OlderScheme(pool, new Random(1));
            older.create(OlderScheme.Form.WITH_PUBLIC_ID, 4);
            older.execute("UPDATE api_keys SET scopes = NULL WHERE label = 'token 1'");
            older.execute("UPDATE api_keys SET created_at = NULL WHERE label = 'token 2'");
            assertThat(older.importInto(store, OlderScheme.Form.WITH_PUBLIC_ID, report::put))
                    .isEqualTo(2);
            assertThat(report).containsOnlyKeys(2L, 3L);
        } finally {
            pool.dispose();
        }
    }

    @Test
    void a_second_row_of_an_id_is_reported_unless_it_says_the_same() {
        assertThat(importAll(store, List.of(row("1", "alice"), row("1", "bob"), row("1", "alice"), row("2", "bob"))))
                .isEqualTo(3);
        assertThat(report).containsExactly(Map.entry(2L, List.of("another token has this id")));
    }

    @Test
    void repeated_it_changes_nothing_and_a_token_that_was_revoked_since_stays_revoked() {
        List<ExportedToken> rows = IntStream.rangeClosed(1, 2_500)
                .mapToObj(i -> row(String.valueOf(i), "alice"))
                .toList();
        assertThat(importAll(store, rows)).isEqualTo(2_500);
        store.revoke(
                new Owner("alice"), new TokenId("7"), new Revocation(new UUID(0, 1), NOW, Actor.user("alice"), null));
        List<Token> before = all(store);
        assertThat(importAll(store, rows)).isEqualTo(2_500);
        assertThat(report).isEmpty();
        assertThat(all(store)).isEqualTo(before).hasSize(2_500);
    }

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    /** Adds a part of what it is told to, and then everything ends. */
    private static final class KilledStore extends ForwardingStore {
        private final Random random;

        KilledStore(TokenStore store, Random random) {
            super(store);
            this.random = random;
        }

        @Override
        public void addAll(Collection<Token> tokens) {
            List<Token> some = List.copyOf(tokens).subList(0, random.nextInt(tokens.size() + 1));
            super.addAll(some);
            if (some.size() < tokens.size() || random.nextBoolean()) {
                throw new Killed();
            }
        }
    }

    @Test
    void killed_at_any_point_and_run_again_it_keeps_each_token_once_and_reports_the_same() {
        Random random = new Random(1);
        List<ExportedToken> rows = new ArrayList<>();
        for (int i = 1; i <= 5_000; i++) {
            rows.add(i % 100 == 0 ? row("not an id", "alice") : row(String.valueOf(i), "user" + i));
        }
        int kills = 0;
        for (int i = 0; i < 200; i++) {
            try {
                importAll(new KilledStore(store, random), rows.subList(0, random.nextInt(rows.size())));
            } catch (Killed e) {
                kills++;
            }
        }
        assertThat(kills).isPositive();
        assertThat(importAll(store, rows)).isEqualTo(4_950);
        assertThat(report).hasSize(50).containsKeys(100L, 5_000L);
        TokenStore atOnce = new TreeMapStore();
        importAll(atOnce, rows);
        assertThat(all(store)).isEqualTo(all(atOnce));
    }

    @Test
    void tokens_are_imported_into_postgresql_twice_and_authenticate() throws SQLException {
        Servers.postgres().createDatabase("migration");
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(Servers.postgres().url("migration"));
            pool.setMaximumPoolSize(4);
            OlderScheme older = new OlderScheme(pool, new Random(1));
            JdbcTokenStore.createSchema(pool);
            TokenStore postgres = JdbcTokenStore.create(pool);
            TokenServices tokens = MigrationTest.services(postgres);
            older.execute("CREATE TABLE zoned (at TIMESTAMPTZ)");
            older.execute("INSERT INTO zoned VALUES ('2026-06-15 14:00:00+02')");
            try (Connection connection = pool.getConnection();
                    PreparedStatement select = connection.prepareStatement("SELECT at FROM zoned")) {
                ResultSet row = select.executeQuery();
                row.next();
                assertThat(OlderScheme.instantWithZone(row, "at")).isEqualTo(NOW);
            }
            Map<OlderScheme.Form, List<String>> presented = new HashMap<>();
            for (OlderScheme.Form form : OlderScheme.Form.values()) {
                presented.put(form, older.create(form, ROWS));
                for (int run = 0; run < 2; run++) { // The second one keeps nothing, and says the same.
                    assertThat(older.importInto(postgres, form, report::put))
                            .isEqualTo(presented.get(form).size());
                }
            }
            assertThat(report).isEmpty();
            presented.forEach((form, texts) -> {
                for (int i = 0; i < texts.size(); i += texts.size() / 100) {
                    assertThat(tokens.authenticator().authenticateToken(texts.get(i)))
                            .hasToString("user " + older.owner(form, i));
                    assertThat(older.withAnotherSecret(texts.get(i)))
                            .allMatch(wrong -> tokens.authenticator()
                                    .authenticateToken(wrong)
                                    .isAnonymous());
                }
            });
        }
    }

    @Test
    void an_imported_token_has_what_the_row_says() {
        Instant end = NOW.plusSeconds(60);
        importAll(
                store,
                List.of(new ExportedToken("12", "42", "laptop", HASH, () -> List.of("b", "a"), () -> NOW, () -> end)));
        Token token = store.find(new TokenId("12")).orElseThrow();
        assertThat(token.hash()).isEqualTo(new SecretHash(HexFormat.of().parseHex(HASH)));
        assertThat(token.scopes().toList()).containsExactly("a", "b");
        assertThat(token.owner()).isEqualTo(new Owner("42"));
        assertThat(token.createdAt()).isEqualTo(NOW);
        assertThat(token.expiresAt()).isEqualTo(end);
        assertThat(token.renewableUntil()).isNull();
    }
}
