package io.tokenstore.jdbc.database;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** What all servers share: a folder, a port, a process, and their life and death. */
abstract class LocalServer implements DatabaseServer {

    private static final File NOTHING = new File("/dev/null");
    private static final int LOG_TAIL = 4_000;

    private final Path folder;
    private final int port = LoopbackPort.free();
    private final Reaper reaper;
    private Process process;

    LocalServer(String name) {
        try {
            folder = Files.createTempDirectory("tokenstore-" + name + "-");
            reaper = new Reaper(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the data that the server is started with. */
    abstract void prepare() throws IOException, SQLException;

    abstract List<String> command();

    Map<String, String> environment() {
        return Map.of();
    }

    /** A database that exists from the start and whose user may do everything. */
    abstract String adminDatabase();

    /** The URL of that database with a time limit on answers: whoever listens on the port may not be the server. */
    abstract String probeUrl();

    boolean isReady(Connection connection) throws SQLException {
        return connection.isValid(0);
    }

    void initialize() {
        try {
            OrdinaryUser.own(folder);
            prepare();
            OrdinaryUser.own(folder);
            launch();
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            close();
            throw new IllegalStateException(e);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Runs a program that prepares data, to its end. */
    void run(List<String> command, File input) throws IOException {
        Process program = spawn(command, input);
        int status = Processes.await(program);
        if (status != 0) {
            throw new IllegalStateException(command.get(0) + " ended with " + status + logTail());
        }
    }

    void run(List<String> command) throws IOException {
        run(command, NOTHING);
    }

    Path folder() {
        return folder;
    }

    Path data() {
        return folder.resolve("data");
    }

    void execute(String... statements) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url(adminDatabase()));
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void kill() {
        if (!process.isAlive()) {
            throw new IllegalStateException("the server is dead already");
        }
        Processes.kill(process.toHandle());
        Processes.await(process);
        reaper.watchNothing();
    }

    @Override
    public void restart() {
        if (process.isAlive()) {
            throw new IllegalStateException("the server still runs: kill it first");
        }
        try {
            launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void pause() {
        Processes.pause(process.toHandle());
    }

    @Override
    public void resume() {
        Processes.resume(process.toHandle());
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            resume();
        } else {
            reaper.watchNothing();
        }
        reaper.reap();
    }

    private void launch() throws IOException {
        process = spawn(command(), NOTHING);
        reaper.watch(process);
        Await.until(() -> "connections" + logTail(), this::accepts);
    }

    private Process spawn(List<String> command, File input) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(OrdinaryUser.command(command))
                .directory(folder.toFile())
                .redirectInput(input)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(logFile().toFile()));
        builder.environment().putAll(environment());
        return builder.start();
    }

    private boolean accepts() {
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    command().get(0) + " ended with " + process.exitValue() + " at its start" + logTail());
        }
        try (Connection connection = DriverManager.getConnection(probeUrl())) {
            return isReady(connection);
        } catch (SQLException notYet) {
            return false;
        }
    }

    /** What the server has written, all its starts included. */
    public String log() {
        try {
            return Files.readString(logFile(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path logFile() {
        return folder.resolve("server.log");
    }

    private String logTail() {
        try {
            String log = log();
            return ", its log ends:\n" + log.substring(Math.max(0, log.length() - LOG_TAIL));
        } catch (UncheckedIOException e) {
            return ", its log cannot be read: " + e;
        }
    }
}
