package io.tokenstore.benchmarks;

/**
 * A contender by its name.
 *
 * @param name how it is called in the table
 * @param contender makes it, on a site that is its own together with the others of its operation
 */
record Way(String name, Factory contender) {

    /** Makes a contender. */
    interface Factory {
        Contender on(Site site) throws Exception;
    }
}
