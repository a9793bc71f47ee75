package io.tokenstore.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The users of a table, each with so many live tokens. */
final class Users extends Supply<String> {

    private final TokenTable tokens;
    private final int number;

    Users(TokenTable tokens, int number) {
        this.tokens = tokens;
        this.number = number;
    }

    @Override
    List<String> load() throws Exception {
        tokens.load();
        return new ArrayList<>(
                IntStream.range(0, number).mapToObj(HeldToken::user).toList());
    }
}
