package io.tokenstore;

import org.jspecify.annotations.Nullable;

/** Numbers as digits 0-9A-Za-z of a fixed length, so that the order of the strings is that of the numbers. */
final class Base62 {

    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int BASE = DIGITS.length();

    private Base62() {}

    /** Returns a big-endian number in that many digits; it must fit. */
    static String encode(byte[] number, int length) {
        int[] rest = new int[number.length];
        for (int i = 0; i < number.length; i++) {
            rest[i] = number[i] & 0xFF;
        }
        char[] digits = new char[length];
        for (int d = length - 1; d >= 0; d--) {
            int remainder = 0;
            for (int i = 0; i < rest.length; i++) {
                int dividend = (remainder << 8) | rest[i];
                rest[i] = dividend / BASE;
                remainder = dividend % BASE;
            }
            digits[d] = DIGITS.charAt(remainder);
        }
        return new String(digits);
    }

    /** Returns the number that the digits from one index to another are, or null where they are none or it is too large. */
    static byte @Nullable [] decode(String text, int from, int to, int bytes) {
        int[] number = new int[bytes];
        for (int d = from; d < to; d++) {
            int carry = valueOf(text.charAt(d));
            if (carry < 0) {
                return null;
            }
            for (int i = bytes - 1; i >= 0; i--) {
                int product = number[i] * BASE + carry;
                number[i] = product & 0xFF;
                carry = product >>> 8;
            }
            if (carry != 0) {
                return null;
            }
        }
        byte[] result = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            result[i] = (byte) number[i];
        }
        return result;
    }

    private static int valueOf(char digit) {
        if (digit >= '0' && digit <= '9') {
            return digit - '0';
        }
        if (digit >= 'A' && digit <= 'Z') {
            return digit - 'A' + 10;
        }
        return digit >= 'a' && digit <= 'z' ? digit - 'a' + 36 : -1;
    }
}
