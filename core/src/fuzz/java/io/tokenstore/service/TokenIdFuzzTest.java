package io.tokenstore.service;

class TokenIdFuzzTest extends FuzzTarget {

    TokenIdFuzzTest() {
        super(EntryPoint.TOKEN_ID);
    }
}
