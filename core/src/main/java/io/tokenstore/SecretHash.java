package io.tokenstore;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The SHA-256 hash that proves a token's secret, in 32 bytes. A {@code toString} never shows them, and a JSON library finds
 * them neither by getters nor by fields.
 *
 * <p>Immutable. Two hashes are compared in constant time.
 */
public final class SecretHash implements NotSerializable {

    private static final int LENGTH = 32;

    private final Object unwritable = UNWRITABLE;

    /** Transient, so that a library that writes fields leaves them out. An array would cost another memory access. */
    private final transient long first;

    private final transient long second;
    private final transient long third;
    private final transient long fourth;

    /**
     * Creates a hash from a copy of its bytes.
     *
     * @param bytes 32 bytes
     * @throws NullPointerException if {@code bytes} is null
     * @throws InvalidInputException if their number is not 32
     */
    public SecretHash(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new InvalidInputException(List.of(new Violation("hash must have " + LENGTH + " bytes")));
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        first = buffer.getLong();
        second = buffer.getLong();
        third = buffer.getLong();
        fourth = buffer.getLong();
    }

    /** {@return a copy of the bytes, for a store to keep} */
    public byte[] toBytes() {
        return ByteBuffer.allocate(LENGTH)
                .putLong(first)
                .putLong(second)
                .putLong(third)
                .putLong(fourth)
                .array();
    }

    /** Compares two hashes in a time that does not depend on where they differ. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SecretHash that
                && ((first ^ that.first) | (second ^ that.second) | (third ^ that.third) | (fourth ^ that.fourth)) == 0;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(first);
    }

    /** Returns a mask that shows nothing of the hash. */
    @Override
    public String toString() {
        return "SecretHash[masked]";
    }
}
