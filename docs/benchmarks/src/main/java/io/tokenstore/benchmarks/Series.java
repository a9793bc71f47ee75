package io.tokenstore.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.apache.commons.math3.stat.StatUtils;

/** What one contender did in each round. */
final class Series {

    private final String name;
    private final List<Double> nanos = new ArrayList<>();
    private final List<Double> bytes = new ArrayList<>();

    Series(String name) {
        this.name = name;
    }

    /** Adds a round: nanoseconds and bytes of one operation. */
    void add(double nanosOfOne, double bytesOfOne) {
        nanos.add(nanosOfOne);
        bytes.add(bytesOfOne);
    }

    /**
     * Returns a line of the table. The interval is that of the median by the ranks that a binomial distribution gives, which
     * assumes nothing of how the ratios are distributed: outliers on a busy machine move it little.
     */
    String row(Series floor, int threads) {
        double[] times = nanos.stream().mapToDouble(Double::doubleValue).toArray();
        double[] ratios = new double[times.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = times[i] / floor.nanos.get(i);
        }
        Arrays.sort(ratios);
        int rank =
                Math.max(0, new BinomialDistribution(null, ratios.length, 0.5).inverseCumulativeProbability(0.025) - 1);
        double median = StatUtils.percentile(times, 50);
        return String.format(
                Locale.ROOT,
                "| %s | %.3f | %.3f–%.3f | %.3f | %.3f–%.3f | %,.0f | %,.0f |%n",
                name,
                median / 1e3,
                StatUtils.percentile(times, 25) / 1e3,
                StatUtils.percentile(times, 75) / 1e3,
                StatUtils.percentile(ratios, 50),
                ratios[rank],
                ratios[ratios.length - 1 - rank],
                threads * 1e9 / median,
                StatUtils.percentile(
                        bytes.stream().mapToDouble(Double::doubleValue).toArray(), 50));
    }
}
