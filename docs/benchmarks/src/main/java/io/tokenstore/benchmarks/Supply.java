package io.tokenstore.benchmarks;

import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Subjects of an operation, each of which can be used up once: when all are, everything is loaded anew. */
abstract class Supply<T> {

    private static final long SEED = 7;

    private List<T> subjects = List.of();
    private List<T> taken = List.of();
    private int used;

    /** Empties what is there, fills it, and returns subjects in a list that can be shuffled. */
    abstract List<T> load() throws Exception;

    final List<T> take(int count) throws Exception {
        if (used + count > subjects.size()) {
            subjects = load();
            Collections.shuffle(subjects, new Random(SEED));
            used = 0;
        }
        if (count > subjects.size()) {
            throw new IllegalArgumentException("only " + subjects.size() + " rows for " + count + " operations");
        }
        taken = subjects.subList(used, used + count);
        used += count;
        return taken;
    }

    /** Returns the last ones that were taken. */
    final List<T> taken() {
        return taken;
    }
}
