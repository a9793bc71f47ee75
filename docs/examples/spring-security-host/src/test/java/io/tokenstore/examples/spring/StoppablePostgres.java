package io.tokenstore.examples.spring;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** PostgreSQL that stops at once, and comes back on the same port with the same data. */
final class StoppablePostgres implements AutoCloseable {

    private final Path data;
    private EmbeddedPostgres server;
    private boolean paused;

    StoppablePostgres(Path folder) throws IOException {
        data = folder.resolve("data");
        server = start(0);
    }

    /** A commit that was answered is on the disk. */
    private EmbeddedPostgres start(int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setPGStartupWait(Duration.ofMinutes(1))
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .start();
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres";
    }

    /** Its clients' connections stay open, and nobody answers. */
    void pause() throws IOException, InterruptedException {
        paused = true;
        ProcessHandle postmaster = postmaster();
        signal("STOP", List.of(postmaster)); // It has no other child from now on.
        List<ProcessHandle> all = withChildren(postmaster);
        signal("STOP", all);
        for (ProcessHandle process : all) {
            await(process, "T");
        }
    }

    void goOn() throws IOException {
        signal("CONT", withChildren(postmaster()));
        paused = false;
    }

    void kill() throws IOException, InterruptedException {
        pause();
        List<ProcessHandle> all = withChildren(postmaster());
        signal("KILL", all);
        paused = false;
        for (ProcessHandle process : all) {
            await(process, "Z");
        }
    }

    void startAgain() throws IOException {
        int port = server.getPort();
        Files.delete(data.resolve("postmaster.pid")); // Of a process that is gone, and may be taken for alive.
        server.close(); // There is nothing to stop, only a lock to give back.
        server = start(port);
    }

    private ProcessHandle postmaster() throws IOException {
        String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0);
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }

    private static List<ProcessHandle> withChildren(ProcessHandle parent) {
        return Stream.concat(Stream.of(parent), parent.descendants()).toList();
    }

    private static void signal(String name, List<ProcessHandle> processes) throws IOException {
        String pids =
                processes.stream().map(process -> Long.toString(process.pid())).collect(Collectors.joining(" "));
        // A child may have ended meanwhile.
        new ProcessBuilder("sh", "-c", "kill -" + name + " " + pids)
                .start()
                .onExit()
                .join();
    }

    /** A signal is sent before it takes effect; without a folder /proc there is nothing to look at. */
    private static void await(ProcessHandle process, String state) throws InterruptedException {
        Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
        while (Files.exists(stat)) {
            String line;
            try {
                line = Files.readString(stat, StandardCharsets.ISO_8859_1);
            } catch (IOException e) {
                return; // The process is gone.
            }
            // The state follows the program's name, which is in parentheses.
            String now = line.substring(line.lastIndexOf(')') + 1).strip();
            if (now.startsWith(state) || now.startsWith("Z")) {
                return;
            }
            Thread.sleep(5);
        }
    }

    @Override
    public void close() throws IOException {
        if (paused) {
            goOn();
        }
        server.close();
    }
}
