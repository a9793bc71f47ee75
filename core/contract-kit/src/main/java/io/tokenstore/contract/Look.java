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

    /** Returns what a store shows of a token now. */
    abstract Optional<Token> at(TokenStore store, Token token);

    private static Optional<Token> only(Token token, List<Token> walked) {
        return walked.stream().filter(seen -> seen.id().equals(token.id())).findFirst();
    }
}
