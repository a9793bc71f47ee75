package io.tokenstore.memory;

import java.util.stream.LongStream;

/** Where the random inputs of a test begin: the same in each build, and more of them in the profile fuzz. */
final class Seeds {

    private static final int TIMES = Integer.getInteger("fuzz.times", 1);

    private Seeds() {}

    static LongStream many() {
        return LongStream.rangeClosed(1, 20L * TIMES);
    }

    static LongStream few() {
        return LongStream.rangeClosed(1, 4L * TIMES);
    }
}
