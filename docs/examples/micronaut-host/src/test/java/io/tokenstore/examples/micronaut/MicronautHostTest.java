package io.tokenstore.examples.micronaut;

import static io.tokenstore.examples.micronaut.RunningHost.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.transaction.SynchronousTransactionManager;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.support.TransactionSynchronization;
import io.tokenstore.Owner;
import io.tokenstore.examples.micronaut.RunningHost.Answer;
import io.tokenstore.jdbc.JdbcTokenStore;
import io.tokenstore.service.Caller;
import io.tokenstore.service.IssuedToken;
import io.tokenstore.service.TokenRequest;
import io.tokenstore.service.TokenServices;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each test has a fresh host, on a fresh PostgreSQL where alice has an account and a token. */
class MicronautHostTest {

    private static final int CLIENTS = 20;

    private EmbeddedPostgres postgres;
    private DataSource database;
    private TokenServices tokens;
    private IssuedToken alices;
    private RunningHost host;

    @BeforeEach
    void start() throws IOException, SQLException {
        postgres = EmbeddedPostgres.start();
        database = postgres.getPostgresDatabase();
        JdbcTokenStore.createSchema(database);
        tokens = TokenServices.builder(JdbcTokenStore.create(database))
                .scopes("repo:read")
                .build();
        execute("CREATE TABLE accounts (name VARCHAR(255) PRIMARY KEY)");
        execute("CREATE TABLE orders (account VARCHAR(255) REFERENCES accounts)");
        execute("INSERT INTO accounts VALUES ('alice')");
        alices = issue("alice", List.of("*"));
        host = RunningHost.start(postgres.getPort(), Map.of());
    }

    @AfterEach
    void stop() throws IOException {
        host.close();
        postgres.close();
    }

    @Test
    void a_transaction_that_commits_revokes_also_as_the_first_use_of_the_store() throws Exception {
        assertThat(host.delete("/v1/users/alice", OPERATOR)).isEqualTo(new Answer(200, "{}", ""));
        assertThat(isLive(alices)).isFalse();
        assertThat(count("SELECT count(*) FROM accounts")).isZero();
    }

    @Test
    void a_transaction_that_rolls_back_leaves_the_token_alive() throws Exception {
        execute("INSERT INTO orders VALUES ('alice')");
        assertThat(host.delete("/v1/users/alice", OPERATOR).status()).isEqualTo(500);
        assertThat(isLive(alices)).isTrue();
        assertThat(list(alices).status()).isEqualTo(200);
    }

    @Test
    void a_commit_that_fails_is_an_internal_error_and_leaves_the_token_alive() throws Exception {
        execute("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''refused''; END'");
        execute("CREATE CONSTRAINT TRIGGER refused AFTER UPDATE ON access_tokens"
                + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()");
        assertThat(delete(alices, alices.id().value()).status()).isEqualTo(500);
        assertThat(isLive(alices)).isTrue();
        execute("DROP TRIGGER refused ON access_tokens");
        assertThat(delete(alices, alices.id().value()).status()).isEqualTo(200);
        assertThat(isLive(alices)).isFalse();
    }

    @Test
    void outside_of_a_transaction_the_store_commits() throws Exception {
        assertThat(host.delete("/v1/tokens/current", bearer(alices)).status()).isEqualTo(200);
        assertThat(isLive(alices)).isFalse();
    }

    @Test
    void callbacks_and_methods_that_are_outside_of_the_transaction_commit_by_themselves() throws Exception {
        SynchronousTransactionManager<Connection> transactions = transactions();
        IssuedToken second = issue("alice", List.of("*"));
        assertThatThrownBy(() -> transactions.executeWrite(status -> {
                    status.registerSynchronization(new TransactionSynchronization() {
                        @Override
                        public void afterCompletion(Status end) {
                            revokeByTheHost(alices);
                        }
                    });
                    TransactionDefinition none =
                            TransactionDefinition.of(TransactionDefinition.Propagation.NOT_SUPPORTED);
                    transactions.execute(none, inner -> revokeByTheHost(second));
                    throw new IllegalStateException("rolled back");
                }))
                .hasMessage("rolled back");
        assertThat(isLive(second)).isFalse();
        assertThat(isLive(alices)).isFalse();
    }

    @Test
    void a_method_that_joins_the_transaction_is_rolled_back_with_it() throws Exception {
        SynchronousTransactionManager<Connection> transactions = transactions();
        assertThatThrownBy(() -> transactions.executeWrite(status -> {
                    transactions.executeWrite(inner -> revokeByTheHost(alices));
                    throw new IllegalStateException("rolled back");
                }))
                .hasMessage("rolled back");
        assertThat(isLive(alices)).isTrue();
    }

    @Test
    void the_event_loop_answers_while_authentications_wait_for_the_database() throws Exception {
        host.close();
        // However slow the machine is, none of them gives up.
        host = RunningHost.start(
                postgres.getPort(),
                Map.of(
                        "tokens.deadline",
                        "1h",
                        "datasources.default.maximum-pool-size",
                        CLIENTS,
                        "datasources.default.connection-timeout",
                        600_000));
        List<CompletableFuture<Answer>> waiting;
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE access_tokens IN ACCESS EXCLUSIVE MODE");
            waiting = Stream.generate(() -> host.begin("/v1/users/alice/tokens", bearer(alices)))
                    .limit(CLIENTS)
                    .toList();
            while (count("SELECT count(*) FROM pg_locks WHERE NOT granted") < CLIENTS) {
                assertThat(waiting).noneMatch(CompletableFuture::isDone);
                Thread.sleep(20);
            }
            for (int i = 0; i < CLIENTS; i++) { // Each on a connection of its own, so that each event loop gets one.
                assertThat(host.get("/ping", null)).isEqualTo(new Answer(200, "pong", ""));
            }
            assertThat(waiting).noneMatch(CompletableFuture::isDone);
        }
        assertThat(waiting)
                .allSatisfy(answer -> assertThat(answer.join().status()).isEqualTo(200));
    }

