package io.tokenstore.jdbc.database;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** PostgreSQL as it is run in earnest: every commit reaches the disk before it is acknowledged. */
public class PostgresServer extends LocalServer {

    private static final String USER = "postgres";

    private final Path binaries = PostgresBinaries.folder();

    PostgresServer() {
        super("postgres");
    }

    public static PostgresServer start() {
        PostgresServer server = new PostgresServer();
        server.initialize();
        return server;
    }

    /** Starts a standby that has every acknowledged commit of this server from now on. */
    public PostgresStandby startStandby() {
        PostgresStandby standby = new PostgresStandby(this);
        standby.initialize();
        standby.becomeSynchronous();
        return standby;
    }

    /** The URL of whichever of the two servers takes writes at the moment. */
    public String failoverUrl(String database, PostgresStandby standby) {
        return "jdbc:postgresql://127.0.0.1:%s,127.0.0.1:%s/%s?user=%s&targetServerType=primary"
                .formatted(port(), standby.port(), database, USER);
    }

    @Override
    public String url(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:%s/%s?user=%s".formatted(port, database, USER);
    }

    @Override
    public void createDatabase(String name) {
        execute("CREATE DATABASE " + name);
    }

    /** Creates a database that sorts as the language does, unlike the byte order of {@link #createDatabase}. */
    public void createDatabaseWithIcuLocale(String name, String locale) {
        execute("CREATE DATABASE %s TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE '%s'".formatted(name, locale));
    }

    public void createDatabaseWithEncoding(String name, String encoding) {
        execute("CREATE DATABASE %s TEMPLATE template0 ENCODING '%s' LOCALE_PROVIDER libc LOCALE 'C'"
                .formatted(name, encoding));
    }

    @Override
    void prepare() throws IOException, SQLException {
        run(List.of(
                program("initdb"),
                "--pgdata=" + data(),
                "--username=" + USER,
                "--auth=trust",
                "--encoding=UTF8",
                "--no-locale",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-sync"));
    }

    @Override
    List<String> command() {
        return List.of(
                program("postgres"),
                "-D",
                data().toString(),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "port=" + port(),
                "-c",
                "unix_socket_directories=",
                "-c",
                "dynamic_shared_memory_type=mmap",
                "-c",
                "fsync=on",
                "-c",
                "synchronous_commit=on",
                "-c",
                "wal_keep_size=1GB");
    }

    @Override
    String adminDatabase() {
        return "postgres";
    }

    @Override
    String probeUrl() {
        return url(adminDatabase()) + "&socketTimeout=2";
    }

    String replicationSource(String standbyName) {
        return "host=127.0.0.1 port=%s user=%s application_name=%s".formatted(port(), USER, standbyName);
    }

    private String program(String name) {
        return binaries.resolve("bin").resolve(name).toString();
    }
}
