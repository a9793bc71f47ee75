package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Scopes;
import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.fixtures.Walk;
import io.tokenstore.jdbc.database.Servers;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A row that breaks a rule of tokens, written by a hand, a later release or a later version of Java, between two that do not. */
@ParameterizedClass
@EnumSource
class BrokenRowsTest {

    private static final Owner ALICE = new Owner("alice");
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");
    private static final byte[] HASH = HexFormat.of().parseHex("ab".repeat(32));

    enum Database {
        H2 {
            @Override
            DataSource open() {
                return JdbcConnectionPool.create(io.tokenstore.jdbc.H2.memoryUrl(), "sa", "");
            }
        },
        POSTGRESQL {
            @Override
            DataSource open() {
                return Unpooled.at(Servers.postgres().url("postgres"));
            }
        },
        MARIADB {
            private static final String URL = Servers.mariaDb().newDatabase();

            @Override
            DataSource open() {
                return Unpooled.at(URL);
            }
        };

        abstract DataSource open();
    }

    private final JdbcOptions options = JdbcOptions.defaults()
            .withTable("broken_" + UUID.randomUUID().toString().replaceAll("-.*", ""));
    private final String table = options.table();
    private final Queue<String> logged = new ConcurrentLinkedQueue<>();
    private final Logger logger = Logger.getLogger(JdbcTokenStore.class.getName());
    private final Handler handler = new Handler() {
        private final SimpleFormatter format = new SimpleFormatter();

        @Override
        public void publish(LogRecord event) {
            logged.add(format.format(event));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @Parameter
    private Database database;

    private DataSource dataSource;
    private JdbcTokenStore store;

    @BeforeEach
    void keepThreeTokens() {
        dataSource = database.open();
        JdbcTokenStore.createSchema(dataSource, options);
        store = JdbcTokenStore.create(dataSource, () -> false, options);
        store.addAll(List.of(token("a"), token("b"), token("c")));
        logger.setLevel(Level.WARNING);
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
    }

    @AfterEach
    void leaveTheLogAlone() throws SQLException {
        logger.setUseParentHandlers(true);
        logger.removeHandler(handler);
        logger.setLevel(null);
        Unpooled.execute(dataSource, "DROP TABLE " + table);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name = 'a' || CHR(10)",
                "predecessor = 'not an id'",
                "min_reader_version = -1",
                "revocation_id = '0123456789abcdef', revoked_at = created_at, revoked_by_kind = 'ROBOT', revoked_by = 'r'",
                "revocation_id = '0123456789abcdef', revoked_at = created_at",
                "revoked_reason = 'nobody', revocation_id = '0123456789abcdef'",
                "expires_at = TIMESTAMP '1969-12-31 23:59:59'",
                "revoked_at = created_at",
                "revoked_by_kind = 'USER'",
                "revoked_by = 'alice'",
                "revoked_by_token = 'a'",
                "revoked_reason = 'stolen'"
            })
    void a_broken_row_is_left_out_named_once_and_found_by_nobody(String change) throws SQLException {
        change("b", change);
        assertThat(list(1)).containsExactly(token("a"), token("c"));
        assertThat(scan(1)).containsExactly(token("a"), token("c"));
        assertThat(list(10)).containsExactly(token("a"), token("c"));
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> store.find(new TokenId("b")))
                .returns(Applied.NO, TokenStoreException::applied);
        assertThat(logged).singleElement().asString().contains(": b").doesNotContainIgnoringCase("abab");
    }

    @ParameterizedTest
    @ValueSource(strings = {"name = 'a' || CHR(10)", "predecessor = 'not an id'", "min_reader_version = -1"})
    void a_broken_row_is_revoked_with_the_others_and_purged(String change) throws SQLException {
        change("b", change);
        Revocation revocation = new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
        assertThat(store.revoke(ALICE, new TokenId("b"), revocation)).isTrue();
        assertThat(store.revokeAll(ALICE, revocation)).isEqualTo(3);
        assertThat(list(10)).allMatch(token -> revocation.equals(token.revocation()));
        assertThat(store.purge(NOW.plusSeconds(1), null, 10)).isEqualTo(new PurgePage(3, null));
    }

