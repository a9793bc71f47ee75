package io.tokenstore.jdbc.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A shell that ends a server and removes its folder once this JVM closes it or is gone, however it went; and the shared memory
 * that a killed PostgreSQL leaves behind, which line 7 of its lock file names. A server that died by itself may have left its number to a process that is none of ours.
 */
final class Reaper {

    private static final String SCRIPT = """
            trap '' HUP INT TERM
            while read -r line; do pid=$line; done
            if [ -n "$pid" ] && { cat "/proc/$pid/cmdline" || ps -o args= -p "$pid"; } | grep -qaF "$0/data"; then
                # PostgreSQL ends at once by QUIT alone, PgBouncer 1.18 by TERM alone.
                kill -QUIT "$pid" && kill -TERM "$pid" && kill -CONT "$pid"
                tries=0
                while kill -0 "$pid" && [ $tries -lt 200 ]; do sleep 0.05; tries=$((tries + 1)); done
                kill -KILL "$pid"
            fi
            set -- $(sed -n 7p "$0/data/postmaster.pid")
            [ -z "$2" ] || ipcrm -m "$2"
            rm -rf "$0"
            """;

    private final Process shell;

    Reaper(Path folder) throws IOException {
        shell = new ProcessBuilder("sh", "-c", SCRIPT, folder.toString())
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
    }

    void watch(Process server) {
        tell(Long.toString(server.pid()));
    }

    void watchNothing() {
        tell("");
    }

    void reap() {
        try {
            shell.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Processes.await(shell);
    }

    private void tell(String pid) {
        try {
            shell.getOutputStream().write((pid + "\n").getBytes(StandardCharsets.US_ASCII));
            shell.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
