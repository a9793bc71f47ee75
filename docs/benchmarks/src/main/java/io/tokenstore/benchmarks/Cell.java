package io.tokenstore.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * One operation in one place.
 *
 * @param operation what
 * @param database where
 * @param rows how many tokens are there
 * @param threads how many threads do it at a time
 * @param shot how many operations each of them does in one turn
 * @param rounds how many turns each contender has, after some to warm up
 */
record Cell(Operation operation, Database database, int rows, int threads, int shot, int rounds) {

    private static final int WARM_UP_ROUNDS = 5;

    /** Runs all its contenders in one JVM, and returns a table of them. */
    String run() throws RunnerException {
        int turns = operation.ways().size();
        int warmUp = Math.min(rounds, WARM_UP_ROUNDS);
        Options options = new OptionsBuilder()
                .include(Rotation.class.getName() + "\\.turn$")
                .param("operation", operation.name())
                .param("database", database.name())
                .param("rows", Integer.toString(rows))
                .param("shot", Integer.toString(shot))
                .threads(threads)
                .forks(1)
                .warmupIterations(warmUp * turns)
                .measurementIterations(rounds * turns)
                .timeout(TimeValue.minutes(30))
                .jvmArgs("-Xms3g", "-Xmx3g", "-XX:+UseG1GC")
                .shouldFailOnError(true)
                .output("target/" + this + ".log")
                .build();
        Collection<RunResult> results = new Runner(options).run();
        List<Series> series = new ArrayList<>();
        operation.ways().forEach(way -> series.add(new Series(way.name())));
        for (RunResult result : results) {
            result.getBenchmarkResults().forEach(fork -> {
                int turn = warmUp * turns;
                for (IterationResult iteration : fork.getIterationResults()) {
                    series.get(Rotation.order(turn / turns, turns).get(turn % turns))
                            .add(
                                    iteration.getPrimaryResult().getScore() / shot,
                                    iteration
                                                    .getSecondaryResults()
                                                    .get("allocated")
                                                    .getScore()
                                            / shot
                                            / threads);
                    turn++;
                }
            });
        }
        StringBuilder table = new StringBuilder(String.format(
                Locale.ROOT,
                "# %s%n%n%d rounds, Java %s%n%n| | us | quartiles | ratio | 95 %% | operations/s | B |%n"
                        + "|---|---|---|---|---|---|---|%n",
                this,
                rounds,
                Runtime.version().feature()));
        series.forEach(each -> table.append(each.row(series.get(0), threads)));
        return table.toString();
    }

    @Override
    public String toString() {
        int processors = Runtime.getRuntime().availableProcessors();
        return operation + " " + database + ", " + rows + " rows, " + threads + (threads == 1 ? " thread" : " threads")
                + ", " + processors + (processors == 1 ? " processor" : " processors");
    }
}
