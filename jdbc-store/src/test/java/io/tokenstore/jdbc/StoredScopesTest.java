package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.Owner;
import io.tokenstore.Scopes;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenPage;
import io.tokenstore.jdbc.database.Servers;
import io.tokenstore.service.Caller;
import io.tokenstore.service.IssuedToken;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenServices;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
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

/** What stands in the column of scopes, also where a setting takes the empty string for null: it never widens a token. */
@ParameterizedClass
@EnumSource
class StoredScopesTest {

    private static final Owner ALICE = new Owner("alice");

    enum Database {
        H2(""),
        H2_AS_MARIADB(";MODE=MariaDB"),
        H2_AS_POSTGRESQL(";MODE=PostgreSQL"),
        POSTGRESQL("SET transform_null_equals = on"),
        MARIADB("SET SESSION sql_mode = 'STRICT_ALL_TABLES'"),
        MARIADB_NOT_STRICT("SET SESSION sql_mode = ''"),
        MARIADB_AS_ORACLE("SET SESSION sql_mode = 'ORACLE'"),
        MARIADB_EMPTY_IS_NULL("SET SESSION sql_mode = 'EMPTY_STRING_IS_NULL,PAD_CHAR_TO_FULL_LENGTH'");

        private static String mariaDbUrl;

        private final String setting;

        Database(String setting) {
            this.setting = setting;
        }

        DataSource open() {
            return switch (this) {
                case H2, H2_AS_MARIADB, H2_AS_POSTGRESQL ->
                    JdbcConnectionPool.create(io.tokenstore.jdbc.H2.memoryUrl() + setting, "sa", "");
                case POSTGRESQL -> Unpooled.at(Servers.postgres().url("postgres"), setting);
                default -> Unpooled.at(mariaDbUrl(), setting);
            };
        }

        private static synchronized String mariaDbUrl() {
            if (mariaDbUrl == null) {
                mariaDbUrl = Servers.mariaDb().newDatabase();
            }
            return mariaDbUrl;
        }
    }

    private final JdbcOptions options = JdbcOptions.defaults()
            .withTable("scopes_" + UUID.randomUUID().toString().replaceAll("-.*", ""));
    private final String table = options.table();

    @Parameter
    private Database database;

    private DataSource dataSource;
    private JdbcTokenStore store;
    private TokenServices tokens;

    @BeforeEach
    void createTheTable() {
        dataSource = database.open();
        JdbcTokenStore.createSchema(dataSource, options);
        store = JdbcTokenStore.create(dataSource, () -> false, options);
        tokens = TokenServices.builder(store).scopes("repo:read").build();
    }

    @AfterEach
    void dropTheTable() throws SQLException {
        Unpooled.execute(dataSource, "DROP TABLE " + table);
    }

    private IssuedToken issued(List<String> scopes) {
        TokenRequest request =
                TokenRequest.named("laptop").withTtl(Duration.ofDays(1)).withScopes(scopes);
        return tokens.issuance().issue(Caller.user(ALICE), "alice", request).orElseThrow();
    }

    @Test
    void every_kind_of_scopes_comes_back_as_it_was_issued() {
        for (List<String> scopes : List.of(
                List.<String>of(),
                List.of("*"),
                List.of("repo:read"),
                List.of("repo:read", "tokens", "tokens:admin"))) {
            IssuedToken issued = issued(scopes);
            assertThat(tokens.authenticator()
                            .authenticateToken(issued.secret())
                            .token()
                            .scopes())
                    .isEqualTo(issued.scopes())
                    .returns(scopes, Scopes::toList);
        }
        List<Token> many = List.of(token("none", Scopes.none()), token("all", Scopes.all()));
        store.addAll(many);
        assertThat(store.findAll(List.of(new TokenId("none"), new TokenId("all"))))
                .containsValues(many.get(0), many.get(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"''", "NULL", "' '", "'* '", "' *'", "'* *'", "'repo:read '", "'Repo:read repo:read\t'"})
    void what_is_missing_empty_or_damaged_permits_nothing(String stored) throws SQLException {
        Unpooled.execute(
                dataSource,
                switch (database) {
                    case H2, H2_AS_MARIADB, H2_AS_POSTGRESQL, POSTGRESQL ->
                        "ALTER TABLE " + table + " ALTER COLUMN scopes DROP NOT NULL";
                    default -> "ALTER TABLE " + table + " MODIFY scopes VARCHAR(1000) NULL";
                });
        IssuedToken issued = issued(List.of("*"));
        Unpooled.execute(dataSource, "UPDATE " + table + " SET scopes = " + stored);
        Caller caller = tokens.authenticator().authenticateToken(issued.secret());
        assertThat(caller).hasToString("user alice");
        assertThat(caller.token().scopes()).isEqualTo(Scopes.none());
        for (String scope : List.of("*", "", "-", "repo:read", "tokens", "tokens:admin")) {
            assertThat(caller.permits(scope)).isFalse();
        }
        TokenPage page = store.list(ALICE, null, 10);
        assertThat(page.tokens()).extracting(Token::scopes).containsExactly(Scopes.none());
    }

    private static Token token(String id, Scopes scopes) {
        return Token.builder(new TokenId(id), ALICE, "laptop", Instant.parse("2026-06-15T12:00:00Z"))
                .scopes(scopes)
                .build();
    }
}
