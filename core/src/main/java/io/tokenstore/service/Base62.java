package io.tokenstore.service;

import java.nio.ByteBuffer;

/**
 * Writes numbers with a fixed number of digits 0-9A-Za-z, so that the strings sort like the numbers. The arithmetic processes
 * five digits and four bytes at a time, as many as fit into a long.
 */
final class Base62 {

    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int BASE = 62;

    /** A table by byte: a secret's digits are random, so the processor would mispredict branches on them. */
    private static final boolean[] IS_DIGIT = new boolean[256];

    static {
        DIGITS.chars().forEach(digit -> IS_DIGIT[digit] = true);
    }

    private static final int GROUP = 5;
    private static final int GROUP_BASE = 916_132_832; // 62 to the power of 5
    private static final long LOW = 0xFFFF_FFFFL;

    private Base62() {}

    /** Encodes a big-endian number, of a multiple of four bytes, in {@code length} digits; it must fit. */
    static String encode(byte[] number, int length) {
        int[] rest = new int[number.length / Integer.BYTES];
        ByteBuffer.wrap(number).asIntBuffer().get(rest);
        char[] digits = new char[length];
        for (int d = length; d > 0; ) {
            long remainder = 0;
            for (int i = 0; i < rest.length; i++) {
                long dividend = (remainder << Integer.SIZE) | (rest[i] & LOW);
                rest[i] = (int) (dividend / GROUP_BASE);
                remainder = dividend % GROUP_BASE;
            }
            int group = (int) remainder;
            for (int end = Math.max(0, d - GROUP); d > end; group /= BASE) {
                digits[--d] = DIGITS.charAt(group % BASE);
            }
        }
        return new String(digits);
    }

    static boolean isDigit(char c) {
        return c < IS_DIGIT.length && IS_DIGIT[c];
    }

    /** Returns whether there are only digits from an index to the end. */
    static boolean areDigits(byte[] latin, int from) {
        boolean all = true;
        for (int i = from; i < latin.length; i++) {
            all &= IS_DIGIT[latin[i] & 0xFF];
        }
        return all;
    }

    /** Returns whether the digits from an index to the end encode the number. */
    static boolean endIn(byte[] ascii, int from, long number) {
        long rest = number;
        for (int i = ascii.length - 1; i >= from; i--) {
            if (ascii[i] != DIGITS.charAt((int) (rest % BASE))) {
                return false;
            }
            rest /= BASE;
        }
        return rest == 0;
    }
}
