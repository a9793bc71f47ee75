package io.tokenstore.benchmarks;

import java.util.List;

/** Does one thing to each of some fresh subjects. */
final class Each<T> implements Contender {

    private final Supply<T> supply;
    private final Step<T> step;
    private List<T> subjects = List.of();

    /** Returns whether it was done. */
    interface Step<T> {
        boolean on(T subject) throws Exception;
    }

    Each(Supply<T> supply, Step<T> step) {
        this.supply = supply;
        this.step = step;
    }

    @Override
    public void prepare(int operations) throws Exception {
        subjects = supply.take(operations);
    }

    @Override
    public void run(int first, int end) throws Exception {
        for (int i = first; i < end; i++) {
            if (!step.on(subjects.get(i))) {
                throw new IllegalStateException("without effect: " + subjects.get(i));
            }
        }
    }
}
