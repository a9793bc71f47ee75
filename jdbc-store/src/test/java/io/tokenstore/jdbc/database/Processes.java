package io.tokenstore.jdbc.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Signals a process together with its children, because PostgreSQL's are groups of their own that no group signal reaches. */
public final class Processes {

    private Processes() {}

    /** The parent is frozen first, so that it can't have another child once they were counted. */
    static void kill(ProcessHandle parent) {
        freeze(parent);
        List<ProcessHandle> all = withDescendants(parent);
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(Processes::awaitEnd);
    }

    public static void pause(ProcessHandle parent) {
        freeze(parent);
        parent.descendants().forEach(Processes::freeze);
    }

    /** A signal is sent before it takes effect, and a test that goes on at once would still be answered. */
    private static void freeze(ProcessHandle process) {
        signal("STOP", process.pid());
        Await.until(
                () -> "the pause of process " + process.pid(),
                () -> !runs(process) || state(process).startsWith("T"));
    }

    /** Empty once the process is gone. */
    private static String state(ProcessHandle process) {
        Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
        return Files.exists(stat) ? stateIn(stat) : stateByPs(process);
    }

    /** The state follows the program's name, which is in parentheses and may itself have some. */
    private static String stateIn(Path stat) {
        try {
            String line = Files.readString(stat, StandardCharsets.ISO_8859_1);
            return line.substring(line.lastIndexOf(')') + 1).strip();
        } catch (IOException goneMeanwhile) {
            return "";
        }
    }

    private static String stateByPs(ProcessHandle process) {
        try {
            Process ps = new ProcessBuilder("ps", "-o", "state=", "-p", Long.toString(process.pid())).start();
            String state = new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            await(ps);
            return state.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void resume(ProcessHandle parent) {
        withDescendants(parent).forEach(process -> signal("CONT", process.pid()));
    }

    static int await(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + process, e);
        }
    }

    private static List<ProcessHandle> withDescendants(ProcessHandle parent) {
        return Stream.concat(Stream.of(parent), parent.descendants()).toList();
    }

    private static void signal(String name, long pid) {
        try {
            await(new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the process still holds memory and ports: a dead one that nobody collects is listed for ever, but without its command. */
    static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    /** Its command goes before its memory does, and PostgreSQL does not start while a dead server's memory is attached. */
    private static void awaitEnd(ProcessHandle process) {
        Await.until(
                () -> "the end of process " + process.pid(),
                () -> !process.isAlive()
                        || state(process).isEmpty()
                        || state(process).startsWith("Z"));
    }
}
