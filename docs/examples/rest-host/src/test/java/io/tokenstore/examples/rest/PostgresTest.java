package io.tokenstore.examples.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.examples.rest.RunningHost.Answer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On PostgreSQL, by two standard properties of Spring's. */
class PostgresTest {

    private static final String INTERNAL_ERROR =
            "{\"message\":\"Internal Error\",\"code\":\"INTERNAL_SERVER_ERROR\",\"issues\":[]}";

    private static final String REFUSE =
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''refused''; END'";

    private EmbeddedPostgres database;
    private RunningHost host;

    @BeforeEach
    void start() throws Exception {
        database = EmbeddedPostgres.start();
        host = RunningHost.start(
                "--spring.datasource.url=jdbc:postgresql://127.0.0.1:" + database.getPort() + "/postgres",
                "--spring.datasource.username=postgres",
                "--spring.datasource.hikari.connection-timeout=1000");
    }

    @AfterEach
    void stop() throws IOException {
        host.close();
        database.close();
    }

    @Test
    void each_of_the_six_answers_is_given_the_500_while_the_database_is_stopped() throws Exception {
        String admin = host.adminsSecret();
        Answer alices = host.issue("alice");
        String bob = host.issue("bob").field("secret");
        String id = alices.field("id");
        assertThat(host.delete(null, "alice", id).status()).isEqualTo(401);
        assertThat(host.delete(bob, "1alice", id).status()).isEqualTo(400);
        assertThat(host.delete(bob, "alice", id).status()).isEqualTo(403);
        assertThat(host.delete(bob, "bob", id).status()).isEqualTo(404);
        assertThat(host.delete(alices.field("secret"), "alice", id).status()).isEqualTo(200);

        database.close();
        assertIsInternalError(host.delete(admin, "alice", "x"));
        assertThat(host.delete("nonsense", "alice", "x").status()).isEqualTo(401);
        assertThat(host.send("GET", "/actuator/health", null, null).statusCode())
                .isEqualTo(503);
    }

    @Test
    void a_commit_that_fails_is_an_internal_error_and_revokes_nothing() throws Exception {
        String id = host.issue("alice").field("id");
        execute(REFUSE);
        execute("CREATE CONSTRAINT TRIGGER refused AFTER UPDATE ON access_tokens"
                + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()");
        assertIsInternalError(host.delete(host.adminsSecret(), "alice", id));
        execute("DROP TRIGGER refused ON access_tokens");
        assertThat(host.delete(host.adminsSecret(), "alice", id).status()).isEqualTo(200);
    }

    @Test
    void a_revocation_that_cannot_be_written_is_an_internal_error_and_revokes_nothing() throws Exception {
        String id = host.issue("alice").field("id");
        execute(REFUSE);
        execute("CREATE TRIGGER refused BEFORE UPDATE ON access_tokens FOR EACH ROW EXECUTE FUNCTION refuse()");
        assertIsInternalError(host.delete(host.adminsSecret(), "alice", id));
        execute("DROP TRIGGER refused ON access_tokens");
        assertThat(host.delete(host.adminsSecret(), "alice", id).status()).isEqualTo(200);
    }

    @Test
    void a_caller_who_cannot_be_looked_up_is_an_internal_error_not_a_stranger() throws Exception {
        String admin = host.adminsSecret();
        execute("ALTER TABLE access_tokens RENAME TO hidden");
        assertIsInternalError(host.ask("GET", "/v1/users/alice/tokens", admin, null));
    }

    private static void assertIsInternalError(Answer answer) {
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.contentType()).isEqualTo("application/json");
        assertThat(answer.body()).isEqualTo(INTERNAL_ERROR);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
