package io.tokenstore.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Draws results as bars, always the same bytes for the same results. */
final class Plot {

    private static final int WIDTH = 900;
    private static final int LABELS = 360;
    private static final int LINE = 22;
    private static final int LONGEST_BAR = WIDTH - LABELS - 80;
    private static final int RATIO = 4;
    private static final int MICROS = 2;

    private Plot() {}

    /** Writes both plots beside the results. */
    static void drawAll(Path results) throws IOException {
        for (Map.Entry<String, String> plot : drawings(results).entrySet()) {
            Files.writeString(results.resolve(plot.getKey()), plot.getValue());
        }
    }

    /** Returns the plots by their names. */
    static Map<String, String> drawings(Path results) throws IOException {
        return Map.of(
                "revoke.svg",
                draw(
                        "One revocation, time against raw JDBC, one thread",
                        "%.2f",
                        bars(results, "revoke-(?!all).*-1-thread-.*", RATIO, 1)),
                "memory.svg",
                draw(
                        "In memory, nanoseconds, one thread",
                        "%,.0f",
                        bars(results, "memory-.*-1-thread-.*", MICROS, 1_000)));
    }

    /** Returns what a column of the results says of each contender, under the title of each table. */
    private static Map<String, Map<String, Double>> bars(Path results, String names, int column, double scale)
            throws IOException {
        Map<String, Map<String, Double>> tables = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(results)) {
            List<Path> wanted = files.filter(
                            file -> file.getFileName().toString().matches(names + "\\.md"))
                    .sorted()
                    .toList();
            for (Path file : wanted) {
                List<String> lines = Files.readAllLines(file);
                Map<String, Double> contenders = new LinkedHashMap<>();
                lines.stream()
                        .map(line -> line.split(" *\\| *"))
                        .filter(cells -> cells.length > RATIO && cells[MICROS].matches("[\\d.]+"))
                        .forEach(cells -> contenders.put(cells[1], Double.parseDouble(cells[column]) * scale));
                tables.put(lines.get(0).substring(2), contenders);
            }
        }
        return tables;
    }

    private static String draw(String title, String format, Map<String, Map<String, Double>> tables) {
        double most = tables.values().stream()
                .flatMap(table -> table.values().stream())
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(1);
        StringBuilder shapes = new StringBuilder(text(10, LINE, "bold", title));
        int y = 2 * LINE;
        for (Map.Entry<String, Map<String, Double>> table : tables.entrySet()) {
            y += LINE;
            shapes.append(text(10, y, "normal", table.getKey()));
            for (Map.Entry<String, Double> bar : table.getValue().entrySet()) {
                y += LINE;
                // By the logarithm where one is a hundred times another: else the short ones would be lines.
                double length = LONGEST_BAR * Math.log1p(bar.getValue()) / Math.log1p(most);
                boolean ours = bar.getKey().startsWith("Token") || bar.getKey().startsWith("InMemory");
                shapes.append(String.format(
                        Locale.ROOT,
                        "<rect x=\"%d\" y=\"%d\" width=\"%.0f\" height=\"%d\" fill=\"%s\"/>%n",
                        LABELS,
                        y - 14,
                        length,
                        LINE - 6,
                        ours ? "#2a7f62" : "#9aa5b1"));
                shapes.append(text(30, y, "normal", bar.getKey()));
                shapes.append(text(
                        LABELS + (int) length + 6, y, "normal", String.format(Locale.ROOT, format, bar.getValue())));
            }
        }
        int height = y + LINE;
        return String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                                + " font-size=\"13\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>%n",
                        WIDTH,
                        height)
                + shapes
                + "</svg>\n";
    }

    private static String text(int x, int y, String weight, String text) {
        return String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" font-weight=\"%s\" fill=\"#1f2933\">%s</text>%n",
                x,
                y,
                weight,
                text.replace("&", "&amp;").replace("<", "&lt;"));
    }
}
