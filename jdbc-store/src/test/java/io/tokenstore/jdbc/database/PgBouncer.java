package io.tokenstore.jdbc.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Debian's PgBouncer in front of a PostgreSQL server, with two connections to it for all clients of a database. */
public final class PgBouncer extends LocalServer {

    private final PostgresServer server;
    private final String poolMode;

    private PgBouncer(PostgresServer server, String poolMode) {
        super("pgbouncer");
        this.server = server;
        this.poolMode = poolMode;
    }

    /** Starts one in the pool mode {@code session}, {@code transaction} or {@code statement}. */
    public static PgBouncer start(PostgresServer server, String poolMode) {
        PgBouncer pooler = new PgBouncer(server, poolMode);
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
                default_pool_size = 2
                max_client_conn = 200
                server_login_retry = 1
                """.formatted(server.port(), port(), poolMode));
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
