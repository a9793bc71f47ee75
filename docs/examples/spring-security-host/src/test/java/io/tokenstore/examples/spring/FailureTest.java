package io.tokenstore.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.tokenstore.examples.spring.RunningHost.Person;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On PostgreSQL, by two properties, and while it hangs or is away. */
class FailureTest {

    private EmbeddedPostgres database;
    private RunningHost host;

    @BeforeEach
    void start() throws Exception {
        database = EmbeddedPostgres.start();
        host = RunningHost.start(
                "--spring.datasource.url=jdbc:postgresql://127.0.0.1:" + database.getPort() + "/postgres",
                "--spring.datasource.username=postgres",
                "--spring.datasource.hikari.connection-timeout=1000",
                "--tokens.max-staleness=10ms");
    }

    @AfterEach
    void stop() throws Exception {
        host.close();
        database.close();
    }

    @Test
    void a_database_that_is_away_is_an_internal_error_and_never_a_stranger() throws Exception {
        Person alice = host.login("alice");
        String token = alice.create("laptop", "repo:read", "repo:write");
        assertThat(host.api("POST", "/api/repos?name=r", token).body()).contains("\"createdBy\":\"alice\"");
        try (Connection connection = database.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE access_tokens IN ACCESS EXCLUSIVE MODE");
            assertThat(host.bean(TokenStoreHealth.class).health().getDetails().get("error"))
                    .asString()
                    .as("The health's own deadline is over before any other")
                    .startsWith("java.util.concurrent.TimeoutException");
            assertIsInternalError(host.api("GET", "/api/me", token));
            connection.rollback();
        }
        assertThat(host.api("GET", "/api/me", token).statusCode()).isEqualTo(200);
        assertThat(host.api("GET", "/actuator/health", null).statusCode()).isEqualTo(200);

        host.bean(TokenJobs.class).flushUses(); // Else the host would try to when it stops.
        database.close();
        assertIsInternalError(host.api("GET", "/api/me", token));
        assertIsInternalError(host.api("POST", "/api/repos?name=r", token));
        assertThat(host.api("GET", "/api/me", "nonsense").statusCode()).isEqualTo(401);
        assertThat(host.api("GET", "/actuator/health", null).statusCode()).isEqualTo(503);
        HttpResponse<String> page = alice.open("/settings/tokens");
        assertThat(page.statusCode()).isEqualTo(500);
        assertThat(page.body()).contains("<html lang=\"en\">", "500").doesNotContain("Exception");
    }

    private static void assertIsInternalError(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
        assertThat(answer.body()).contains("\"status\":500").doesNotContain("Exception");
    }
}
