package io.tokenstore.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {

    @Test
    void it_gets_each_of_the_six_answers_and_what_was_revoked_stays_revoked(@TempDir Path folder) throws IOException {
        List<String> lines = run(folder.resolve("tokens"));
        assertThat(lines)
                .filteredOn(line -> Character.isDigit(line.charAt(0)))
                .extracting(line -> line.replaceAll("   <- .*", ""))
                .containsExactly(
                        "200 OK (a token)",
                        "200 OK (a token)",
                        "200 OK (a token)",
                        "200 OK (a token)",
                        "200 OK (a page)",
                        "200 OK {}",
                        error(401, "UNAUTHORIZED", "Invalid Credentials", ""),
                        "200 OK {}",
                        error(403, "FORBIDDEN", "Unauthorized", ""),
                        error(404, "NOT_FOUND", "Not Found", ""),
                        error(
                                400,
                                "BAD_REQUEST",
                                "Bad Request",
                                "{\"message\":\"username must begin with a letter\"},"
                                        + "{\"message\":\"username must consist of letters, digits 0 to 9 and underscores\"}"),
                        "200 OK {}",
                        error(500, "INTERNAL_SERVER_ERROR", "Internal Error", ""),
                        error(401, "UNAUTHORIZED", "Invalid Credentials", ""),
                        "200 OK (a page)");
        assertThat(lines.get(lines.size() - 1)).isEqualTo("    {laptop=REVOKED, phone=ACTIVE}");
    }

    @Test
    void it_prints_no_secret(@TempDir Path folder) throws IOException {
        assertThat(run(folder.resolve("tokens"))).noneMatch(line -> line.contains("pat_"));
    }

    private static String error(int code, String status, String message, String issues) {
        return "%d %s {\"message\":\"%s\",\"code\":\"%s\",\"issues\":[%s]}"
                .formatted(code, status, message, status, issues);
    }

    private static List<String> run(Path file) throws IOException {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            Quickstart.main(new String[] {file.toString()});
        } finally {
            System.setOut(console);
        }
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
