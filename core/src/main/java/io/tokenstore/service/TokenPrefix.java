package io.tokenstore.service;

/** The beginning of every token of a host, by which secret scanners and people recognize it. */
record TokenPrefix(String value) {

    private static final int MAX_LENGTH = 20;

    TokenPrefix {
        if (!isValid(value, 0, value.length())) {
            throw new IllegalArgumentException("a prefix must be 1 to " + MAX_LENGTH + " ASCII letters, digits and"
                    + " underscores, begin with a letter and not end with an underscore");
        }
    }

    /** Returns whether the text between two indexes is a prefix. */
    static boolean isValid(String source, int from, int to) {
        if (to <= from || to - from > MAX_LENGTH || !isLetter(source.charAt(from)) || source.charAt(to - 1) == '_') {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (source.charAt(i) != '_' && !Base62.isDigit(source.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }
}
