package io.tokenstore.examples.micronaut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micronaut.transaction.SynchronousTransactionManager;
import io.micronaut.transaction.TransactionDefinition;
import io.micronaut.transaction.support.TransactionSynchronization;
import io.tokenstore.examples.host.HostContract;
import io.tokenstore.examples.host.RunningHost;
import io.tokenstore.service.Caller;
import io.tokenstore.service.IssuedToken;
import io.tokenstore.service.TokenServices;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MicronautHostTest extends HostContract {

    @Override
    protected RunningHost start(int databasePort) {
        return MicronautServer.start(databasePort, Map.of());
    }

    @Override
    protected RunningHost startPatiently(int databasePort, int connections) {
        return MicronautServer.start(
                databasePort,
                Map.of(
                        "tokens.deadline",
                        "1h",
                        "datasources.default.maximum-pool-size",
                        connections,
                        "datasources.default.connection-timeout",
                        600_000));
    }

    @Test
    void callbacks_and_methods_that_are_outside_of_the_transaction_commit_by_themselves() throws Exception {
        SynchronousTransactionManager<Connection> transactions = transactions();
        IssuedToken second = issue("alice", List.of("*"));
        assertThatThrownBy(() -> transactions.executeWrite(status -> {
                    status.registerSynchronization(new TransactionSynchronization() {
                        @Override
                        public void afterCompletion(Status end) {
                            revokeByTheHost(alices());
                        }
                    });
                    TransactionDefinition none =
                            TransactionDefinition.of(TransactionDefinition.Propagation.NOT_SUPPORTED);
                    transactions.execute(none, inner -> revokeByTheHost(second));
                    throw new IllegalStateException("rolled back");
                }))
                .hasMessage("rolled back");
        assertThat(isLive(second)).isFalse();
        assertThat(isLive(alices())).isFalse();
    }

    @Test
    void a_method_that_joins_the_transaction_is_rolled_back_with_it() throws Exception {
        SynchronousTransactionManager<Connection> transactions = transactions();
        assertThatThrownBy(() -> transactions.executeWrite(status -> {
                    transactions.executeWrite(inner -> revokeByTheHost(alices()));
                    throw new IllegalStateException("rolled back");
                }))
                .hasMessage("rolled back");
        assertThat(isLive(alices())).isTrue();
    }

    @Test
    void a_host_without_an_operators_key_or_a_pool_with_autocommit_does_not_start() {
        assertThatThrownBy(() -> MicronautServer.start(databasePort(), Map.of("tokens.operator-key", "")))
                .hasStackTraceContaining("tokens.operator-key is blank");
        assertThatThrownBy(
                        () -> MicronautServer.start(databasePort(), Map.of("datasources.default.auto-commit", false)))
                .hasStackTraceContaining("autocommit off");
    }

    @SuppressWarnings("unchecked")
    private SynchronousTransactionManager<Connection> transactions() {
        return ((MicronautServer) host()).bean(SynchronousTransactionManager.class);
    }

    private boolean revokeByTheHost(IssuedToken token) {
        TokenServices hosts = ((MicronautServer) host()).bean(TokenServices.class);
        hosts.revocation()
                .revoke(Caller.admin("operator"), "alice", token.id().value())
                .orElseThrow();
        return true;
    }
}
