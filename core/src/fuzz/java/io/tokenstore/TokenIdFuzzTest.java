package io.tokenstore;

class TokenIdFuzzTest extends FuzzTarget {

    TokenIdFuzzTest() {
        super(EntryPoint.TOKEN_ID);
    }
}
