package io.tokenstore.service;

import io.tokenstore.SecretHash;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** The presented form of a token once more, by arithmetic of its own, so that the tests don't believe what they test. */
final class TokenText {

    static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static final BigInteger BASE = BigInteger.valueOf(62);
    private static final int ID = 22;
    private static final int SECRET = 43;
    private static final int CHECKSUM = 6;

    private static final Pattern PREFIX = Pattern.compile("[A-Za-z](?:[0-9A-Za-z_]{0,18}[0-9A-Za-z])?");

    private TokenText() {}

    /** Returns a string that is consistent, whether its numbers are in range or not. */
    static String of(String prefix, BigInteger id, BigInteger secret) {
        String unchecked = prefix + "_" + digits(id, ID) + digits(secret, SECRET);
        return unchecked + digits(checksum(unchecked), CHECKSUM);
    }

    /** Returns whether a string is the one that stands for a token of some prefix. */
    static boolean isToken(String text) {
        int prefix = text.length() - CHECKSUM - SECRET - ID - 1;
        return prefix > 0
                && PREFIX.matcher(text.substring(0, prefix)).matches()
                && isToken(text.substring(0, prefix), text);
    }

    /** Returns whether a string is the one that stands for a token of this prefix. */
    static boolean isToken(String prefix, String text) {
        if (text.length() != prefix.length() + 1 + ID + SECRET + CHECKSUM
                || !text.substring(text.length() - ID - SECRET - CHECKSUM).matches("[0-9A-Za-z]*")) {
            return false;
        }
        BigInteger id = number(idDigits(text));
        BigInteger secret = number(secretDigits(text));
        return id.bitLength() <= 128
                && secret.bitLength() <= 256
                && of(prefix, id, secret).equals(text);
    }

    static BigInteger checksum(String unchecked) {
        return checksum(unchecked.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the checksum where each character up to U+00FF is a byte. */
    static BigInteger latinChecksum(String unchecked) {
        return checksum(unchecked.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static BigInteger checksum(byte[] unchecked) {
        CRC32 crc = new CRC32();
        crc.update(unchecked);
        return BigInteger.valueOf(crc.getValue());
    }

    static String digits(BigInteger number, int length) {
        StringBuilder digits = new StringBuilder();
        BigInteger rest = number;
        for (int i = 0; i < length; i++) {
            digits.append(DIGITS.charAt(rest.mod(BASE).intValue()));
            rest = rest.divide(BASE);
        }
        if (rest.signum() != 0) {
            throw new IllegalArgumentException("too large");
        }
        return digits.reverse().toString();
    }

    static BigInteger number(String digits) {
        return digits.chars()
                .mapToObj(c -> BigInteger.valueOf(DIGITS.indexOf(c)))
                .reduce(
                        BigInteger.ZERO,
                        (number, digit) -> number.multiply(BASE).add(digit));
    }

    static BigInteger number(int bits, RandomGenerator random) {
        byte[] bytes = new byte[(bits + Byte.SIZE - 1) / Byte.SIZE];
        random.nextBytes(bytes);
        return new BigInteger(1, bytes).shiftRight(bytes.length * Byte.SIZE - bits);
    }

    static String withoutChecksum(String text) {
        return text.substring(0, text.length() - CHECKSUM);
    }

    static String idDigits(String text) {
        int end = text.length() - CHECKSUM - SECRET;
        return text.substring(end - ID, end);
    }

    static String secretDigits(String text) {
        int end = text.length() - CHECKSUM;
        return text.substring(end - SECRET, end);
    }

    static byte[] secretBytes(String text) {
        return bytes(number(secretDigits(text)), 32);
    }

    static byte[] bytes(BigInteger number, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[length - 1 - i] = number.shiftRight(8 * i).byteValue();
        }
        return bytes;
    }

    static SecretHash hash(String text) {
        try {
            return new SecretHash(MessageDigest.getInstance("SHA-256")
                    .digest((prefix(text) + "_" + secretDigits(text)).getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns a token with the same id and another secret. */
    static String withAnotherSecret(String text) {
        return of(
                prefix(text), number(idDigits(text)), number(secretDigits(text)).flipBit(0));
    }

    /** Returns a token with the same id and secret, another prefix, and the checksum that belongs to it. */
    static String withPrefix(String prefix, String text) {
        return of(prefix, number(idDigits(text)), number(secretDigits(text)));
    }

    private static String prefix(String text) {
        return text.substring(0, text.length() - CHECKSUM - SECRET - ID - 1);
    }
}
