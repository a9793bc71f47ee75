package io.tokenstore.contract;

import io.tokenstore.Token;
import io.tokenstore.TokenStore;
import java.util.List;
import java.util.Optional;

/** The ways to look at a token. */
enum Look {
    FIND {
        @Override
        Optional<Token> at(TokenStore store, Token token) {
            return store.find(token.id());
        }
    },
    FIND_ALL {
        @Override
        Optional<Token> at(TokenStore store, Token token) {
            return Optional.ofNullable(store.findAll(List.of(token.id())).get(token.id()));
        }
    },
    LIST {
        @Override
        Optional<Token> at(TokenStore store, Token token) {
            return only(token, Walk.list(store, token.owner()));
        }
    },
    SCAN {
        @Override
        Optional<Token> at(TokenStore store, Token token) {
            return only(token, Walk.scan(store));
        }
    };

    private static final long WHILE_NANOS = 30_000;

    /** Returns what a store shows of a token now. */
    abstract Optional<Token> at(TokenStore store, Token token);

    /** Looks at these tokens until they have changed, so that another thread hits a look and not a pause. */
    List<Token> forAWhile(TokenStore store, List<Token> tokens) {
        long start = System.nanoTime();
        List<Token> seen;
        do {
            seen = tokens.stream().flatMap(token -> at(store, token).stream()).toList();
        } while (seen.equals(tokens) && System.nanoTime() - start < WHILE_NANOS);
        return seen;
    }

    private static Optional<Token> only(Token token, List<Token> walked) {
        List<Token> found =
                walked.stream().filter(seen -> seen.id().equals(token.id())).toList();
        if (found.size() > 1) {
            throw new AssertionError("A walk shows " + token.id() + " " + found.size() + " times");
        }
        return found.stream().findFirst();
    }
}
