package io.tokenstore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PerformancePageTest {

    private static final Path DOCS = Path.of("..");
    private static final Pattern RESULT = Pattern.compile("\\]\\((benchmarks/results/[^)]+\\.md)\\)");
    private static final Pattern FIGURE = Pattern.compile("\\*\\*([\\d.,]+)\\*\\*");

    @Test
    void the_bold_figures_of_each_section_stand_in_the_results_that_it_links_to() throws IOException {
        int figures = 0;
        for (String section : Files.readString(DOCS.resolve("performance.md")).split("(?m)^## ")) {
            StringBuilder results = new StringBuilder();
            for (String result : found(RESULT, section)) {
                results.append(Files.readString(DOCS.resolve(result)));
            }
            List<String> bold = found(FIGURE, section);
            assertThat(bold)
                    .as(section)
                    .allSatisfy(figure -> assertThat(results).contains(" " + figure + " "));
            figures += bold.size();
        }
        assertThat(figures).isGreaterThan(20);
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1)).toList();
    }
}
