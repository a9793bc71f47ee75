package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import io.tokenstore.jdbc.database.Servers;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcOptionsTest {

    private static final String LONGEST = "t".repeat(40);
    private static final String SCHEMA = "options_schema";
    private static final Owner ALICE = new Owner("alice");
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");

    private static DataSource h2;
    private static DataSource postgres;
    private static DataSource mariaDb;

    @BeforeAll
    static void createTheSchemas() throws SQLException {
        h2 = Unpooled.at(H2.memoryUrl() + ";DB_CLOSE_DELAY=-1");
        postgres = Unpooled.at(Servers.postgres().url("postgres"));
        mariaDb = Unpooled.at(Servers.mariaDb().newDatabase());
        for (DataSource database : new DataSource[] {h2, postgres, mariaDb}) {
            Unpooled.execute(database, "CREATE SCHEMA " + SCHEMA, "CREATE SCHEMA access_tokens");
        }
    }

    static Stream<Named<DataSource>> databases() {
        return Stream.of(Named.of("H2", h2), Named.of("PostgreSQL", postgres), Named.of("MariaDB", mariaDb));
    }

    @Test
    void the_defaults_are_a_table_ten_seconds_and_two_for_reads() {
        assertThat(JdbcOptions.defaults())
                .isEqualTo(new JdbcOptions("access_tokens", Duration.ofSeconds(10), Duration.ofSeconds(2)));
    }

    @Test
    void one_option_is_changed_and_the_others_stay() {
        JdbcOptions withTable = JdbcOptions.defaults().withTable("t");
        assertThat(withTable.withDeadline(Duration.ofSeconds(3)))
                .isEqualTo(new JdbcOptions("t", Duration.ofSeconds(3), Duration.ofSeconds(2)));
        assertThat(withTable.withReadDeadline(Duration.ofSeconds(1)).withTable("u"))
                .isEqualTo(new JdbcOptions("u", Duration.ofSeconds(10), Duration.ofSeconds(1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"t", "_", "T9_", "tokens", "a.b", "_1._2", "access_tokens.access_tokens"})
    void an_identifier_with_or_without_a_schema_is_a_table(String table) {
        assertThat(JdbcOptions.defaults().withTable(table).table()).isEqualTo(table);
    }

    @Test
    void each_part_has_at_most_40_characters() {
        assertThat(JdbcOptions.defaults().withTable(LONGEST + "." + LONGEST).table())
                .hasSize(81);
        assertNoTable(LONGEST + "t");
        assertNoTable(LONGEST + "t.t");
        assertNoTable("t." + LONGEST + "t");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "t.",
                ".t",
                "a..b",
                "a.b.c",
                "1t",
                "a.1",
                " t",
                "t ",
                "t\n",
                "t\r",
                "t\0",
                "\uFEFFt",
                "a b",
                "a-b",
                "a$b",
                "a#b",
                "a@b",
                "a:b",
                "<t>",
                "t;",
                "t; DROP TABLE users",
                "t--",
                "t/**/",
                "t#",
                "t) OR (1 = 1",
                "t WHERE 1 = 1",
                "\"t\"",
                "'t'",
                "`t`",
                "[t]",
                "\\t",
                "t\u00E9",
                "t\u0131",
                "\uFF54",
                "\u0442",
                "t\u0660",
                "t\u200B",
                "\uD835\uDC61"
            })
    void whatever_else_is_no_table(String table) {
        assertNoTable(table);
    }

    @Test
    void a_deadline_is_more_than_zero_and_at_most_an_hour() {
        JdbcOptions options = JdbcOptions.defaults();
        for (Duration deadline : new Duration[] {Duration.ofNanos(1), Duration.ofHours(1)}) {
            assertThat(options.withDeadline(deadline).deadline()).isEqualTo(deadline);
            assertThat(options.withReadDeadline(deadline).readDeadline()).isEqualTo(deadline);
        }
        for (Duration deadline : new Duration[] {
            Duration.ZERO, Duration.ofNanos(-1), Duration.ofHours(1).plusNanos(1), Duration.ofSeconds(Long.MAX_VALUE)
        }) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> options.withDeadline(deadline))
                    .withMessageContaining("more than zero and at most an hour");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> options.withReadDeadline(deadline))
                    .withMessageContaining("more than zero and at most an hour");
        }
    }

    @Test
    void null_is_refused() {
        assertThatNullPointerException().isThrownBy(() -> JdbcOptions.defaults().withTable(null));
        assertThatNullPointerException().isThrownBy(() -> JdbcOptions.defaults().withDeadline(null));
        assertThatNullPointerException().isThrownBy(() -> JdbcOptions.defaults().withReadDeadline(null));
    }

    @ParameterizedTest
    @MethodSource("databases")
    void a_table_of_any_such_name_works_with_an_index_of_its_own_name(DataSource database) throws SQLException {
        for (String table : new String[] {"other", "Mixed_Case", LONGEST, "access_tokens_of_owner"}) {
            assertWorks(database, table);
            assertThat(indexes(database, table)).contains(table.toLowerCase(Locale.ROOT) + "_of_owner");
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void a_table_in_another_schema_works_beside_its_namesake(DataSource database) throws SQLException {
        assertWorks(database, "namesake");
        assertWorks(database, SCHEMA + ".namesake");
        assertThat(indexes(database, "namesake"))
                .filteredOn("namesake_of_owner"::equals)
                .hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("databases")
    void a_schema_that_is_named_as_the_script_s_table_is_a_schema(DataSource database) {
        assertWorks(database, "access_tokens.tokens");
        assertWorks(database, "access_tokens.access_tokens");
    }

    @ParameterizedTest
    @MethodSource("databases")
    void two_tables_in_one_database_have_nothing_in_common(DataSource database) {
        JdbcTokenStore left = assertWorks(database, "left_tokens");
        JdbcTokenStore right = assertWorks(database, "right_tokens");
        TokenId id = new TokenId("same");
        left.add(token(id));
        right.add(token(id));
        left.revokeAll(ALICE, revocation());
        assertThat(right.find(id)).contains(token(id));
    }

    @Test
    void a_word_that_the_database_keeps_to_itself_is_a_failure_in_words() {
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(() -> assertWorks(h2, "select"))
                .withMessage("the database failed to create the schema");
    }

    private static void assertNoTable(String table) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JdbcOptions.defaults().withTable(table))
                .withMessageContaining("ASCII letters, digits and underscores");
    }

    private static JdbcTokenStore assertWorks(DataSource database, String table) {
        JdbcOptions options = JdbcOptions.defaults().withTable(table);
        JdbcTokenStore.createSchema(database, options);
        JdbcTokenStore.createSchema(database, options);
        JdbcTokenStore store = JdbcTokenStore.create(database, () -> false, options);
        Token token = token(new TokenId("t1"));
        store.add(token);
        Revocation revocation = revocation();
        assertThat(store.revoke(ALICE, token.id(), revocation)).isTrue();
        assertThat(store.list(ALICE, null, 10).tokens()).containsExactly(token.withRevocation(revocation));
        return store;
    }

    /** Of the tables by that name in all schemas. */
    private static List<String> indexes(DataSource database, String table) throws SQLException {
        try (Connection connection = database.getConnection()) {
            DatabaseMetaData metaData = connection.getMetaData();
            String stored = metaData.storesUpperCaseIdentifiers()
                    ? table.toUpperCase(Locale.ROOT)
                    : metaData.storesLowerCaseIdentifiers() ? table.toLowerCase(Locale.ROOT) : table;
            List<String> names = new ArrayList<>();
            try (ResultSet rows = metaData.getIndexInfo(null, null, stored, false, true)) {
                while (rows.next()) {
                    if (rows.getInt("ORDINAL_POSITION") == 1) {
                        names.add(rows.getString("INDEX_NAME").toLowerCase(Locale.ROOT));
                    }
                }
            }
            return names;
        }
    }

    private static Token token(TokenId id) {
        return Token.builder(id, ALICE, "laptop", NOW).build();
    }

    private static Revocation revocation() {
        return new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
    }
}