    @Test
    void an_owner_that_breaks_the_rule_spoils_no_walk() throws SQLException {
        change("b", "owner = 'alice and bob'");
        assertThat(scan(1)).containsExactly(token("a"), token("c"));
        assertThat(list(1)).containsExactly(token("a"), token("c"));
    }

    @Test
    void a_hash_of_another_length_is_refused_or_padded_by_the_table_or_spoils_no_walk() throws SQLException {
        if (database == Database.POSTGRESQL) {
            Unpooled.execute(dataSource, "ALTER TABLE " + table + " DROP CONSTRAINT " + table + "_secret_hash_check");
            change("b", "secret_hash = '\\x" + "ab".repeat(31) + "'");
            assertThat(list(1)).containsExactly(token("a"), token("c"));
            assertThat(logged).singleElement().asString().contains(": b").doesNotContainIgnoringCase("abab");
        } else {
            change("b", "secret_hash = X'" + "ab".repeat(31) + "'");
            assertThat(store.find(new TokenId("b")).orElseThrow().hash())
                    .isNotEqualTo(token("b").hash());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a  b", " a", "b a", "a a", "* a", "\t", "a,b\""})
    void scopes_that_can_t_be_read_permit_nothing(String scopes) throws SQLException {
        change("b", "scopes = '" + scopes + "'");
        assertThat(store.find(new TokenId("b")).orElseThrow().scopes()).isEqualTo(Scopes.none());
        assertThat(list(10)).hasSize(3);
    }

    @Test
    void whole_pages_of_invalid_ids_end_no_walk() throws SQLException {
        for (int i = 0; i < 5; i++) {
            store.add(token("b" + i));
            change("b" + i, "id = 'b " + i + "'");
        }
        assertThat(list(2)).containsExactly(token("a"), token("b"), token("c"));
        assertThat(scan(2)).containsExactly(token("a"), token("b"), token("c"));
        assertThat(logged).hasSize(5).allMatch(line -> line.contains("its id is not valid"));
        Revocation revocation = new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
        assertThat(store.revokeAll(ALICE, revocation)).isEqualTo(8);
        assertThat(Walk.purge(store, NOW.plusSeconds(1), 2)).isEqualTo(8);
    }

    @Test
    void of_more_broken_rows_a_thousand_are_named() throws SQLException {
        store.addAll(
                IntStream.range(0, 1_000).mapToObj(i -> token("broken" + i)).toList());
        store.add(token("broken1000"));
        Unpooled.execute(dataSource, "UPDATE " + table + " SET min_reader_version = -1 WHERE id LIKE 'broken%'");
        assertThat(scan(1_000)).containsExactly(token("a"), token("b"), token("c"));
        assertThat(logged).hasSize(1_000);
    }

    private List<Token> list(int limit) {
        return Walk.of(after -> store.list(ALICE, after, limit));
    }

    private List<Token> scan(int limit) {
        return Walk.of(after -> store.scan(after, limit));
    }

    private void change(String id, String change) throws SQLException {
        String spoken = database == Database.MARIADB
                ? change.replace("'a' || CHR(10)", "CONCAT('a', CHAR(10))")
                : database == Database.H2
                        ? change.replace("'0123456789abcdef'", "CAST('0123456789abcdef' AS VARBINARY)")
                        : change;
        Unpooled.execute(dataSource, "UPDATE " + table + " SET " + spoken + " WHERE id = '" + id + "'");
    }

    private static Token token(String id) {
        return Token.builder(new TokenId(id), ALICE, "laptop", NOW)
                .hash(new SecretHash(HASH))
                .build();
    }
}
