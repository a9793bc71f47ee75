package io.tokenstore.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShownBytesTest {

    @Test
    void bytes_are_found_in_each_form_also_a_part_of_them_and_across_lines() throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest("a secret".getBytes(StandardCharsets.UTF_8));
        byte[] other = MessageDigest.getInstance("SHA-256").digest("another".getBytes(StandardCharsets.UTF_8));
        byte[] part = Arrays.copyOfRange(hash, 3, 31);
        ShownBytes shown = new ShownBytes(hash);
        for (byte[] each : new byte[][] {hash, part}) {
            HexFormat hex = HexFormat.of();
            assertThat(shown.isIn("row (t1, \\x" + hex.formatHex(each) + "...)"))
                    .isTrue();
            assertThat(shown.isIn(hex.withUpperCase().formatHex(each))).isTrue();
            assertThat(shown.isIn(HexFormat.ofDelimiter("  ").formatHex(each))).isTrue();
            assertThat(shown.isIn(HexFormat.ofDelimiter(", ").withPrefix("0x").formatHex(each)))
                    .isTrue();
            assertThat(shown.isIn(Arrays.toString(each))).isTrue();
            assertThat(shown.isIn(IntStream.range(0, each.length)
                            .mapToObj(i -> each[i] & 0xff)
                            .toList()
                            .toString()))
                    .isTrue();
            assertThat(shown.isIn(IntStream.range(0, each.length)
                            .mapToObj(i -> "\\%03o".formatted(each[i] & 0xff))
                            .collect(Collectors.joining())))
                    .isTrue();
            assertThat(shown.isIn(new String(each, StandardCharsets.ISO_8859_1)))
                    .isTrue();
            assertThat(shown.isIn("value=" + Base64.getEncoder().encodeToString(each) + ";"))
                    .isTrue();
            assertThat(shown.isIn(Base64.getUrlEncoder().encodeToString(each))).isTrue();
        }
        assertThat(shown.isIn(dump(hash))).isTrue();
        assertThat(shown.isIn(dump(other))).isFalse();
        assertThat(shown.isIn(Arrays.toString(other) + HexFormat.of().formatHex(other)))
                .isFalse();
    }

    /** Sixteen to a line, in two halves, and the printable ones beside them. */
    private static String dump(byte[] bytes) {
        StringBuilder dump = new StringBuilder("| 00 01 02 03");
        for (int i = 0; i < bytes.length; i++) {
            dump.append((i + 4) % 16 == 0 ? " | ................ |\n|" : (i + 4) % 8 == 0 ? " " : "");
            dump.append(" %02X".formatted(bytes[i]));
        }
        return dump.toString();
    }
}
