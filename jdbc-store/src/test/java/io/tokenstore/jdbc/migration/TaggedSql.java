package io.tokenstore.jdbc.migration;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The statements that the pages show: tagged pieces of a file. */
public final class TaggedSql {

    private final String text;

    /** Reads a file of {@code src/test/resources/sql}. */
    public TaggedSql(String file) {
        try (InputStream stream = TaggedSql.class.getResourceAsStream("/sql/" + file)) {
            text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String statement(String tag) {
        String begin = "-- tag::" + tag + "[]\n";
        int from = text.indexOf(begin) + begin.length();
        return text.substring(from, text.indexOf("-- end::" + tag + "[]", from)).strip();
    }
}
