package io.tokenstore.service;

import io.tokenstore.SecretHash;
import io.tokenstore.Token;
import io.tokenstore.TokenId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * A token as a client presents it: in our own form, {@code <prefix>_<id><secret><checksum>}, or as a {@link TokenFormat} has
 * parsed it.
 *
 * <p>The id is a UUID of version 7 (RFC 9562) in 22 digits of base 62, the secret is 256 random bits in 43, and the checksum is
 * the CRC-32 of all before it in 6. Exactly one string stands for each token. The digits have a fixed length, so the prefix can
 * be read from the string itself. The hash covers prefix and secret, so a token rewritten to another prefix is another token.
 */
final class PresentedToken {

    private static final SecureRandom RANDOM = new SecureRandom();

    private static final int ID_BYTES = 16;
    private static final int ID_DIGITS = 22;
    private static final int SECRET_BYTES = 32;
    private static final int SECRET_DIGITS = 43;
    private static final int CHECKSUM_DIGITS = 6;
    private static final byte[] LARGEST_ID = largest(ID_BYTES, ID_DIGITS);
    private static final byte[] LARGEST_SECRET = largest(SECRET_BYTES, SECRET_DIGITS);

    private static final int DIGITS = ID_DIGITS + SECRET_DIGITS + CHECKSUM_DIGITS;
    private static final byte[] NOT_OUR_FORM = {};

    private final TokenId id;
    private final SecretHash hash;
    private final String source;
    private final byte[] latin;
    private final int from;

    private PresentedToken(TokenId id, SecretHash hash, String source, byte[] latin, int from) {
        this.id = id;
        this.hash = hash;
        this.source = source;
        this.latin = latin;
        this.from = from;
    }

    /** Creates a token with a random id and secret. */
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
        byte[] ascii = unchecked.getBytes(StandardCharsets.US_ASCII);
        byte[] checksum = ByteBuffer.allocate(Integer.BYTES)
                .putInt((int) checksum(ascii, 0, ascii.length))
                .array();
        String text = unchecked + Base62.encode(checksum, CHECKSUM_DIGITS);
        return new PresentedToken(
                new TokenId(idDigits),
                hash(ascii, 0, ascii.length - ID_DIGITS - SECRET_DIGITS),
                text,
                text.getBytes(StandardCharsets.US_ASCII),
                0);
    }

    /** Parses a presented token of any prefix; empty if it is malformed. */
    static Optional<PresentedToken> parse(String text) {
        return parseUnchecked(text, 0).filter(PresentedToken::endsInItsChecksum);
    }

    /** Parses the text from an index on as a presented token of any prefix, without checking its checksum. */
    static Optional<PresentedToken> parseUnchecked(String source, int from) {
        int idAt = source.length() - DIGITS;
        int secretAt = idAt + ID_DIGITS;
        int checksumAt = secretAt + SECRET_DIGITS;
        if (!hasPrefix(source, from, idAt)) {
            return Optional.empty();
        }
        // A character outside Latin-1 becomes a question mark, which is not a digit. A surrogate pair becomes one byte,
        // so the length check below catches it.
        byte[] bytes = source.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length != source.length()
                || !Base62.areDigits(bytes, idAt)
                || Arrays.compare(bytes, idAt, secretAt, LARGEST_ID, 0, ID_DIGITS) > 0
                || Arrays.compare(bytes, secretAt, checksumAt, LARGEST_SECRET, 0, SECRET_DIGITS) > 0) {
            return Optional.empty();
        }
        return Optional.of(new PresentedToken(
                new TokenId(source.substring(idAt, secretAt)), hash(bytes, from, idAt), source, bytes, from));
    }

    /** Returns a token that one of the host's formats parsed; it has neither our prefix nor our checksum. */
    static PresentedToken of(TokenFormat.Parsed parsed) {
        return new PresentedToken(parsed.id(), parsed.hash(), "", NOT_OUR_FORM, 0);
    }

    /** Returns whether a string is a prefix, an underscore and as many digits as our tokens have, whatever the digits are. */
    static boolean hasOurForm(String text) {
        int idAt = text.length() - DIGITS;
        return hasPrefix(text, 0, idAt) && areDigits(text, idAt);
    }

    private static boolean hasPrefix(String text, int from, int idAt) {
        return idAt > from && text.charAt(idAt - 1) == '_' && TokenPrefix.isValid(text, from, idAt - 1);
    }

    /** Returns whether an id has as many digits as ours have, and nothing else. */
    static boolean hasFormOfOurs(TokenId id) {
        return id.value().length() == ID_DIGITS && areDigits(id.value(), 0);
    }

    private static boolean areDigits(String text, int from) {
        return text.chars().skip(from).allMatch(c -> Base62.isDigit((char) c));
    }

    private static byte[] largest(int bytes, int digits) {
        byte[] number = new byte[bytes];
        Arrays.fill(number, (byte) 0xFF);
        return Base62.encode(number, digits).getBytes(StandardCharsets.US_ASCII);
    }

    private static long checksum(byte[] bytes, int from, int to) {
        CRC32 crc = new CRC32();
        crc.update(bytes, from, to - from);
        return crc.getValue();
    }

    /** Returns whether the digits at the end are the checksum of all before them; another form's token needs none. */
    boolean endsInItsChecksum() {
        if (!isOurs()) {
            return true;
        }
        int checksumAt = latin.length - CHECKSUM_DIGITS;
        return Base62.endIn(latin, checksumAt, checksum(latin, from, checksumAt));
    }

    /** Returns the checksum's digits, packed into one number; 0 only for a token of another form. */
    long checksumDigits() {
        long digits = 0;
        for (int i = Math.max(0, latin.length - CHECKSUM_DIGITS); i < latin.length; i++) {
            digits = digits << Byte.SIZE | latin[i] & 0xFF;
        }
        return digits;
    }

    /** The hash of the prefix, its underscore and the secret's digits: one block of SHA-256 up to 11 characters of prefix. */
    private static SecretHash hash(byte[] bytes, int from, int idAt) {
        int ofPrefix = idAt - from;
        byte[] bound = new byte[ofPrefix + SECRET_DIGITS];
        System.arraycopy(bytes, from, bound, 0, ofPrefix);
        System.arraycopy(bytes, idAt + ID_DIGITS, bound, ofPrefix, SECRET_DIGITS);
        return new SecretHash(sha256().digest(bound));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Returns whether it has our own form; otherwise one of the host's formats parsed it. */
    boolean isOurs() {
        return latin != NOT_OUR_FORM;
    }

    boolean hasOneOf(List<TokenPrefix> prefixes) {
        for (int i = 0; i < prefixes.size(); i++) {
            String prefix = prefixes.get(i).value();
            if (source.length() - from == prefix.length() + 1 + DIGITS && source.startsWith(prefix, from)) {
                return true;
            }
        }
        return false;
    }

    TokenId id() {
        return id;
    }

    SecretHash hash() {
        return hash;
    }

    String text() {
        return source.substring(from);
    }

    /** Returns whether this is the token that the store keeps; false if the store keeps it without a hash. */
    boolean proves(Token kept) {
        return hash.equals(kept.hash());
    }

    @Override
    public String toString() {
        return "PresentedToken[" + id + ", masked]";
    }
}
