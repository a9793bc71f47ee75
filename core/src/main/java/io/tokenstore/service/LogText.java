package io.tokenstore.service;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Formats untrusted input for the log: escaped, on one line, and never enough of it to be a secret. */
final class LogText {

    private static final int SHOWN = 8;

    private LogText() {}

    /** Returns a text unchanged if it is known not to be a secret, otherwise an excerpt. */
    static @Nullable String of(@Nullable String text, boolean known) {
        return known ? text : excerpt(text);
    }

    /** Returns the first 8 characters, escaped, and the length of the whole. */
    static String excerpt(@Nullable String untrusted) {
        if (untrusted == null) {
            return "null";
        }
        StringBuilder excerpt = new StringBuilder("\"");
        untrusted.chars().limit(SHOWN).forEach(c -> {
            if (c >= ' ' && c < 0x7F && c != '"' && c != '\\') {
                excerpt.append((char) c);
            } else {
                excerpt.append(String.format(Locale.ROOT, "\\u%04X", c));
            }
        });
        return excerpt.append(untrusted.length() > SHOWN ? "…\"" : "\"")
                .append(" (length ")
                .append(untrusted.length())
                .append(')')
                .toString();
    }
}
