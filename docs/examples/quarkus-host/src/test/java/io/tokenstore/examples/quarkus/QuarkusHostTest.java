package io.tokenstore.examples.quarkus;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tokenstore.examples.host.HostContract;
import io.tokenstore.examples.host.RunningHost;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class QuarkusHostTest extends HostContract {

    @Override
    protected RunningHost start(int databasePort) throws IOException {
        return QuarkusProcess.start(databasePort);
    }

    @Override
    protected RunningHost startPatiently(int databasePort, int connections) throws IOException {
        return QuarkusProcess.start(
                databasePort,
                "-Dtokens.deadline=PT1H",
                "-Dquarkus.datasource.jdbc.max-size=" + connections,
                "-Dquarkus.datasource.jdbc.acquisition-timeout=PT10M");
    }

    @Test
    void a_host_without_an_operators_key_does_not_start() {
        assertThatThrownBy(() -> QuarkusProcess.start(databasePort(), "-Dtokens.operator-key="))
                .hasMessageContaining("tokens.operator-key");
    }
}
