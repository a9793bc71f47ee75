package io.tokenstore;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Numbers as digits 0-9A-Za-z of a fixed length, so that the order of the strings is that of the numbers. The arithmetic takes
 * five digits and four bytes at a time: as many as a long can hold the product of.
 */
final class Base62 {

    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int BASE = 62;

    /** The value of each ASCII character: the digits of a secret are random, so branches on them would be guessed wrong. */
    private static final byte[] VALUES = new byte[128];

    static {
        Arrays.fill(VALUES, (byte) -1);
        for (int i = 0; i < BASE; i++) {
            VALUES[DIGITS.charAt(i)] = (byte) i;
        }
    }

    private static final int GROUP = 5;
    private static final int GROUP_BASE = 916_132_832; // 62 to the power of 5
    private static final long LOW = 0xFFFF_FFFFL;

    private Base62() {}

    /** Returns a big-endian number of a multiple of four bytes in that many digits; it must fit. */
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

    /**
     * Returns the number of a multiple of four bytes that the digits from one index to another are, or null where they are
     * none or it is too large.
     */
    static byte @Nullable [] decode(String text, int from, int to, int bytes) {
        int[] number = new int[bytes / Integer.BYTES];
        for (int d = from; d < to; ) {
            long carry = 0;
            long scale = 1;
            for (int end = to - (to - d - 1) / GROUP * GROUP; d < end; d++) {
                int digit = valueOf(text.charAt(d));
                if (digit < 0) {
                    return null;
                }
                carry = carry * BASE + digit;
                scale *= BASE;
            }
            for (int i = number.length - 1; i >= 0; i--) {
                long sum = (number[i] & LOW) * scale + carry;
                number[i] = (int) sum;
                carry = sum >>> Integer.SIZE;
            }
            if (carry != 0) {
                return null;
            }
        }
        byte[] result = new byte[bytes];
        ByteBuffer.wrap(result).asIntBuffer().put(number);
        return result;
    }

    private static int valueOf(char digit) {
        return digit < VALUES.length ? VALUES[digit] : -1;
    }
}
