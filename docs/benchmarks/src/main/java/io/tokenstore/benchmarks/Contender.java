package io.tokenstore.benchmarks;

/** One way of doing an operation. */
interface Contender {

    /** Makes ready for so many operations; not measured. */
    void prepare(int operations) throws Exception;

    /** Does the operations from first on and before end, each for real: one that has no effect throws. */
    void run(int first, int end) throws Exception;
}
