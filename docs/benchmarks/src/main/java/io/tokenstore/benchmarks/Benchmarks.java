package io.tokenstore.benchmarks;

import static io.tokenstore.benchmarks.Database.H2_FILE;
import static io.tokenstore.benchmarks.Database.H2_MEMORY;
import static io.tokenstore.benchmarks.Database.NONE;
import static io.tokenstore.benchmarks.Database.POSTGRESQL_ASYNC;
import static io.tokenstore.benchmarks.Database.POSTGRESQL_FSYNC;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Runs one table, or those of its cells whose names a regular expression finds. */
public final class Benchmarks {

    private static final List<Database> ALL = List.of(H2_MEMORY, H2_FILE, POSTGRESQL_FSYNC, POSTGRESQL_ASYNC);

    private static final Path RESULTS = Path.of("results");

    private Benchmarks() {}

    /**
     * Runs a table, prints it, keeps it in the folder {@code results}, and draws the plots again.
     *
     * @param arguments the name of the table: revoke, operations, memory, staleness, uses, scale, heap or disk; and an
     *     expression that finds the names of the wanted cells
     */
    public static void main(String[] arguments) throws Exception {
        String table = arguments[0];
        Pattern wanted = Pattern.compile(arguments[1], Pattern.CASE_INSENSITIVE);
        switch (table) {
            case "heap" -> publish(Heap.table());
            case "disk" -> publish(Disk.table());
            default -> {
                List<Cell> all = cells(table);
                List<Cell> found = all.stream()
                        .filter(cell -> wanted.matcher(cell.toString()).find())
                        .toList();
                if (found.isEmpty()) {
                    throw new IllegalArgumentException("\"" + wanted + "\" finds none of these cells: " + all);
                }
                for (Cell cell : found) {
                    publish(cell.run());
                }
            }
        }
        Plot.drawAll(RESULTS);
    }

    /** Prints a table, and keeps it under its title: a page that docs/performance.md leads to. */
    private static void publish(String table) throws IOException {
        System.out.println(table);
        String title = table.lines().findFirst().orElseThrow();
        String name =
                title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceFirst("^-", "");
        Files.createDirectories(RESULTS);
        Files.writeString(RESULTS.resolve(name + ".md"), table);
    }

    private static List<Cell> cells(String table) {
        List<Cell> cells = new ArrayList<>();
        switch (table) {
            case "revoke" -> {
                for (Database database : ALL) {
                    boolean h2 = database == H2_MEMORY || database == H2_FILE;
                    for (int threads : List.of(1, 2, 16)) {
                        int shot = (h2 ? 1_600 : 320) / Math.min(threads, 4);
                        cells.add(new Cell(Operation.REVOKE, database, 10_000, threads, shot, 30));
                        cells.add(new Cell(Operation.REVOKE_CLOSE, database, 10_000, threads, shot, 100));
                    }
                    cells.add(new Cell(Operation.REVOKE_SHIPPED, database, 10_000, 1, 50, 20));
                }
            }
            case "operations" -> {
                for (Database database : ALL) {
                    for (int threads : List.of(1, 2, 16)) {
                        cells.add(new Cell(Operation.AUTHENTICATE, database, 10_000, threads, 500, 60));
                        cells.add(new Cell(Operation.ISSUE, database, 10_000, threads, 200, 60));
                        cells.add(new Cell(Operation.LIST, database, 10_000, threads, 200, 60));
                    }
                    cells.add(new Cell(Operation.REVOKE_ALL_1, database, 10_000, 1, 200, 40));
                    cells.add(new Cell(Operation.REVOKE_ALL_100, database, 100_000, 1, 20, 40));
                    cells.add(new Cell(Operation.REVOKE_ALL_10000, database, 200_000, 1, 1, 120));
                    cells.add(new Cell(Operation.PURGE, database, 1_000_000, 1, 1, 5));
                }
            }
            case "memory" -> {
                for (int tokens : List.of(1_000, 100_000)) {
                    for (int threads : List.of(1, 2)) {
                        int revoked = Math.max(4_000, tokens) / threads;
                        int authenticated = 100_000 / threads;
                        int rounds = tokens < 10_000 ? 200 : 60;
                        cells.add(new Cell(Operation.MEMORY_REVOKE, NONE, tokens, threads, revoked, rounds));
                        cells.add(new Cell(Operation.MEMORY_AUTHENTICATE, NONE, tokens, threads, authenticated, 60));
                    }
                    cells.add(new Cell(
                            Operation.MEMORY_REVOKE_SPRING, NONE, tokens, 1, tokens < 10_000 ? 1_000 : 20, 20));
                }
                cells.add(new Cell(Operation.MEMORY_USERNAME, NONE, 1_000, 1, 100_000, 100));
            }
            case "staleness" -> {
                for (int threads : List.of(1, 2, 16)) {
                    cells.add(new Cell(Operation.STALENESS_MEMORY, NONE, 1_000, threads, 100_000 / threads, 60));
                    cells.add(new Cell(Operation.STALENESS, POSTGRESQL_FSYNC, 10_000, threads, 500, 60));
                }
            }
            case "uses" -> {
                cells.add(new Cell(Operation.USES_RECORD, NONE, 1_000, 1, 100_000, 40));
                cells.add(new Cell(Operation.USES_RECORD, NONE, 100_000, 1, 100_000, 40));
                cells.add(new Cell(Operation.USES_FLUSH, POSTGRESQL_FSYNC, 1_000, 1, 1, 60));
                cells.add(new Cell(Operation.USES_FLUSH, POSTGRESQL_FSYNC, 100_000, 1, 1, 15));
                cells.add(new Cell(Operation.USES_REVOKE, POSTGRESQL_FSYNC, 10_000, 1, 320, 30));
            }
            case "scale" -> {
                for (Operation operation : List.of(
                        Operation.SCALE_REVOKE,
                        Operation.SCALE_REVOKE_AFTER_CHECKPOINT,
                        Operation.SCALE_AUTHENTICATE,
                        Operation.SCALE_ISSUE)) {
                    cells.add(new Cell(operation, POSTGRESQL_FSYNC, 10_000_000, 1, 500, 30));
                }
            }
            default ->
                throw new IllegalArgumentException("no such table: \"" + table.toLowerCase(Locale.ROOT)
                        + "\"; there are revoke, operations, memory, staleness, uses, scale, heap and disk");
        }
        return cells;
    }
}
