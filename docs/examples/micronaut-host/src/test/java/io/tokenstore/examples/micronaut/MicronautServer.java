package io.tokenstore.examples.micronaut;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.tokenstore.examples.host.RunningHost;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** The host in the JVM of the tests. */
final class MicronautServer extends RunningHost {

    private final EmbeddedServer server;

    private MicronautServer(EmbeddedServer server) {
        super(URI.create("http://127.0.0.1:" + server.getPort()));
        this.server = server;
    }

    static MicronautServer start(int databasePort, Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>();
        all.put("micronaut.server.host", "127.0.0.1");
        all.put("micronaut.server.port", -1);
        all.put("datasources.default.url", "jdbc:postgresql://127.0.0.1:" + databasePort + "/postgres");
        all.put("tokens.operator-key", OPERATOR_KEY);
        all.putAll(properties);
        return new MicronautServer(ApplicationContext.run(EmbeddedServer.class, all));
    }

    <T> T bean(Class<T> type) {
        return server.getApplicationContext().getBean(type);
    }

    @Override
    public void close() {
        server.close();
    }
}
