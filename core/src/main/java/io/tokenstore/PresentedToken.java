package io.tokenstore;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * A token in the form in which a client presents it: {@code <prefix>_<id><secret><checksum>}, where the id is a UUID of
 * version 7 (RFC 9562) in 22 digits of base 62, the secret is 256 random bits in 43, and the checksum is the CRC-32 of
 * all before it in 6. Exactly one string stands for each token.
 */
final class PresentedToken {

    private static final SecureRandom RANDOM = new SecureRandom();

    private static final int ID_BYTES = 16;
    private static final int ID_DIGITS = 22;
    private static final int SECRET_BYTES = 32;
    private static final int SECRET_DIGITS = 43;
    private static final int CHECKSUM_BYTES = 4;
    private static final int CHECKSUM_DIGITS = 6;

    private final TokenId id;
    private final SecretHash hash;
    private final String text;

    private PresentedToken(TokenId id, SecretHash hash, String text) {
        this.id = id;
        this.hash = hash;
        this.text = text;
    }

    /** Makes a token that nobody could have guessed. */
    static PresentedToken create(TokenPrefix prefix, Instant now) {
        byte[] id = new byte[ID_BYTES];
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(id);
        RANDOM.nextBytes(secret);
        byte[] time =
                ByteBuffer.allocate(Long.BYTES).putLong(now.toEpochMilli()).array();
        System.arraycopy(time, 2, id, 0, 6);
        id[6] = (byte) (0x70 | (id[6] & 0x0F));
        id[8] = (byte) (0x80 | (id[8] & 0x3F));
        String idDigits = Base62.encode(id, ID_DIGITS);
        String unchecked = prefix.value() + "_" + idDigits + Base62.encode(secret, SECRET_DIGITS);
        String checksum = Base62.encode(checksum(unchecked, unchecked.length()), CHECKSUM_DIGITS);
        return new PresentedToken(new TokenId(idDigits), sha256(secret), unchecked + checksum);
    }

    /** Returns the token that a string is, or empty where it can't be one of this prefix. */
    static Optional<PresentedToken> parse(TokenPrefix prefix, String text) {
        int idAt = prefix.value().length() + 1;
        int secretAt = idAt + ID_DIGITS;
        int checksumAt = secretAt + SECRET_DIGITS;
        int end = checksumAt + CHECKSUM_DIGITS;
        if (text.length() != end || !text.startsWith(prefix.value()) || text.charAt(idAt - 1) != '_') {
            return Optional.empty();
        }
        byte[] id = Base62.decode(text, idAt, secretAt, ID_BYTES);
        byte[] secret = Base62.decode(text, secretAt, checksumAt, SECRET_BYTES);
        byte[] checksum = Base62.decode(text, checksumAt, end, CHECKSUM_BYTES);
        if (id == null
                || secret == null
                || checksum == null
                || !MessageDigest.isEqual(checksum, checksum(text, checksumAt))) {
            return Optional.empty();
        }
        return Optional.of(new PresentedToken(new TokenId(text.substring(idAt, secretAt)), sha256(secret), text));
    }

    private static byte[] checksum(String text, int end) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII), 0, end);
        return ByteBuffer.allocate(CHECKSUM_BYTES).putInt((int) crc.getValue()).array();
    }

    private static SecretHash sha256(byte[] secret) {
        try {
            return new SecretHash(MessageDigest.getInstance("SHA-256").digest(secret));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    TokenId id() {
        return id;
    }

    SecretHash hash() {
        return hash;
    }

    String text() {
        return text;
    }

    /** Returns whether this is the very token that the store keeps; one that is kept without a hash never is. */
    boolean proves(Token kept) {
        return hash.equals(kept.hash());
    }

    @Override
    public String toString() {
        return "PresentedToken[" + id + ", masked]";
    }
}
