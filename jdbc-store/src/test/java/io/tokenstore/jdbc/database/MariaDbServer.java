package io.tokenstore.jdbc.database;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** MariaDB with the collation it has by default, which folds case and accents, and with every commit on the disk. */
public class MariaDbServer extends LocalServer {

    private final MariaDbBinaries binaries;

    MariaDbServer(String name, MariaDbBinaries binaries) {
        super(name);
        this.binaries = binaries;
    }

    public static MariaDbServer start() {
        MariaDbServer server = new MariaDbServer("mariadb", MariaDbBinaries.unpacked());
        server.initialize();
        return server;
    }

    @Override
    public String url(int port, String database) {
        return "jdbc:mariadb://127.0.0.1:%s/%s?user=root".formatted(port, database);
    }

    @Override
    public void createDatabase(String name) {
        execute("CREATE DATABASE " + name);
    }

    @Override
    void prepare() throws IOException, SQLException {
        Files.createDirectory(data());
        OrdinaryUser.own(data());
        Path script = folder().resolve("bootstrap.sql");
        writeBootstrap(script);
        run(with("--bootstrap"), script.toFile());
    }

    @Override
    List<String> command() {
        return with(
                "--port=" + port(),
                "--bind-address=127.0.0.1",
                "--socket=" + folder().resolve("socket"),
                "--pid-file=" + folder().resolve("pid"),
                "--skip-ssl",
                "--skip-name-resolve",
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
                binaries.server().toString(),
                "--no-defaults",
                "--datadir=" + data(),
                "--tmpdir=" + folder(),
                "--lc-messages-dir=" + binaries.share(),
                "--character-sets-dir=" + binaries.share().resolve("charsets")));
        command.addAll(List.of(options));
        return command;
    }

    private void writeBootstrap(Path script) throws IOException {
        try (OutputStream out = Files.newOutputStream(script)) {
            out.write("CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket = NULL;\n"
                    .getBytes(StandardCharsets.US_ASCII));
            for (Path part : binaries.bootstrapScripts()) {
                Files.copy(part, out);
            }
        }
    }
}
