package io.tokenstore.contract;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Finds bytes in a text, in any form in which stores and their drivers write them. A part of eight bytes is enough. */
final class ShownBytes {

    private static final int PART = 8;

    private final byte[] bytes;

    ShownBytes(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    boolean isIn(String text) {
        // Without the blanks, colons, bars and line breaks of dumps.
        String digits = text.toLowerCase(Locale.ROOT).replaceAll("0x|[^0-9a-f]", "");
        String numbers = "," + text.replaceAll("[^0-9-]+", ",") + ",";
        return text.contains(new BigInteger(1, bytes).toString())
                || IntStream.rangeClosed(0, bytes.length - PART)
                        .mapToObj(from -> Arrays.copyOfRange(bytes, from, from + PART))
                        .anyMatch(part -> digits.contains(HexFormat.of().formatHex(part))
                                || numbers.contains("," + new BigInteger(part) + ",")
                                || numbers.contains(each(part, value -> "," + (byte) value) + ",")
                                || numbers.contains(each(part, value -> "," + value) + ",")
                                || text.contains(each(part, "\\%03o"::formatted))
                                || text.contains(withoutEdges(Base64.getEncoder(), part))
                                || text.contains(withoutEdges(Base64.getUrlEncoder(), part)));
    }

    private static String each(byte[] part, IntFunction<String> form) {
        return IntStream.range(0, part.length)
                .mapToObj(i -> form.apply(part[i] & 0xff))
                .collect(Collectors.joining());
    }

    /** Returns the part that depends only on these bytes, if they begin at a multiple of three. */
    private static String withoutEdges(Base64.Encoder encoder, byte[] part) {
        return encoder.encodeToString(part).substring(0, PART * 4 / 3);
    }
}
