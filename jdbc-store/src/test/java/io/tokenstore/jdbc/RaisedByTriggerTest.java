package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariConfig;
import io.tokenstore.Actor;
import io.tokenstore.Owner;
import io.tokenstore.Revocation;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import io.tokenstore.TokenStoreException;
import io.tokenstore.TokenStoreException.Applied;
import io.tokenstore.jdbc.database.Servers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.h2.api.Trigger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A host's own trigger says no: the write is refused at once, and nothing is applied. */
class RaisedByTriggerTest {

    private static final Owner ALICE = new Owner("alice");
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00.123456Z");

    /** What H2 calls. */
    public static final class Refusing implements Trigger {
        @Override
        public void fire(Connection connection, Object[] before, Object[] after) {
            throw new IllegalStateException("not today");
        }
    }

    static Stream<Arguments> triggers() {
        String raise = "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN RAISE EXCEPTION 'not today'; END $$";
        Servers.postgres().createDatabase("raising");
        Servers.postgres().createDatabase("raising_later");
        Servers.mariaDb().createDatabase("raising");
        return Stream.of(
                        Arguments.of("H2", H2.memoryUrl() + ";DB_CLOSE_DELAY=-1", new String[] {
                            "CREATE TRIGGER refuse BEFORE UPDATE ON access_tokens FOR EACH ROW CALL '"
                                    + Refusing.class.getName() + "'"
                        }),
                        Arguments.of("PostgreSQL", Servers.postgres().url("raising"), new String[] {
                            raise,
                            "CREATE TRIGGER refuse BEFORE UPDATE ON access_tokens FOR EACH ROW EXECUTE FUNCTION refuse()"
                        }),
                        Arguments.of(
                                "PostgreSQL at the commit", Servers.postgres().url("raising_later"), new String[] {
                                    raise,
                                    "CREATE CONSTRAINT TRIGGER refuse AFTER UPDATE ON access_tokens DEFERRABLE"
                                            + " INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()"
                                }),
                        Arguments.of("MariaDB", Servers.mariaDb().url("raising"), new String[] {
                            "CREATE OR REPLACE TRIGGER refuse BEFORE UPDATE ON access_tokens FOR EACH ROW"
                                    + " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not today'"
                        }))
                .flatMap(each -> Stream.of(true, false)
                        .map(autocommit -> Arguments.of(each.get()[0], autocommit, each.get()[1], each.get()[2])));
    }

    @ParameterizedTest(name = "{0}, autocommit {1}")
    @MethodSource("triggers")
    void what_a_trigger_refuses_is_asked_once_and_was_surely_not_applied(
            String name, boolean autocommit, String url, String[] triggers) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setAutoCommit(autocommit);
        try (CountedPool pool = new CountedPool(config)) {
            Unpooled.execute(pool, "DROP TABLE IF EXISTS access_tokens");
            JdbcTokenStore.createSchema(pool);
            JdbcTokenStore store = JdbcTokenStore.create(pool);
            Token token = Token.builder(new TokenId("t1"), ALICE, "laptop", NOW).build();
            store.add(token);
            Unpooled.execute(pool, triggers);
            int before = pool.asked();
            assertRefused(() -> store.revoke(ALICE, token.id(), revocation()));
            assertRefused(() -> store.revokeAll(ALICE, revocation()));
            assertThat(pool.asked() - before).as("attempts").isEqualTo(2);
            assertThat(store.find(token.id())).contains(token);
        }
    }

    private static void assertRefused(ThrowingCallable write) {
        assertThatExceptionOfType(TokenStoreException.class)
                .isThrownBy(write)
                .returns(Applied.NO, TokenStoreException::applied);
    }

    private static Revocation revocation() {
        return new Revocation(UUID.randomUUID(), NOW, Actor.user("alice"), null);
    }
}
