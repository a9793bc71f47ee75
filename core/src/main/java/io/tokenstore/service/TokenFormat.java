package io.tokenstore.service;

import io.tokenstore.SecretHash;
import io.tokenstore.TokenId;
import java.util.Objects;
import java.util.Optional;

/**
 * Parses an older scheme's tokens into the id and the hash that the store keeps.
 *
 * <p>A token of that scheme then authenticates, is revoked by presentation and is found in leaked lists like one of ours. The
 * store must keep it under the same id, with the same hash: the services look it up by id, then compare the hashes in constant
 * time. A string belongs to the first format that parses it, and no other format is tried after a look-up.
 *
 * <p>A format is asked only about strings of 1 to 1,024 characters, and never about strings in the form of our own tokens (a
 * prefix, an underscore and 71 letters and digits), whatever their prefix and checksum. An id of exactly 22 letters and digits
 * has the form of our ids, so a string with such an id is not a token. Put a prefix before such ids, also in the import.
 *
 * <p>Implementations must be safe to call from many threads, quick, and must not query a database: untrusted strings reach
 * them. The hash must be of a secret that nobody could guess, such as 128 random bits. If a format throws, returns null, or
 * returns the whole string or the hash as the id, the call fails. Nobody is authenticated then, and the failure shows neither
 * the string nor the exception's message.
 */
@FunctionalInterface
public interface TokenFormat {

    /**
     * The id and the hash of a presented string.
     *
     * @param id not a secret: it appears in lists and logs. If it can be made only from the secret, use a second hash, of the
     *     hash, in hex
     * @param hash the hash of the secret, compared with the one that the store keeps
     */
    record Parsed(TokenId id, SecretHash hash) {

        /**
         * Creates a pair of id and hash.
         *
         * @param id the component of that name
         * @param hash the component of that name
         * @throws NullPointerException if a component is null
         */
        public Parsed {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(hash, "hash");
        }
    }

    /**
     * Reads a presented string.
     *
     * @param presented an untrusted string
     * @return the id and the hash, or empty if it is not of this form; a string that no format parses costs no look-up
     */
    Optional<Parsed> parse(String presented);
}
