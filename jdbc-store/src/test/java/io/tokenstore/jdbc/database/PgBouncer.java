package io.tokenstore.jdbc.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Debian's PgBouncer in front of a PostgreSQL server, with a few connections to it for all clients of a database. */
public final class PgBouncer extends LocalServer {

    private final PostgresServer server;
    private final String poolMode;
    private final int connections;

    private PgBouncer(PostgresServer server, String poolMode, int connections) {
        super("pgbouncer");
        this.server = server;
        this.poolMode = poolMode;
        this.connections = connections;
    }

    /** Starts one with two connections, in the pool mode {@code session}, {@code transaction} or {@code statement}. */
    public static PgBouncer start(PostgresServer server, String poolMode) {
        return start(server, poolMode, 2);
    }

    public static PgBouncer start(PostgresServer server, String poolMode, int connections) {
        PgBouncer pooler = new PgBouncer(server, poolMode, connections);
        pooler.initialize();
        return pooler;
    }

    @Override
    public String url(int port, String database) {
        return server.url(port, database);
    }

    @Override
    public void createDatabase(String name) {
        server.createDatabase(name);
    }

    @Override
    void prepare() throws IOException {
        // In the folder by which the reaper knows a server's process.
        Files.createDirectory(data());
        Files.writeString(settings(), """
                [databases]
                * = host=127.0.0.1 port=%d user=postgres
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                pool_mode = %s
                default_pool_size = %d
                max_client_conn = 200
                server_login_retry = 1
                """.formatted(server.port(), port(), poolMode, connections));
    }

    @Override
    List<String> command() {
        return List.of("/usr/sbin/pgbouncer", settings().toString());
    }

    private Path settings() {
        return data().resolve("pgbouncer.ini");
    }

    @Override
    String adminDatabase() {
        return "postgres";
    }

    @Override
    String probeUrl() {
        return url(adminDatabase()) + "&socketTimeout=2";
    }
}
