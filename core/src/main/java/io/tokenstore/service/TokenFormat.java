package io.tokenstore.service;

import io.tokenstore.SecretHash;
import io.tokenstore.TokenId;
import java.util.Objects;
import java.util.Optional;

/**
 * The form of an older scheme's tokens: how a presented string becomes the id and the hash that the store keeps.
 *
 * <p>A token of that scheme then authenticates, is revoked by presentation and is found in leaked lists as one of ours. The
 * store must keep it under the same id, with the same hash: a look-up by the id, then a comparison of the hashes in constant
 * time, decide. A string belongs to the first format that takes it, and no other is tried after a look-up.
 *
 * <p>A format is asked only for 1 to 1,024 characters, and never for what has the form of our own tokens
 * (a prefix, an underscore and 71 letters and digits), whatever its prefix and its checksum. An id of exactly 22 letters and
 * digits has the form of ours: what it is made of is not a token. Put a prefix before such ids, also in the import.
 *
 * <p>Implementations are safe to call from many threads, quick, and without a look at a database: any stranger's string reaches
 * them. The hash must be of a secret that nobody could guess, such as 128 random bits. If a format throws, returns null, or
 * makes an id of the whole string or of the hash, then the call fails; nobody is authenticated, and the failure shows neither the
 * string nor the exception's message.
 */
@FunctionalInterface
public interface TokenFormat {

    /**
     * What a presented string stands for.
     *
     * @param id not a secret: it appears in lists and logs. If nothing but the secret can make it, take a second hash of the
     *     hash, in hex
     * @param hash the hash of the secret, compared with the one that the store keeps
     */
    record Parsed(TokenId id, SecretHash hash) {

        /**
         * Creates what a string stands for.
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
     * @param presented what a stranger sent
     * @return the id and the hash, or empty if it is not of this form; no look-up is made for what no format takes
     */
    Optional<Parsed> parse(String presented);
}
