package io.tokenstore.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Tokens that are not in the table yet, for the owners of those that are. */
final class Issued extends Supply<HeldToken> {

    private final TokenTable tokens;
    private final UnaryOperator<HeldToken> issue;

    Issued(TokenTable tokens, UnaryOperator<HeldToken> issue) {
        this.tokens = tokens;
        this.issue = issue;
    }

    @Override
    List<HeldToken> load() throws Exception {
        List<HeldToken> issued = new ArrayList<>();
        for (HeldToken held : tokens.load()) {
            issued.add(issue.apply(held));
        }
        return issued;
    }
}