    @Test
    void a_host_without_an_operators_key_or_a_pool_with_autocommit_does_not_start() {
        assertThatThrownBy(() -> RunningHost.start(postgres.getPort(), Map.of("tokens.operator-key", "")))
                .hasStackTraceContaining("tokens.operator-key is blank");
        assertThatThrownBy(
                        () -> RunningHost.start(postgres.getPort(), Map.of("datasources.default.auto-commit", false)))
                .hasStackTraceContaining("autocommit off");
    }

    @Test
    void lists_that_are_empty_are_written() throws Exception {
        IssuedToken scopeless = issue("bob", List.of());
        assertThat(list(alices, "bob").body())
                .isEqualTo("{\"message\":\"Unauthorized\",\"code\":\"FORBIDDEN\",\"issues\":[]}");
        assertThat(host.get("/v1/users/bob/tokens", OPERATOR).body())
                .contains("\"id\":\"" + scopeless.id().value() + "\"", "\"scopes\":[]");
        assertThat(host.get("/v1/users/nobody/tokens", OPERATOR).body()).contains("\"tokens\":[]");
    }

    @Test
    void each_of_the_six_answers_is_given_the_500_while_the_database_is_stopped() throws Exception {
        String id = alices.id().value();
        IssuedToken bob = issue("bob", List.of("*"));
        Answer anonymous = host.delete("/v1/users/alice/tokens/" + id, null);
        assertThat(anonymous.status()).isEqualTo(401);
        assertThat(anonymous.body())
                .isEqualTo("{\"message\":\"Invalid Credentials\",\"code\":\"UNAUTHORIZED\",\"issues\":[]}");
        assertThat(anonymous.challenge()).startsWith("Bearer");
        Answer malformed = host.delete("/v1/users/1alice/tokens/" + id, bearer(bob));
        assertThat(malformed.status()).isEqualTo(400);
        assertThat(malformed.body()).contains("\"code\":\"BAD_REQUEST\"", "\"issues\":[{\"message\":");
        assertThat(delete(bob, id).status()).isEqualTo(403);
        assertThat(delete(bob, id).challenge()).contains("insufficient_scope");
        assertThat(delete(alices, "unknown"))
                .isEqualTo(new Answer(404, "{\"message\":\"Not Found\",\"code\":\"NOT_FOUND\",\"issues\":[]}", ""));
        assertThat(delete(alices, id)).isEqualTo(new Answer(200, "{}", ""));
        assertThat(delete(alices, id).status()).isEqualTo(401);

        postgres.close();
        Answer failed = delete(bob, id);
        assertThat(failed)
                .isEqualTo(new Answer(
                        500, "{\"message\":\"Internal Error\",\"code\":\"INTERNAL_SERVER_ERROR\",\"issues\":[]}", ""));
        assertThat(host.delete("/v1/users/alice/tokens/" + id, OPERATOR).status())
                .isEqualTo(500);
    }

    @SuppressWarnings("unchecked")
    private SynchronousTransactionManager<Connection> transactions() {
        return host.bean(SynchronousTransactionManager.class);
    }

    private boolean revokeByTheHost(IssuedToken token) {
        TokenServices hosts = host.bean(TokenServices.class);
        hosts.revocation()
                .revoke(Caller.admin("operator"), "alice", token.id().value())
                .orElseThrow();
        return true;
    }

    private IssuedToken issue(String owner, List<String> scopes) {
        TokenRequest request =
                TokenRequest.named("test").withTtl(Duration.ofDays(1)).withScopes(scopes);
        return tokens.issuance()
                .issue(Caller.user(new Owner(owner)), owner, request)
                .orElseThrow();
    }

    private boolean isLive(IssuedToken token) {
        return tokens.authenticator().isLive(token.id().value());
    }

    private Answer list(IssuedToken caller) throws Exception {
        return list(caller, "alice");
    }

    private Answer list(IssuedToken caller, String owner) throws Exception {
        return host.get("/v1/users/" + owner + "/tokens", bearer(caller));
    }

    private Answer delete(IssuedToken caller, String tokenId) throws Exception {
        return host.delete("/v1/users/alice/tokens/" + tokenId, bearer(caller));
    }

    private static String bearer(IssuedToken token) {
        return "Bearer " + token.secret();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private int count(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getInt(1);
        }
    }
}
