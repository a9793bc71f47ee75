package io.tokenstore;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;

/**
 * The SHA-256 hash of a token's secret: 32 bytes that appear in no {@code toString}, and that a JSON library
 * finds neither by getters nor by fields.
 *
 * <p>Immutable. Two hashes are compared in constant time.
 */
public final class SecretHash implements Unserializable {

    private static final int LENGTH = 32;

    /** Transient, so that a library that writes fields leaves it out. */
    private final transient byte[] bytes;

    /**
     * Creates a hash from a copy of its bytes.
     *
     * @param bytes 32 bytes
     * @throws NullPointerException if {@code bytes} is null
     * @throws InvalidInputException if there are not 32 of them
     */
    public SecretHash(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new InvalidInputException(List.of(new Issue("hash must have " + LENGTH + " bytes")));
        }
        this.bytes = bytes.clone();
    }

    /**
     * Returns a copy of the bytes, for a store to keep.
     *
     * @return 32 bytes
     */
    public byte[] toBytes() {
        return bytes.clone();
    }

    /** Returns whether the other object is the same hash, in a time that does not depend on where they differ. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SecretHash that && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Returns a mask that shows nothing of the hash. */
    @Override
    public String toString() {
        return "SecretHash[masked]";
    }
}
