package io.tokenstore.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlotTest {

    private static final Path RESULTS = Path.of("results");

    @Test
    void the_plots_are_drawn_from_the_results_beside_them() throws IOException {
        for (Map.Entry<String, String> plot : Plot.drawings(RESULTS).entrySet()) {
            assertThat(RESULTS.resolve(plot.getKey())).hasContent(plot.getValue());
            assertThat(plot.getValue()).contains("TokenRevocationService");
        }
    }
}
