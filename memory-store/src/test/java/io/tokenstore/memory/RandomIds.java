package io.tokenstore.memory;

import java.util.random.RandomGenerator;

/** Ids of one kind, or of all kinds: some have equal hash codes, and some are hard to keep in order. */
final class RandomIds {

    private static final int KINDS = 5;

    private final RandomGenerator random;
    private final int kind;
    private int number;

    RandomIds(RandomGenerator random) {
        this.random = random;
        this.kind = random.nextInt(KINDS + 1);
    }

    /** Returns an id, perhaps once more. */
    String next() {
        return switch (kind == KINDS ? random.nextInt(KINDS) : kind) {
            case 0 -> ofOneHash(random.nextInt(1 << 12), 12);
            case 1 -> "token-%07d".formatted(number++);
            case 2 -> "token-%07d".formatted(random.nextInt(5_000));
            case 3 -> "a".repeat(random.nextInt(1, 256));
            default -> anything(1 + random.nextInt(random.nextInt(8) == 0 ? 255 : 4));
        };
    }

    /** Returns one of the 2 to the power of {@code blocks} ids that all have the same hash code. */
    static String ofOneHash(int number, int blocks) {
        StringBuilder id = new StringBuilder();
        for (int block = 0; block < blocks; block++) {
            id.append((number >>> block & 1) == 0 ? "Aa" : "BB");
        }
        return id.toString();
    }

    private String anything(int length) {
        StringBuilder id = new StringBuilder();
        random.ints(length, '!', '~' + 1).forEach(c -> id.append((char) c));
        return id.toString();
    }
}
