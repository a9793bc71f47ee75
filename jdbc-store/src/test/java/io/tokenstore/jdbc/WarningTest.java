package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.PurgePage;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.jdbc.database.DatabaseServer;
import io.tokenstore.jdbc.database.Servers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Warnings that come with a write and say nothing of its commit: the write is done, and done once. */
@ParameterizedClass(name = "{0}, autocommit {1}")
@MethodSource("databases")
class WarningTest {

    private static final Owner ALICE = new Owner("alice");
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");
    private static final String[] OF_POSTGRES = {
        "CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN RAISE WARNING 'noise of %', TG_NAME; RETURN COALESCE(NEW, OLD); END $$",
        "CREATE TRIGGER of_statement BEFORE INSERT OR UPDATE OR DELETE ON access_tokens"
                + " FOR EACH ROW EXECUTE FUNCTION warn()",
        "CREATE CONSTRAINT TRIGGER of_commit AFTER INSERT OR UPDATE OR DELETE ON access_tokens"
                + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION warn()",
        "CREATE FUNCTION warn_of_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'ddl'; END $$",
        "CREATE EVENT TRIGGER of_ddl ON ddl_command_end EXECUTE FUNCTION warn_of_ddl()"
    };
    private static final String[] OF_MARIADB = {
        warningTrigger("INSERT"), warningTrigger("UPDATE"), warningTrigger("DELETE")
    };

    @Parameter(0)
    private Kind kind;

    @Parameter(1)
    private boolean autocommit;

    private CountedPool pool;
    private JdbcTokenStore store;

    /** Who warns. */
    enum Kind {
        POSTGRES(Servers.postgres(), OF_POSTGRES),
        MARIADB(Servers.mariaDb(), OF_MARIADB);

        private final DatabaseServer server;
        private final String[] warnings;

        Kind(DatabaseServer server, String... warnings) {
            this.server = server;
            this.warnings = warnings;
        }
    }

    static Stream<Arguments> databases() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(true, false).map(autocommit -> Arguments.of(kind, autocommit)));
    }

    @BeforeEach
    void makeEachWriteWarn() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(kind.server.newDatabase());
        config.setAutoCommit(autocommit);
        config.setMaximumPoolSize(2);
        pool = new CountedPool(config);
        JdbcTokenStore.createSchema(pool);
        Unpooled.execute(pool, kind.warnings);
        store = JdbcTokenStore.create(pool);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void a_warning_of_another_sender_makes_no_write_a_second_one() throws SQLException {
        TokenId first = new TokenId("t1");
        assertOneAttempt(() -> store.add(token(first)));
        assertOneAttempt(() -> store.add(token(new TokenId("t2"))));
        assertOneAttempt(
                () -> assertThat(store.revoke(ALICE, first, revocation())).isTrue());
        // A page, another look, and the count with its rewrite.
        assertAttempts(3, () -> assertThat(store.revokeAll(ALICE, revocation())).isEqualTo(1));
        // The tokens, and a look for uses of tokens that are gone.
        assertAttempts(
                2, () -> assertThat(store.purge(NOW.plusSeconds(1), null, 10)).isEqualTo(new PurgePage(2, null)));
        assertOneAttempt(
                () -> JdbcTokenStore.createSchema(pool, JdbcOptions.defaults().withTable("other")));
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            JdbcTokenStore joined = JdbcTokenStore.joining(connection);
            joined.add(token(first));
            assertThat(joined.revoke(ALICE, first, revocation())).isTrue();
            connection.commit();
        }
    }

    private void assertOneAttempt(Runnable write) {
        assertAttempts(1, write);
    }

    private void assertAttempts(int attempts, Runnable write) {
        int before = pool.asked();
        write.run();
        assertThat(pool.asked() - before).as("attempts").isEqualTo(attempts);
    }

    private static String warningTrigger(String act) {
        return "CREATE TRIGGER of_" + act + " BEFORE " + act + " ON access_tokens FOR EACH ROW"
                + " SIGNAL SQLSTATE '01000' SET MESSAGE_TEXT = 'noise'";
    }

    private static Token token(TokenId id) {
        return Token.builder(id, ALICE, "laptop", NOW).build();
    }

    private static Revocation revocation() {
        return new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
    }
}
