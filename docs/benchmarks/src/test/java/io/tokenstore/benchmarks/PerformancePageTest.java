package io.tokenstore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PerformancePageTest {

    private static final Path DOCS = Path.of("..");
    private static final Pattern RESULT = Pattern.compile("\\]\\((benchmarks/results/[^)]+\\.md)\\)");
    private static final Pattern FIGURE = Pattern.compile("\\*\\*([\\d.,]+)\\*\\*");

    @Test
    void the_bold_figures_of_each_row_stand_in_the_results_that_the_row_links_to() throws IOException {
        int figures = 0;
        for (String row : Files.readAllLines(DOCS.resolve("performance.md"))) {
            Matcher links = RESULT.matcher(row);
            StringBuilder results = new StringBuilder();
            for (MatchResult link : links.results().toList()) {
                results.append(Files.readString(DOCS.resolve(link.group(1))));
            }
            List<String> bold =
                    FIGURE.matcher(row).results().map(match -> match.group(1)).toList();
            assertThat(bold).as(row).allSatisfy(figure -> assertThat(results).contains(figure));
            figures += bold.size();
        }
        assertThat(figures).isGreaterThan(10);
    }
}
