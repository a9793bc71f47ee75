package io.tokenstore.jdbc.database;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** MySQL with every commit on the disk; it needs the system's libaio and libnuma. */
public final class MySqlServer extends LocalServer {

    private final Path binaries = MySqlBinaries.folder();

    private MySqlServer() {
        super("mysql");
    }

    public static MySqlServer start() {
        MySqlServer server = new MySqlServer();
        server.initialize();
        return server;
    }

    @Override
    public String url(int port, String database) {
        return "jdbc:mysql://127.0.0.1:%d/%s?user=root&sslMode=DISABLED&allowPublicKeyRetrieval=true"
                .formatted(port, database);
    }

    @Override
    public void createDatabase(String name) {
        execute("CREATE DATABASE " + name);
    }

    @Override
    void prepare() throws IOException {
        run(with("--initialize-insecure"));
    }

    @Override
    List<String> command() {
        return with(
                "--port=" + port(),
                "--bind-address=127.0.0.1",
                "--socket=" + folder().resolve("socket"),
                "--pid-file=" + folder().resolve("pid"),
                "--mysqlx=OFF",
                "--skip-log-bin",
                "--character-set-server=utf8mb4",
                "--innodb-flush-log-at-trx-commit=1");
    }

    @Override
    String adminDatabase() {
        return "mysql";
    }

    @Override
    String probeUrl() {
        return url(adminDatabase()) + "&connectTimeout=2000&socketTimeout=2000";
    }

    private List<String> with(String... options) {
        List<String> command = new ArrayList<>(List.of(
                binaries.resolve("bin/mysqld").toString(),
                "--no-defaults",
                "--basedir=" + binaries,
                "--datadir=" + data(),
                "--tmpdir=" + folder()));
        command.addAll(List.of(options));
        return command;
    }
}
